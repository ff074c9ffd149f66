import { z } from 'zod';
import { idField, parsedBody } from '../http/body.ts';
import { fieldErrors } from '../http/errors.ts';
import { assertParameters, integerParameter } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import {
  addHook,
  addTrigger,
  EVENT_TYPES,
  type HookOwner,
  headersOf,
  hookOf,
  hooksOf,
  projectOwner,
  removeHook,
  removeTrigger,
  removeTriggers,
  triggersOf,
} from '../webhooks/webhook-hooks.ts';
import { WEBHOOK_RESOURCES } from '../webhooks/webhook-resources.ts';
import type { Hook, Trigger } from '../webhooks/webhooks.ts';
import { newerWebhookRoutes } from './webhooks-v2.ts';

const BASE = '/rest/v1.0/webhooks';
const TRIGGERS_MAX = 1_000;

const owner = { company_id: idField.optional(), project_id: idField.optional() };
const hookFields = {
  api_version: z.enum(['v2']),
  namespace: z.string().regex(/^[a-z0-9-]+$/),
  destination_url: z.url({ protocol: /^https?$/ }).max(2_000),
  destination_headers: z.strictObject({ Authorization: z.string().max(2_000).optional() }),
};
const newHook = z.strictObject({
  ...owner,
  hook: z.strictObject({
    ...hookFields,
    namespace: hookFields.namespace.optional(),
    destination_headers: hookFields.destination_headers.optional(),
  }),
});
const hookPatch = z.strictObject({ ...owner, hook: z.strictObject(hookFields).partial() });
const triggerRow = z.strictObject({
  resource_name: z.enum(WEBHOOK_RESOURCES),
  event_type: z.enum(EVENT_TYPES),
});
const newTrigger = z.strictObject({ ...owner, api_version: z.enum(['v2']).optional(), trigger: triggerRow });
const newTriggers = z.strictObject({
  ...owner,
  api_version: z.enum(['v2']).optional(),
  triggers: z.array(triggerRow).max(TRIGGERS_MAX),
});
const goneTriggers = z.strictObject({ ...owner, triggers: z.array(idField).max(TRIGGERS_MAX) });

export const webhookRoutes: readonly Route[] = [
  { method: 'GET', pattern: `${BASE}/hooks`, handle: listHooks },
  { method: 'POST', pattern: `${BASE}/hooks`, handle: createHook },
  { method: 'PATCH', pattern: `${BASE}/hooks/:id`, handle: patchHook },
  { method: 'DELETE', pattern: `${BASE}/hooks/:id`, handle: deleteHook },
  { method: 'GET', pattern: `${BASE}/hooks/:id/triggers`, handle: listTriggers },
  { method: 'POST', pattern: `${BASE}/hooks/:id/triggers`, handle: createTrigger },
  { method: 'POST', pattern: `${BASE}/hooks/:id/triggers/bulk`, handle: createTriggers },
  { method: 'DELETE', pattern: `${BASE}/hooks/:id/triggers/bulk`, handle: deleteTriggers },
  { method: 'DELETE', pattern: `${BASE}/hooks/:id/triggers/:trigger_id`, handle: deleteTrigger },
  { method: 'GET', pattern: `${BASE}/hooks/:id/deliveries`, handle: listDeliveries },
  { method: 'GET', pattern: `${BASE}/resources`, handle: listResources },
  { method: 'GET', pattern: `${BASE}/resources/api_versions`, handle: listVersions },
  ...newerWebhookRoutes,
];

/** The call must say whose hooks it is about. */
function ownerOf(context: Context, named: { company_id?: unknown; project_id?: unknown }): HookOwner {
  if (typeof named.project_id === 'number') return projectOwner(context, named.project_id);
  if (named.company_id === undefined) throw fieldErrors(400, { company_id: ['is missing'] });
  return { project_id: null };
}

function queryOwner(context: Context): HookOwner {
  return ownerOf(context, {
    company_id: integerParameter(context.query, 'company_id') ?? undefined,
    project_id: integerParameter(context.query, 'project_id') ?? undefined,
  });
}

/** These routes know hooks of the first payload only. */
function ownHook(context: Context, owner: HookOwner): Hook {
  return hookOf(context, owner, context.params.id);
}

function listHooks(context: Context): Answer {
  const { query } = context;
  assertParameters(query, ['company_id', 'project_id', 'namespace', 'api_version']);
  const namespace = query.get('namespace');
  const rows = hooksOf(context, queryOwner(context)).filter(
    (hook) => hook.payload_version === 'v2.0' && (namespace === null || hook.namespace === namespace),
  );
  return { status: 200, body: rows.map(hookView) };
}

function createHook(context: Context): Answer {
  const body = parsedBody(newHook, context.body);
  const hook = addHook(context, ownerOf(context, body), {
    payload_version: 'v2.0',
    namespace: body.hook.namespace ?? 'procore',
    destination_url: body.hook.destination_url,
    destination_headers: body.hook.destination_headers,
  });
  return { status: 201, body: hookView(hook) };
}

