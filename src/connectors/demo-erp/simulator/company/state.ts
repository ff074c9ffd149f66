import type { AttachedFile } from '../billing/files.ts';
import type { ImportDocument } from '../billing/group-form.ts';
import { seedInsurances } from '../billing/insurances.ts';
import type { BudgetEntry } from '../budget/budgets.ts';
import { seedJobCost } from '../costs/job-cost.ts';
import type { Delivery } from '../orders/deliveries.ts';
import type { Requisition } from '../orders/requisitions.ts';
import { noSales, type Sales } from '../sales/sales.ts';
import type { ParsedSeed } from './seed.ts';

/** What callers follow by its change number: master records, payments and receipts. */
export type FollowedRecord = { readonly code: string; change: number } & Record<string, unknown>;
export type RecordList =
  | 'vendors'
  | 'customers'
  | 'projects'
  | 'accounts'
  | 'periods'
  | 'payments'
  | 'receipts'
  | 'cost-codes'
  | 'cost-types'
  | 'sub-jobs'
  | 'tax-codes'
  | 'insurances'
  | 'journal';

/** Values of fields that the company has besides, by their names. */
type Held = { fields?: Readonly<Record<string, string>> | undefined };

/** The line of a requisition that a line of an order draws on. */
export type Base = { readonly requisition: string; readonly line: number };

/** Amounts are integer cents inside, decimal strings outside. */
export type Line = {
  line: number;
  key: string | null;
  description: string;
  account: string;
  sub_job?: string | undefined;
  cost_code?: string | undefined;
  draws_on?: Base | undefined;
  cents: bigint;
};

export type ChangeLine = {
  line: number;
  key: string | null;
  description: string | null;
  account: string;
  sub_job?: string | undefined;
  cost_code?: string | undefined;
  cents: bigint;
};

export type Change = Held & {
  id: string;
  reference: string;
  revision: number;
  number: string;
  title: string;
  date: string;
  createdOn: string;
  lines: ChangeLine[];
};

export type Order = Held & {
  id: string;
  reference: string | null;
  revision: number;
  number: string;
  title: string;
  note: string;
  vendor: string;
  project: string;
  currency: string;
  date: string;
  createdOn: string;
  bookedAtMs: number;
  /** Day of the last change, by an import or by hand. */
  touchedOn: string;
  status: 'open' | 'closed' | 'cancelled';
  /** Counts every change of the order, whoever made it. */
  version: number;
  lines: Line[];
  changes: Change[];
  /** By line, whoever entered the invoices. */
  invoicedCents: Map<number, bigint>;
};

/** Draws on a line of the order, or is on an account of its own. */
export type InvoiceLine = {
  line: number;
  key: string | null;
  description: string;
  cents: bigint;
  order_line: number | null;
  /** By which delivery it bills that line of the order. */
  delivery?: string | undefined;
  account: string | null;
  project: string | null;
  sub_job?: string | undefined;
};

/** Under the names of the import, as far as it gives them. What a credit memo gives back is above zero. */
export type Invoice = Held & {
  id: string;
  type: 'invoice' | 'retainage-release' | 'bill' | 'credit-memo';
  /** None of one that a person typed. */
  reference: string | null;
  revision: number;
  /** None for a bill or a credit memo. */
  order: string | null;
  vendor: string;
  currency: string;
  vendor_number: string;
  title: string;
  note: string;
  date: string;
  invoice_date: string;
  due_date: string | null;
  hold: string | null;
  /** Counts the changes of its hold, and its cancellation. */
  version: number;
  lines: InvoiceLine[];
  /** Withheld by an invoice, paid out by a release. */
  retainage: { account: string; cents: bigint } | null;
  bookedAtMs: number;
  touchedOn: string;
  status: 'posted' | 'cancelled';
  paidCents: bigint;
};

export type LineError = {
  reference: string;
  line: number | null;
  field: string;
  code: string;
  message: string;
};

export type Job = {
  id: string;
  status: 'queued' | 'running' | 'done' | 'refused';
  steppedAtMs: number;
  documents: readonly ImportDocument[];
  results: { reference: string; id: string; order_id: string }[];
  errors: LineError[];
  warnings: string[];
  /** A lost job answers 404 although its documents may stand. */
  lost: boolean;
};

export type WriteEntry = {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly status: number;
  readonly committed: boolean;
  readonly who: string;
};

export type Settings = {
  /** A job moves one step at each poll and one step each time this long has passed. */
  jobStepMs: number;
  /** No request takes effect later than this after it was lost. */
  requestLifeMs: number;
  /** What becomes of a second document with one reference. */
  sameReference: 'taken' | 'warned' | 'refused';
  /** Lists show a document only this long after it was booked, as an index would; a huge value is a blind key. */
  searchLagMs: number;
};

export type World = {
  company: ParsedSeed['company'];
  keys: Map<string, string>;
  records: Record<RecordList, Map<string, FollowedRecord>>;
  requisitions: Map<string, Requisition>;
  deliveries: Map<string, Delivery>;
  orders: Map<string, Order>;
  invoices: Map<string, Invoice>;
  budgets: Map<string, BudgetEntry>;
  sales: Sales;
  documentFields: ParsedSeed['document_fields'];
  files: Map<string, AttachedFile>;
  jobs: Map<string, Job>;
  /** Calls whose caller was cut off before they began: they begin when their time has come, and say if they took effect. */
  late: { readonly dueMs: number; readonly begin: (world: World, ms: number) => boolean; entry: number }[];
  writes: WriteEntry[];
  settings: Settings;
  /** Counts every change of a record, in commit order: callers read what came after a number. */
  changeCount: number;
  nextId: number;
  clockOffsetMs: number;
};

