import type { ImportDocument } from '../billing/group-form.ts';
import {
  amountOf,
  centsOf,
  dayOf,
  isPostable,
  type LineError,
  takeId,
  type World,
} from '../company/state.ts';
import { fault } from '../http/line-error.ts';
import type { ContractChangeImport, SalesImport } from './sales-form.ts';

type Line = {
  readonly line: number;
  readonly key: string | null;
  readonly description: string;
  readonly account: string;
  readonly cents: bigint;
};

type Booked = {
  readonly id: string;
  readonly reference: string;
  readonly revision: number;
  readonly number: string;
  readonly title: string;
  readonly note: string;
  readonly date: string;
  readonly lines: readonly Line[];
  readonly bookedAtMs: number;
  touchedOn: string;
  status: 'posted' | 'cancelled';
};

/** An invoice to a customer, or one that makes retainage due. */
export type SalesInvoice = Booked & {
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly type: SalesImport['type'];
  readonly customer: string;
  readonly project: string;
  readonly currency: string;
  readonly invoice_date: string;
  /** Kept back of an invoice, made due by a release. */
  readonly retainage: { readonly account: string; readonly cents: bigint } | null;
  receivedCents: bigint;
};

/** What was agreed with an owner after the contract was signed. */
export type ContractChange = Booked & {
  readonly contract: string;
  readonly fields?: Readonly<Record<string, string>> | undefined;
};

export type OwnerContract = {
  readonly code: string;
  /** Counts with all other records that callers follow. */
  change: number;
  readonly number: string;
  title: string;
  readonly customer: string;
  readonly project: string;
  readonly currency: string;
  readonly retainage_percent: string;
  status: 'open' | 'closed';
  lines: {
    readonly line: number;
    readonly description: string;
    readonly cost_code: string;
    readonly cost_type: string;
    cents: bigint;
  }[];
};

/** The side of the company that earns. */
export type Sales = {
  readonly invoices: Map<string, SalesInvoice>;
  readonly contracts: Map<string, OwnerContract>;
  readonly changes: Map<string, ContractChange>;
};

export function noSales(): Sales {
  return { invoices: new Map(), contracts: new Map(), changes: new Map() };
}

export function isSales(document: ImportDocument): document is SalesImport {
  return document.type === 'sales-invoice' || document.type === 'sales-release';
}

/** What the job finds wrong with an invoice to a customer. */
export function checkSales(world: World, document: SalesImport): LineError[] {
  const bad = (field: string, code: string, message: string) => fault(document, null, field, code, message);
  const { customer, project, currency, number, retainage } = document;
  const errors: LineError[] = [];
  const known = world.records.customers.get(customer);
  if (known?.active !== true)
    errors.push(bad('customer', known ? 'blocked' : 'unknown', `there is no open customer ${customer}`));
  if (world.records.projects.get(project)?.active !== true)
    errors.push(bad('project', 'closed', `project ${project} is not open`));
  if (currency !== world.company.currency)
    errors.push(bad('currency', 'foreign', `the company books in ${world.company.currency} only`));
  const taken = [...world.sales.invoices.values()].find(
    (each) => each.number === number && each.status === 'posted',
  );
  if (taken) errors.push(bad('number', 'number-taken', `invoice ${taken.id} has this number`));
  if (retainage && !isPostable(world, retainage.account))
    errors.push(bad('retainage.account', 'not-postable', `account ${retainage.account} takes no bookings`));
  if (document.type === 'sales-release') return [...errors, ...checkRelease(world, document)];
  const work = document.lines.reduce((sum, { amount }) => sum + centsOf(amount), 0n);
  const kept = retainage === undefined ? 0n : centsOf(retainage.amount);
  if (work < 0n) errors.push(bad('lines', 'negative', 'what is taken back from a customer is a credit memo'));
  if (retainage !== undefined && (kept <= 0n || kept > work))
    errors.push(bad('retainage.amount', 'not-a-part', 'retainage is a part of what is billed'));
  return [...errors, ...checkLines(world, document)];
}

function checkRelease(world: World, document: SalesImport & { type: 'sales-release' }): LineError[] {
  const cents = centsOf(document.retainage.amount);
  if (cents > 0n && cents <= keptCents(world, document, document.retainage.account)) return [];
  const message = `customer ${document.customer} keeps less than that back on project ${document.project}`;
  return [fault(document, null, 'retainage.amount', 'over-held', message)];
}

/** What a customer keeps back on a project and no release has made due yet. */
export function keptCents(
  world: World,
  { customer, project }: Pick<SalesInvoice, 'customer' | 'project'>,
  account: string,
): bigint {
  return [...world.sales.invoices.values()]
    .filter((each) => each.customer === customer && each.project === project && each.status === 'posted')
    .filter(({ retainage }) => retainage?.account === account)
    .reduce((kept, { type, retainage }) => {
      const cents = retainage?.cents ?? 0n;
      return type === 'sales-invoice' ? kept + cents : kept - cents;
    }, 0n);
}