function patchHook(context: Context): Answer {
  const body = parsedBody(hookPatch, context.body);
  const hook = ownHook(context, ownerOf(context, body));
  hook.namespace = body.hook.namespace ?? hook.namespace;
  hook.destination_url = body.hook.destination_url ?? hook.destination_url;
  if (body.hook.destination_headers) hook.destination_headers = headersOf(body.hook.destination_headers);
  hook.updated_at = context.world.clock.now();
  return { status: 200, body: hookView(hook) };
}

function deleteHook(context: Context): Answer {
  assertParameters(context.query, ['company_id', 'project_id']);
  removeHook(context, ownHook(context, queryOwner(context)));
  return { status: 200, body: {} };
}

function listTriggers(context: Context): Answer {
  assertParameters(context.query, ['company_id', 'project_id']);
  const hook = ownHook(context, queryOwner(context));
  return { status: 200, body: triggersOf(context, hook).map((trigger) => triggerView(hook, trigger)) };
}

function createTrigger(context: Context): Answer {
  const body = parsedBody(newTrigger, context.body);
  const hook = ownHook(context, ownerOf(context, body));
  return { status: 201, body: triggerView(hook, addTrigger(context, hook, body.trigger)) };
}

function createTriggers(context: Context): Answer {
  const body = parsedBody(newTriggers, context.body);
  const hook = ownHook(context, ownerOf(context, body));
  const added = body.triggers.map((row) => triggerView(hook, addTrigger(context, hook, row)));
  return { status: 200, body: { success: added } };
}

function deleteTriggers(context: Context): Answer {
  const body = parsedBody(goneTriggers, context.body);
  const hook = ownHook(context, ownerOf(context, body));
  const { gone: success, unknown } = removeTriggers(context, hook, body.triggers);
  const failed = unknown.map((trigger) => ({ code: '404', trigger }));
  return failed.length > 0 ? { status: 207, body: { success, failed } } : { status: 200, body: { success } };
}

function deleteTrigger(context: Context): Answer {
  assertParameters(context.query, ['company_id', 'project_id']);
  removeTrigger(context, ownHook(context, queryOwner(context)), context.params.trigger_id);
  return { status: 200, body: {} };
}

const STATUS_OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  any: ['ok', 'retried', 'discarded'],
  successful: ['ok'],
  failing: ['retried'],
  discarded: ['discarded'],
};

/** Both spellings of the status filter are in the documentation, so both work. */
function listDeliveries(context: Context): Answer {
  const { query } = context;
  const filters = ['filter[status]', 'filters[status]'];
  assertParameters(query, ['company_id', 'project_id', 'page_size', 'page_start', ...filters]);
  const hook = ownHook(context, queryOwner(context));
  const status = query.get('filter[status]') ?? query.get('filters[status]') ?? 'any';
  const outcomes = STATUS_OUTCOMES[status];
  if (!outcomes) throw fieldErrors(400, { status: ['does not have a valid value'] });
  const start = integerParameter(query, 'page_start') ?? 0;
  const size = Math.min(integerParameter(query, 'page_size') ?? 100, 1_000);
  const rows = context.webhooks.deliveries.filter(
    (delivery) => delivery.hook_id === hook.id && outcomes.includes(delivery.outcome),
  );
  const body = rows.slice(start, start + size).map((delivery) => ({
    id: delivery.id,
    event_id: delivery.event.id,
    event: delivery.event,
    outcome: delivery.outcome,
    response_status: delivery.response_status,
    response_headers: {},
    response_body: '',
    response_error: delivery.response_error,
    started_at: delivery.started_at === null ? null : isoSeconds(delivery.started_at),
    completed_at: delivery.completed_at === null ? null : isoSeconds(delivery.completed_at),
  }));
  return { status: 200, body };
}

function listResources(context: Context): Answer {
  assertParameters(context.query, ['project_id', 'company_id']);
  const body = WEBHOOK_RESOURCES.map((name) => ({
    api_version: 'v2',
    product_category: 'ERP',
    tools: name,
    except: [],
    create: name,
    update: name,
    delete: name,
  }));
  return { status: 200, body };
}

function listVersions(context: Context): Answer {
  assertParameters(context.query, ['project_id', 'company_id']);
  return { status: 200, body: ['v2'] };
}

function hookView(hook: Hook): Record<string, unknown> {
  return {
    id: hook.id,
    api_version: 'v2',
    destination_headers: hook.destination_headers,
    destination_url: hook.destination_url,
    owned_by_company_id: hook.project_id === null ? hook.company_id : null,
    owned_by_project_id: hook.project_id,
    owned_by_user_id: hook.user_id,
    namespace: hook.namespace,
  };
}

function triggerView(hook: Hook, trigger: Trigger): Record<string, unknown> {
  return {
    id: trigger.id,
    webhook_hook_id: hook.id,
    resource_name: trigger.resource_name,
    resource_id: null,
    event_type: trigger.event_type.toUpperCase(),
    company_id: hook.company_id,
    project_id: hook.project_id,
    user_id: hook.user_id,
  };
}
