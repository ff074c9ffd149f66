import { z } from 'zod';
import { parsedBody } from '../http/body.ts';
import { ApiError } from '../http/errors.ts';
import { assertParameters, enumFilter, integerParameter } from '../http/query.ts';
import type { Answer, Context, Handler, Route } from '../http/router.ts';
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
import { PAYLOAD_VERSIONS } from '../webhooks/webhook-payloads.ts';
import type { Delivery } from '../webhooks/webhook-queue.ts';
import { WEBHOOK_RESOURCES } from '../webhooks/webhook-resources.ts';
import type { Hook, Trigger } from '../webhooks/webhooks.ts';

const PAGE_DEFAULT = 10;
const PAGE_MAX = 100;
const TRIGGERS_MAX = 1_000;

const hookFields = {
  payload_version: z.enum(PAYLOAD_VERSIONS),
  namespace: z.string().regex(/^[a-z0-9-]+$/),
  destination_url: z.url({ protocol: /^https?$/ }).max(2_000),
  destination_headers: z.strictObject({ Authorization: z.string().max(2_000).optional() }),
};
const newHook = z.strictObject({
  ...hookFields,
  destination_headers: hookFields.destination_headers.optional(),
});
const hookPatch = z.strictObject({ ...hookFields, status: z.enum(['active', 'disabled']) }).partial();
const triggerRow = z.strictObject({
  resource_name: z.enum(WEBHOOK_RESOURCES),
  event_type: z.enum(EVENT_TYPES),
});
const newTriggers = z.strictObject({ triggers: z.array(triggerRow).max(TRIGGERS_MAX) });
const textId = z.string().regex(/^\d{1,16}$/);
const goneTriggers = z.strictObject({ triggers: z.array(textId).max(TRIGGERS_MAX) });

/** The routes of version 2.0: the company, or a project of it, stands in the path. */
export const newerWebhookRoutes: readonly Route[] = [
  ...routesUnder('/rest/v2.0/companies/:company_id/webhooks'),
  ...routesUnder('/rest/v2.0/companies/:company_id/projects/:project_id/webhooks'),
];

function routesUnder(base: string): Route[] {
  const triggers = `${base}/hooks/:id/triggers`;
  const route = (method: Route['method'], pattern: string, handle: Handler): Route => ({
    method,
    pattern,
    handle: newerForm(handle),
  });
  return [
    route('GET', `${base}/hooks`, listHooks),
    route('POST', `${base}/hooks`, createHook),
    route('GET', `${base}/hooks/:id`, showHook),
    route('PATCH', `${base}/hooks/:id`, patchHook),
    route('DELETE', `${base}/hooks/:id`, deleteHook),
    route('GET', triggers, listTriggers),
    route('POST', triggers, createTrigger),
    route('POST', `${triggers}/bulk`, createTriggers),
    route('DELETE', `${triggers}/bulk`, deleteTriggers),
    route('DELETE', `${triggers}/:trigger_id`, deleteTrigger),
    route('GET', `${base}/hooks/:id/deliveries`, listDeliveries),
    route('GET', `${base}/resources`, listResources),
  ];
}

/** Errors of version 2 are one object with details; the older helpers speak in messages per field. */
function newerForm(handle: Handler): Handler {
  return (context) => {
    try {
      return handle(context);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { errors } = error.body as { errors?: Record<string, string[]> | string[] };
      const details = Object.entries(errors ?? {}).flatMap(([source, texts]) =>
        [texts].flat().map((message) => ({ reason_code: 'invalid', message, source })),
      );
      const code = error.status === 404 ? 'not_found' : 'invalid_request';
      const message = error.status === 404 ? 'The resource was not found.' : 'The request is not valid.';
      throw new ApiError(error.status, { error: { code, message, details } });
    }
  };
}

function ownerOf(context: Context): HookOwner {
  const { project_id } = context.params;
  return project_id === undefined ? { project_id: null } : projectOwner(context, Number(project_id));
}

function ownHook(context: Context): Hook {
  return hookOf(context, ownerOf(context), context.params.id);
}

