import { z } from 'zod';
import { answerFiles, filesPlace } from '../billing/files.ts';
import { importGroup } from '../billing/group-form.ts';
import { budgetView } from '../budget/budgets.ts';
import type { FollowedRecord, Order, RecordList, World } from '../company/state.ts';
import { jobCosts } from '../journal/journal.ts';
import { acceptGroup, stepJob } from '../masters/jobs.ts';
import { deliveryView } from '../orders/deliveries.ts';
import { requisitionView } from '../orders/requisitions.ts';
import { contractChangeView, contractView, salesInvoiceView } from '../sales/sales.ts';
import { refusal } from './refusal.ts';
import type { Answer, Stage } from './sim-routes.ts';
import { invoiceView, jobView, orderView } from './views.ts';

const MAX_PAGE = 100;
const DEFAULT_PAGE = 50;

/** Everything that only reads. Polling a job moves it one step: that is how a slow ERP looks from outside. */
export function answerRead(stage: Stage, url: URL): Answer {
  const { world } = stage;
  if (filesPlace(url.pathname) !== null) return answerFiles(world, url.pathname);
  const [, collection = '', id, rest] = url.pathname.split('/');
  if (rest !== undefined) return refusal(404, 'no-route', `nothing is served at ${url.pathname}`);
  if (collection === 'company' && id === undefined) return { status: 200, body: world.company };
  if (collection === 'document-fields' && id === undefined)
    return { status: 200, body: { fields: world.documentFields } };
  if (collection === 'jobs' && id !== undefined) return answerJob(stage, id);
  if (collection === 'orders' && id !== undefined) {
    const order = world.orders.get(id);
    return order
      ? { status: 200, body: orderView(order) }
      : refusal(404, 'unknown', `there is no order ${id}`);
  }
  if (collection === 'requisitions' && id !== undefined) {
    const requisition = world.requisitions.get(id);
    return requisition
      ? { status: 200, body: requisitionView(requisition) }
      : refusal(404, 'unknown', `there is no requisition ${id}`);
  }
  if (collection === 'invoices' && id !== undefined) {
    const invoice = world.invoices.get(id);
    return invoice
      ? { status: 200, body: invoiceView(invoice) }
      : refusal(404, 'unknown', `there is no invoice ${id}`);
  }
  if (id === undefined && collection === 'budgets') return answerBudgets(stage, url);
  if (id === undefined && collection === 'requisitions') return answerRequisitions(stage, url);
  if (id === undefined && collection === 'orders') return answerOrders(stage, url);
  if (id === undefined && collection === 'invoices') return answerInvoices(stage, url);
  if (id === undefined && collection === 'sales-invoices') return answerSales(stage, url);
  if (id === undefined && collection === 'contract-changes') return answerChanges(stage, url);
  const followed = id === undefined ? recordsOf(world, collection) : null;
  if (followed !== null) return answerRecords(url, followed);
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

const query = {
  reference: z.string().optional(),
  reference_prefix: z.string().optional(),
  since: z.string().optional(),
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
};
const orderQuery = z.strictObject({ ...query, project: z.string().optional() });
const invoiceQuery = z.strictObject({
  ...query,
  vendor: z.string().optional(),
  vendor_number: z.string().optional(),
});

function answerBudgets(stage: Stage, url: URL): Answer {
  const asked = orderQuery.safeParse(Object.fromEntries(url.searchParams));
  if (!asked.success) return refusal(400, 'bad-query', z.prettifyError(asked.error));
  const { project } = asked.data;
  const entries = [...stage.world.budgets.values()].filter(
    (entry) => project === undefined || entry.project === project,
  );
  return answerPage(
    stage,
    asked.data,
    entries,
    ({ reference }) => (reference === null ? [] : [reference]),
    budgetView,
  );
}

function answerOrders(stage: Stage, url: URL): Answer {
  const asked = orderQuery.safeParse(Object.fromEntries(url.searchParams));
  if (!asked.success) return refusal(400, 'bad-query', z.prettifyError(asked.error));
  const { project } = asked.data;
  const orders = [...stage.world.orders.values()].filter(
    (order) => project === undefined || order.project === project,
  );
  return answerPage(stage, asked.data, orders, references, orderView);
}

function answerRequisitions(stage: Stage, url: URL): Answer {
  const asked = orderQuery.safeParse(Object.fromEntries(url.searchParams));
  if (!asked.success) return refusal(400, 'bad-query', z.prettifyError(asked.error));
  const { project } = asked.data;
  const requisitions = [...stage.world.requisitions.values()].filter(
    (requisition) => project === undefined || requisition.project === project,
  );
  return answerPage(stage, asked.data, requisitions, ({ reference }) => [reference], requisitionView);
}

function answerInvoices(stage: Stage, url: URL): Answer {
  const asked = invoiceQuery.safeParse(Object.fromEntries(url.searchParams));
  if (!asked.success) return refusal(400, 'bad-query', z.prettifyError(asked.error));
  const { vendor, vendor_number: number } = asked.data;
  const invoices = [...stage.world.invoices.values()].filter(
    (invoice) =>
      (vendor === undefined || invoice.vendor === vendor) &&
      (number === undefined || invoice.vendor_number === number),
  );
  return answerPage(
    stage,
    asked.data,
    invoices,
    ({ reference }) => (reference === null ? [] : [reference]),
    invoiceView,
  );
}

const salesQuery = z.strictObject({ ...query, number: z.string().optional() });

function answerSales(stage: Stage, url: URL): Answer {
  const asked = salesQuery.safeParse(Object.fromEntries(url.searchParams));
  if (!asked.success) return refusal(400, 'bad-query', z.prettifyError(asked.error));
  const { number } = asked.data;
  const invoices = [...stage.world.sales.invoices.values()].filter(
    (invoice) => number === undefined || invoice.number === number,
  );
  return answerPage(stage, asked.data, invoices, ({ reference }) => [reference], salesInvoiceView);
}

function answerChanges(stage: Stage, url: URL): Answer {
  const asked = z.strictObject(query).safeParse(Object.fromEntries(url.searchParams));
  if (!asked.success) return refusal(400, 'bad-query', z.prettifyError(asked.error));
  const changes = [...stage.world.sales.changes.values()];
  return answerPage(stage, asked.data, changes, ({ reference }) => [reference], contractChangeView);
}

type Listed = { readonly id: string; readonly bookedAtMs: number; readonly touchedOn: string };

/** All lists of documents are searched, paged and late in the same way. */
function answerPage<Document extends Listed>(
  stage: Stage,
  { reference, reference_prefix: prefix, since, after, limit }: z.output<z.ZodObject<typeof query>>,
  documents: readonly Document[],
  referencesOf: (document: Document) => readonly string[],
  view: (document: Document) => unknown,
): Answer {
  const seenFromMs = stage.nowMs() - stage.world.settings.searchLagMs;
  const found = documents.filter(
    (each) =>
      each.bookedAtMs <= seenFromMs &&
      (reference === undefined || referencesOf(each).includes(reference)) &&
      (prefix === undefined || referencesOf(each).some((of) => of.startsWith(prefix))) &&
      (since === undefined || each.touchedOn >= since) &&
      (after === undefined || each.id > after),
  );
  const page = found.slice(0, limit);
  const next = found.length > limit ? page.at(-1)!.id : null;
  return { status: 200, body: { records: page.map(view), next } };
}

function references(order: Order): string[] {
  return [order.reference, ...order.changes.map((change) => change.reference)].filter(
    (each) => each !== null,
  );
}

const recordQuery = z.strictObject({
  /** Which record an import made, by the import's reference. */
  reference: z.string().optional(),
  code: z.string().optional(),
  /** Of what came in: on which order. */
  order: z.string().optional(),
  changed_after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
});

function answerRecords(url: URL, followed: readonly FollowedRecord[]): Answer {
  const asked = recordQuery.safeParse(Object.fromEntries(url.searchParams));
  if (!asked.success) return refusal(400, 'bad-query', z.prettifyError(asked.error));
  const { reference, code, order, changed_after: after, limit } = asked.data;
  const records = followed
    .filter(({ change }) => change > after)
    .filter((record) => reference === undefined || record.reference === reference)
    .filter((record) => code === undefined || record.code === code)
    .filter((record) => order === undefined || record.order === order)
    .sort((a, b) => a.change - b.change)
    .slice(0, limit);
  return { status: 200, body: { records } };
}

/** What callers follow by its change number; null for a name that is none of them. */
function recordsOf(world: World, name: string): readonly FollowedRecord[] | null {
  if (name === 'contracts')
    return [...world.sales.contracts.values()].map((contract) => contractView(world, contract));
  if (name === 'job-costs') return jobCosts(world);
  if (name === 'deliveries') return [...world.deliveries.values()].map(deliveryView);
  return Object.hasOwn(world.records, name) ? [...world.records[name as RecordList].values()] : null;
}