export function checkContractChange(world: World, document: ContractChangeImport): LineError[] {
  const bad = (field: string, code: string, message: string) => fault(document, null, field, code, message);
  const contract = world.sales.contracts.get(document.contract);
  if (!contract) return [bad('contract', 'unknown', `there is no contract ${document.contract}`)];
  const errors: LineError[] = [];
  if (contract.status !== 'open')
    errors.push(bad('contract', 'not-open', `contract ${contract.code} is closed`));
  const taken = changesOf(world, contract.code).find(({ number }) => number === document.number);
  if (taken) errors.push(bad('number', 'number-taken', `change ${taken.id} of the contract has this number`));
  return [...errors, ...checkLines(world, document)];
}

/** What stands of the changes of a contract. */
export function changesOf(world: World, code: string): ContractChange[] {
  return [...world.sales.changes.values()].filter(
    ({ contract, status }) => contract === code && status === 'posted',
  );
}

function checkLines(
  world: World,
  document: ImportDocument & { readonly lines: readonly { account: string; amount: string }[] },
): LineError[] {
  return document.lines.flatMap(({ account, amount }, index) => {
    const bad = (field: string, code: string, message: string) =>
      fault(document, index + 1, field, code, message);
    return [
      ...(isPostable(world, account)
        ? []
        : [bad('account', 'not-postable', `account ${account} takes no bookings or is none`)]),
      ...(centsOf(amount) === 0n ? [bad('amount', 'zero', 'a line without an amount says nothing')] : []),
    ];
  });
}

export function bookSales(world: World, document: SalesImport, nowMs: number) {
  const id = takeId(world, 'LS');
  const { retainage, note, ...header } = document;
  const lines = document.type === 'sales-invoice' ? document.lines : [];
  world.sales.invoices.set(id, {
    ...header,
    ...booked(id, note, lines, nowMs),
    retainage: retainage ? { account: retainage.account, cents: centsOf(retainage.amount) } : null,
    receivedCents: 0n,
  });
  return { id, order_id: id };
}

export function bookContractChange(world: World, document: ContractChangeImport, nowMs: number) {
  const id = takeId(world, 'LX');
  const { type: _, note, lines, ...header } = document;
  world.sales.changes.set(id, { ...header, ...booked(id, note, lines, nowMs) });
  world.sales.contracts.get(document.contract)!.change = ++world.changeCount;
  return { id, order_id: document.contract };
}

type NewLine = { key?: string | undefined; description: string; account: string; amount: string };

function booked(id: string, note: string | undefined, lines: readonly NewLine[], nowMs: number) {
  return {
    id,
    note: note ?? '',
    lines: lines.map(({ amount, key, ...line }, index) => {
      return { ...line, line: index + 1, key: key ?? null, cents: centsOf(amount) };
    }),
    bookedAtMs: nowMs,
    touchedOn: dayOf(nowMs),
    status: 'posted' as const,
  };
}

/** What is billed less what is kept back of it; of a release what it makes due. */
export function dueCents({ type, lines, retainage }: SalesInvoice): bigint {
  const kept = retainage?.cents ?? 0n;
  return type === 'sales-invoice' ? sumOf(lines) - kept : kept;
}

export function sumOf(lines: readonly { readonly cents: bigint }[]): bigint {
  return lines.reduce((sum, { cents }) => sum + cents, 0n);
}

/** As the API shows it; `retainage` is what is kept back, or what a release made due. */
export function salesInvoiceView(invoice: SalesInvoice) {
  const { retainage, receivedCents, ...rest } = invoice;
  return {
    ...bookedView(rest),
    fields: invoice.fields ?? {},
    retainage: retainage && { account: retainage.account, amount: amountOf(retainage.cents) },
    due: amountOf(dueCents(invoice)),
    received: amountOf(receivedCents),
  };
}

export function contractChangeView(change: ContractChange) {
  return { ...bookedView(change), fields: change.fields ?? {} };
}

function bookedView<B extends Booked>({ lines, bookedAtMs: _, touchedOn: __, ...header }: B) {
  return { ...header, lines: lines.map(({ cents, ...line }) => ({ ...line, amount: amountOf(cents) })) };
}

/** A contract with what was signed and, beside it, what was agreed since. */
export function contractView(world: World, { lines, ...header }: OwnerContract) {
  const changes = changesOf(world, header.code);
  return {
    ...header,
    original: amountOf(sumOf(lines)),
    changed: amountOf(changes.reduce((sum, change) => sum + sumOf(change.lines), 0n)),
    lines: lines.map(({ cents, ...line }) => ({ ...line, amount: amountOf(cents) })),
    changes: changes.map(({ id, number, title, lines }) => ({
      id,
      number,
      title,
      amount: amountOf(sumOf(lines)),
    })),
  };
}