function listHooks(context: Context): Answer {
  const { query } = context;
  assertParameters(query, ['namespace', 'payload_version', 'include_trigger_count', 'page', 'per_page']);
  const namespace = query.get('namespace');
  const version = query.get('payload_version');
  const rows = hooksOf(context, ownerOf(context)).filter(
    (hook) =>
      (namespace === null || hook.namespace === namespace) &&
      (version === null || hook.payload_version === version),
  );
  const counted = query.get('include_trigger_count') === 'true';
  return pagedData(context, rows, (hook) => hookView(context, hook, counted));
}

function createHook(context: Context): Answer {
  assertParameters(context.query, []);
  const body = parsedBody(newHook, context.body);
  const { destination_headers } = body;
  return hookAnswer(context, 201, addHook(context, ownerOf(context), { ...body, destination_headers }));
}

function showHook(context: Context): Answer {
  assertParameters(context.query, []);
  return hookAnswer(context, 200, ownHook(context));
}

function patchHook(context: Context): Answer {
  assertParameters(context.query, []);
  const body = parsedBody(hookPatch, context.body);
  const hook = ownHook(context);
  hook.payload_version = body.payload_version ?? hook.payload_version;
  hook.namespace = body.namespace ?? hook.namespace;
  hook.destination_url = body.destination_url ?? hook.destination_url;
  hook.status = body.status ?? hook.status;
  if (body.destination_headers) hook.destination_headers = headersOf(body.destination_headers);
  hook.updated_at = context.world.clock.now();
  return hookAnswer(context, 200, hook);
}

function deleteHook(context: Context): Answer {
  assertParameters(context.query, []);
  removeHook(context, ownHook(context));
  return { status: 204 };
}

function listTriggers(context: Context): Answer {
  assertParameters(context.query, ['page', 'per_page']);
  const hook = ownHook(context);
  return pagedData(context, triggersOf(context, hook), (trigger) => triggerView(hook, trigger));
}

function createTrigger(context: Context): Answer {
  const hook = ownHook(context);
  const row = parsedBody(triggerRow, context.body);
  return { status: 201, body: { data: triggerView(hook, addTrigger(context, hook, row)) } };
}

function createTriggers(context: Context): Answer {
  const hook = ownHook(context);
  const { triggers } = parsedBody(newTriggers, context.body);
  const success = triggers.map((row) => triggerView(hook, addTrigger(context, hook, row)));
  return { status: 200, body: { data: { success } } };
}

function deleteTriggers(context: Context): Answer {
  const hook = ownHook(context);
  const { triggers } = parsedBody(goneTriggers, context.body);
  const { gone, unknown } = removeTriggers(context, hook, triggers.map(Number));
  const failed = unknown.map((id) => ({ code: '404', trigger: String(id) }));
  const success = gone.map(String);
  return failed.length > 0
    ? { status: 207, body: { data: { success, failed } } }
    : { status: 200, body: { data: { success } } };
}

function deleteTrigger(context: Context): Answer {
  removeTrigger(context, ownHook(context), context.params.trigger_id);
  return { status: 204 };
}

/** The filter says "succeeded" where the rows say "delivered". */
const DELIVERY_STATUS = {
  enqueued: 'enqueued',
  ok: 'delivered',
  retried: 'retrying',
  discarded: 'discarded',
} as const satisfies Record<Delivery['outcome'], string>;

