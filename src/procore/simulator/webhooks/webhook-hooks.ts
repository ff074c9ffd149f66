import { permittedProject } from '../http/auth.ts';
import { fieldErrors, notFound } from '../http/errors.ts';
import type { Context } from '../http/router.ts';
import type { PayloadVersion } from './webhook-payloads.ts';
import type { WEBHOOK_RESOURCES } from './webhook-resources.ts';
import type { Hook, Trigger } from './webhooks.ts';

const HOOKS_MAX = 100;

export const EVENT_TYPES = ['create', 'update', 'delete'] as const;
export type TriggerRow = {
  resource_name: (typeof WEBHOOK_RESOURCES)[number];
  event_type: (typeof EVENT_TYPES)[number];
};

/** A hook belongs to a project of the company, or to the company itself. */
export type HookOwner = { project_id: number | null };

/** The project that a call names, if the service account may see it. */
export function projectOwner(context: Context, projectId: number): HookOwner {
  return { project_id: permittedProject(context.world, context.connection, projectId).id };
}

/** The hooks of this app under one owner. */
export function hooksOf(context: Context, { project_id }: HookOwner): Hook[] {
  return [...context.webhooks.hooks.values()].filter((hook) => isOwn(context, hook, project_id));
}

export function hookOf(context: Context, { project_id }: HookOwner, id: string | undefined): Hook {
  const hook = context.webhooks.hooks.get(Number(id));
  if (!hook || !isOwn(context, hook, project_id)) throw notFound('Webhooks hook not found');
  return hook;
}

function isOwn({ company, app }: Context, hook: Hook, projectId: number | null): boolean {
  return hook.company_id === company.id && hook.client_id === app.client_id && hook.project_id === projectId;
}

export function addHook(
  context: Context,
  owner: HookOwner,
  wish: {
    payload_version: PayloadVersion;
    namespace: string;
    destination_url: string;
    destination_headers: { Authorization?: string | undefined } | undefined;
  },
): Hook {
  if (context.webhooks.hooks.size >= HOOKS_MAX) throw fieldErrors(422, { base: ['Too many hooks'] });
  const now = context.world.clock.now();
  const hook: Hook = {
    ...wish,
    id: context.world.nextId(),
    client_id: context.app.client_id,
    company_id: context.company.id,
    project_id: owner.project_id,
    user_id: context.connection.user_id,
    status: 'active',
    destination_headers: headersOf(wish.destination_headers),
    created_at: now,
    updated_at: now,
  };
  context.webhooks.hooks.set(hook.id, hook);
  return hook;
}

/** A hook takes its triggers with it. */
export function removeHook(context: Context, hook: Hook): void {
  context.webhooks.hooks.delete(hook.id);
  for (const trigger of triggersOf(context, hook)) context.webhooks.triggers.delete(trigger.id);
}

export function triggersOf(context: Context, hook: Hook): Trigger[] {
  return [...context.webhooks.triggers.values()].filter((trigger) => trigger.hook_id === hook.id);
}

export function addTrigger(context: Context, hook: Hook, row: TriggerRow): Trigger {
  const known = triggersOf(context, hook).find(
    (trigger) => trigger.resource_name === row.resource_name && trigger.event_type === row.event_type,
  );
  if (known) return known;
  const trigger: Trigger = { id: context.world.nextId(), hook_id: hook.id, ...row };
  context.webhooks.triggers.set(trigger.id, trigger);
  return trigger;
}

export function removeTrigger(context: Context, hook: Hook, id: string | undefined): void {
  const trigger = context.webhooks.triggers.get(Number(id));
  if (trigger?.hook_id !== hook.id) throw notFound('Webhooks trigger not found');
  context.webhooks.triggers.delete(trigger.id);
}

/** Which of the named triggers went, and which are none of this hook. */
export function removeTriggers(
  context: Context,
  hook: Hook,
  ids: readonly number[],
): { gone: number[]; unknown: number[] } {
  const own = new Set(triggersOf(context, hook).map((trigger) => trigger.id));
  const gone = ids.filter((id) => own.has(id));
  for (const id of gone) context.webhooks.triggers.delete(id);
  return { gone, unknown: ids.filter((id) => !own.has(id)) };
}

export function headersOf(
  headers: { Authorization?: string | undefined } | undefined,
): Record<string, string> {
  return headers?.Authorization === undefined ? {} : { Authorization: headers.Authorization };
}