export const DEFAULT_SETTINGS: Settings = {
  jobStepMs: 100,
  requestLifeMs: 1_500,
  sameReference: 'taken',
  searchLagMs: 0,
};

export function emptyWorld(): World {
  return {
    company: { id: 'LL-1', name: 'Empty company', currency: 'USD' },
    keys: new Map(),
    records: {
      vendors: new Map(),
      customers: new Map(),
      projects: new Map(),
      accounts: new Map(),
      periods: new Map(),
      payments: new Map(),
      receipts: new Map(),
      'cost-codes': new Map(),
      'cost-types': new Map(),
      'sub-jobs': new Map(),
      'tax-codes': new Map(),
      insurances: new Map(),
      journal: new Map(),
    },
    requisitions: new Map(),
    deliveries: new Map(),
    orders: new Map(),
    invoices: new Map(),
    budgets: new Map(),
    sales: noSales(),
    documentFields: [],
    files: new Map(),
    jobs: new Map(),
    late: [],
    writes: [],
    settings: { ...DEFAULT_SETTINGS },
    changeCount: 0,
    nextId: 1,
    clockOffsetMs: 0,
  };
}

export function seededWorld(seed: ParsedSeed, today: string): World {
  const world = emptyWorld();
  world.company = seed.company;
  world.documentFields = seed.document_fields;
  for (const { key, user } of seed.keys) world.keys.set(key, user);
  for (const list of ['vendors', 'customers', 'projects', 'accounts', 'periods'] as const)
    for (const record of seed[list])
      world.records[list].set(record.code, { ...record, change: ++world.changeCount });
  seedJobCost(world, seed);
  seedInsurances(world, seed);
  for (const { lines, ...header } of seed.orders) openOrder(world, header, lines, { today, ms: 0 });
  for (const { lines, ...header } of seed.contracts)
    world.sales.contracts.set(header.code, {
      ...header,
      status: 'open',
      change: ++world.changeCount,
      lines: lines.map(({ amount, ...line }, index) => ({
        ...line,
        line: index + 1,
        cents: centsOf(amount),
      })),
    });
  return world;
}

type NewOrder = Pick<
  Order,
  'reference' | 'revision' | 'number' | 'title' | 'vendor' | 'project' | 'currency' | 'date'
> &
  Held & { readonly note?: string | undefined };
type NewLine = {
  readonly key?: string | null | undefined;
  readonly description: string;
  readonly account: string;
  readonly sub_job?: string | undefined;
  readonly cost_code?: string | undefined;
  readonly draws_on?: Base | undefined;
  readonly amount: string;
};

export function openOrder(
  world: World,
  header: NewOrder,
  lines: readonly NewLine[],
  { today, ms }: { readonly today: string; readonly ms: number },
): Order {
  const order: Order = {
    ...header,
    id: takeId(world, 'LO'),
    note: header.note ?? '',
    createdOn: today,
    bookedAtMs: ms,
    touchedOn: today,
    status: 'open',
    version: 1,
    lines: lines.map(({ key = null, amount, ...line }, index) => {
      return { ...line, key, line: index + 1, cents: centsOf(amount) };
    }),
    changes: [],
    invoicedCents: new Map(),
  };
  world.orders.set(order.id, order);
  return order;
}

export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

export function takeId(
  world: World,
  kind:
    | 'LG'
    | 'LO'
    | 'LQ'
    | 'LC'
    | 'LI'
    | 'LP'
    | 'LV'
    | 'LS'
    | 'LX'
    | 'LR'
    | 'LB'
    | 'LN'
    | 'LF'
    | 'LJ'
    | 'JOB',
): string {
  const id = `${kind}-${String(world.nextId).padStart(6, '0')}`;
  world.nextId += 1;
  return id;
}

/** Cents of a checked `123.45`. */
export function centsOf(amount: string): bigint {
  return BigInt(amount.replace('.', ''));
}

export function amountOf(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** What a change must name, so that it is refused when the order or invoice is not what its sender saw. */
export function versionOf({ version }: { readonly version: number }): string {
  return `v${version}`;
}

export function isPostable(world: World, account: string): boolean {
  return world.records.accounts.get(account)?.postable === true;
}

/** Counts an invoice of a line, or takes one back by a negative amount. */
export function countInvoiced(order: Order, line: number, cents: bigint): void {
  order.invoicedCents.set(line, (order.invoicedCents.get(line) ?? 0n) + cents);
}

/** Lines as they stand after all changes. */
export function effectiveLines(order: Order): Line[] {
  const lines = new Map(order.lines.map((line) => [line.line, { ...line }]));
  for (const change of order.changes)
    for (const delta of change.lines) {
      const line = lines.get(delta.line);
      if (line) {
        line.cents += delta.cents;
        line.description = delta.description ?? line.description;
      } else {
        lines.set(delta.line, { ...delta, description: delta.description ?? '' });
      }
    }
  return [...lines.values()];
}