function listDeliveries(context: Context): Answer {
  const { query } = context;
  const filters = ['status', 'resource_name', 'event_type', 'start', 'end'].map((name) => `filter[${name}]`);
  assertParameters(query, [...filters, 'page', 'per_page']);
  const hook = ownHook(context);
  const statuses = ['succeeded', 'failed', 'discarded', 'enqueued', 'retrying'] as const;
  const status = enumFilter(query, 'filter[status]', statuses);
  const resource = query.get('filter[resource_name]');
  const reason = query.get('filter[event_type]');
  const [from, to] = [dayOf(query, 'filter[start]'), dayOf(query, 'filter[end]')];
  const rows = context.webhooks.deliveries.filter((delivery) => {
    const { event, queued_at } = delivery;
    const day = isoSeconds(queued_at).slice(0, 10);
    return (
      delivery.hook_id === hook.id &&
      (status === null || DELIVERY_STATUS[delivery.outcome] === status.replace('succeeded', 'delivered')) &&
      (resource === null || (event.resource_name ?? event.resource_type) === resource) &&
      (reason === null || (event.event_type ?? event.reason) === reason) &&
      (from === null || day >= from) &&
      (to === null || day <= to)
    );
  });
  return pagedData(context, rows, ({ event, outcome, tries }) => ({
    id: String(event.ulid ?? event.id),
    status: DELIVERY_STATUS[outcome],
    payload: event,
    delivery_attempts: tries.map((tried) => ({
      ...tried,
      started_at: isoSeconds(tried.started_at),
      completed_at: isoSeconds(tried.completed_at),
    })),
  }));
}

function dayOf(query: URLSearchParams, name: string): string | null {
  const text = query.get(name);
  if (text !== null && !/^\d{4}-\d{2}-\d{2}$/.test(text))
    throw new ApiError(400, { errors: { [name]: ['is not a date'] } });
  return text;
}

function listResources(context: Context): Answer {
  const { query } = context;
  assertParameters(query, ['payload_version', 'page', 'per_page']);
  const payload_version = enumFilter(query, 'payload_version', PAYLOAD_VERSIONS);
  if (payload_version === null) throw new ApiError(400, { errors: { payload_version: ['is missing'] } });
  return pagedData(context, WEBHOOK_RESOURCES, (name) => ({
    category: 'ERP',
    tool: name,
    name,
    payload_version,
    actions: EVENT_TYPES,
  }));
}

function pagedData<Row>(context: Context, rows: readonly Row[], view: (row: Row) => unknown): Answer {
  const asked = integerParameter(context.query, 'per_page') ?? PAGE_DEFAULT;
  const size = Math.min(Math.max(1, asked), PAGE_MAX);
  const page = Math.max(1, integerParameter(context.query, 'page') ?? 1);
  const last = Math.max(1, Math.ceil(rows.length / size));
  const link = (rel: string, target: number) =>
    `<https://api.procore.com${context.path}?page=${target}&per_page=${size}>; rel="${rel}"`;
  const links = [
    ...(page > 1 ? [link('first', 1), link('prev', page - 1)] : []),
    ...(page < last ? [link('last', last), link('next', page + 1)] : []),
  ];
  return {
    status: 200,
    body: { data: rows.slice((page - 1) * size, page * size).map(view) },
    headers: {
      Total: String(rows.length),
      'Per-Page': String(size),
      ...(links.length > 0 ? { Link: links.join(', ') } : {}),
    },
  };
}

function hookAnswer(context: Context, status: number, hook: Hook): Answer {
  return { status, body: { data: hookView(context, hook, true) } };
}

function hookView(context: Context, hook: Hook, counted: boolean): Record<string, unknown> {
  const { Authorization } = hook.destination_headers;
  return {
    id: String(hook.id),
    status: hook.status,
    payload_version: hook.payload_version,
    namespace: hook.namespace,
    destination_url: hook.destination_url,
    destination_headers: Authorization === undefined ? {} : { Authorization: masked(Authorization) },
    ...(counted ? { trigger_count: triggersOf(context, hook).length } : {}),
    ...ownerView(hook),
    created_at: isoSeconds(hook.created_at),
    updated_at: isoSeconds(hook.updated_at),
  };
}

/** Only the last five characters are shown. */
function masked(text: string): string {
  return `${'*'.repeat(Math.max(0, text.length - 5))}${text.slice(-5)}`;
}

function triggerView(hook: Hook, trigger: Trigger): Record<string, unknown> {
  return {
    id: String(trigger.id),
    webhook_hook_id: String(hook.id),
    resource_name: trigger.resource_name,
    event_type: trigger.event_type,
    ...ownerView(hook),
  };
}

function ownerView({ company_id, project_id }: Hook): Record<string, unknown> {
  return {
    company_id: String(company_id),
    ...(project_id === null ? {} : { project_id: String(project_id) }),
  };
}
