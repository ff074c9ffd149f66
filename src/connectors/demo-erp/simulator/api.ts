import { z } from 'zod';
import { importGroup } from './group-form.ts';
import { acceptGroup, stepJob } from './jobs.ts';
import type { Answer, Stage } from './sim-routes.ts';
import type { MasterList, Order } from './state.ts';
import { jobView, orderView } from './views.ts';

const MAX_PAGE = 100;
const DEFAULT_PAGE = 50;

export function refusal(status: number, code: string, message: string, details: unknown[] = []): Answer {
  return { status, body: { error: { code, message, details } } };
}

/** Everything that only reads. Polling a job moves it one step: that is how a slow ERP looks from outside. */
export function answerRead(stage: Stage, url: URL): Answer {
  const { world } = stage;
  const [, collection = '', id, rest] = url.pathname.split('/');
  if (rest !== undefined) return refusal(404, 'no-route', `nothing is served at ${url.pathname}`);
  if (collection === 'company' && id === undefined) return { status: 200, body: world.company };
  if (collection === 'jobs' && id !== undefined) return answerJob(stage, id);
  if (collection === 'orders' && id !== undefined) {
    const order = world.orders.get(id);
    return order
      ? { status: 200, body: orderView(order) }
      : refusal(404, 'unknown', `there is no order ${id}`);
  }
  if (id === undefined && collection === 'orders') return answerOrders(stage, url);
  if (id === undefined && isMasterList(collection)) return answerMasters(stage, url, collection);
  return refusal(404, 'no-route', `nothing is served at ${url.pathname}`);
}

export function acceptImport(stage: Stage, body: unknown): Answer {
  const group = importGroup.safeParse(body);
  if (!group.success)
    return refusal(
      400,
      'malformed',
      'the group does not have the form of an import',
      group.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
    );
  const job = acceptGroup(stage.world, group.data.documents, stage.nowMs());
  return { status: 202, body: { job: job.id } };
}

function answerJob(stage: Stage, id: string): Answer {
  const job = stage.world.jobs.get(id);
  if (!job || job.lost) return refusal(404, 'unknown', `there is no job ${id}`);
  if (job.status === 'queued' || job.status === 'running') stepJob(stage.world, job, stage.nowMs());
  return { status: 200, body: jobView(job) };
}

const orderQuery = z.strictObject({
  reference: z.string().optional(),
  reference_prefix: z.string().optional(),
  since: z.string().optional(),
  project: z.string().optional(),
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
});

function answerOrders(stage: Stage, url: URL): Answer {
  const query = orderQuery.safeParse(Object.fromEntries(url.searchParams));
  if (!query.success) return refusal(400, 'bad-query', z.prettifyError(query.error));
  const { reference, reference_prefix: prefix, since, project, after, limit } = query.data;
  const seenFromMs = stage.nowMs() - stage.world.settings.searchLagMs;
  const found = [...stage.world.orders.values()].filter(
    (order) =>
      order.bookedAtMs <= seenFromMs &&
      (reference === undefined || references(order).includes(reference)) &&
      (prefix === undefined || references(order).some((each) => each.startsWith(prefix))) &&
      (since === undefined || order.touchedOn >= since) &&
      (project === undefined || order.project === project) &&
      (after === undefined || order.id > after),
  );
  const page = found.slice(0, limit);
  const next = found.length > limit ? page.at(-1)!.id : null;
  return { status: 200, body: { records: page.map(orderView), next } };
}

function references(order: Order): string[] {
  return [order.reference, ...order.changes.map((change) => change.reference)].filter(
    (each) => each !== null,
  );
}

const masterQuery = z.strictObject({
  changed_after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
});

function answerMasters(stage: Stage, url: URL, list: MasterList): Answer {
  const query = masterQuery.safeParse(Object.fromEntries(url.searchParams));
  if (!query.success) return refusal(400, 'bad-query', z.prettifyError(query.error));
  const { changed_after: after, limit } = query.data;
  const records = [...stage.world.masters[list].values()]
    .filter(({ change }) => change > after)
    .sort((a, b) => a.change - b.change)
    .slice(0, limit);
  return { status: 200, body: { records } };
}

function isMasterList(text: string): text is MasterList {
  return text === 'vendors' || text === 'projects' || text === 'accounts' || text === 'periods';
}
