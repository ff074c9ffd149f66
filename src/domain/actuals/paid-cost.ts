import type { BilledMove } from '../documents.ts';
import type { DecimalText } from '../records.ts';
import { parseMoney } from '../values/money.ts';
import { type CostCoding, type CostFacts, type CostPart, codingKey } from './job-cost.ts';
import type { JournalDocumentLine, JournalRecord } from './journal.ts';

/** What was paid on an invoice on one day; payments that were cancelled are not among them. */
export type PaidPart = {
  readonly invoiceId: string;
  readonly currency: string;
  readonly amount: DecimalText;
  readonly month: string;
};

/** An invoice of a pay application that we posted, with what it moves on each line of its commitment. */
export type OwnInvoice = {
  readonly id: string;
  readonly moves: readonly (BilledMove & { readonly coding: CostCoding | null })[];
};

/** What was paid of the cost of a coding, before tax; what of it in the month is absent where that is not known. */
export type Paid = { readonly paid: bigint; readonly paidInMonth?: bigint };

export type PaidFacts = Pick<CostFacts, 'isCost' | 'projectCode'> & {
  readonly currency: string;
  /** The month of the look: `2026-08`. */
  readonly month: string;
  readonly payments: readonly PaidPart[];
  readonly own: readonly OwnInvoice[];
};

/**
 * What was paid by coding: only what follows to the cent from what payments say they settled, whatever they were meant
 * for besides.
 * - An invoice that is paid in full paid the share of each of its codings. How retainage is spread over several codings is
 *   known of pay applications that we posted, and of no other invoice.
 * - A part of an invoice that is for one coding alone, and without tax, was paid for that coding.
 * - Any other payment leaves the codings of its invoice unknown, and one that pays out retainage which we did not post
 *   leaves every coding unknown for which its vendor was ever billed.
 */
export function paidByCoding(
  journals: readonly JournalRecord[],
  parts: readonly CostPart[],
  facts: PaidFacts,
): ReadonlyMap<string, Paid> {
  const invoices = owedInvoices(journals, parts, facts);
  const released = invoices.filter(({ isRelease, payments }) => isRelease && payments.length > 0);
  const isClouded = ({ vendor }: OwedInvoice) =>
    released.some((other) => other.vendor === null || vendor === null || other.vendor === vendor);
  const codings = new Set(parts.flatMap(({ coding }) => (coding === null ? [] : [codingKey(coding)])));
  const booked = new Set(
    parts.flatMap(({ coding, invoice }) => (coding !== null && invoice === null ? [codingKey(coding)] : [])),
  );
  const found = new Map<string, Paid>();
  for (const key of codings) {
    const own = invoices.filter(({ codings: some }) => some.has(key));
    // Cost without an invoice is paid in ways that are not read: wages, cash, another ledger.
    if (booked.has(key) || own.some(isClouded)) continue;
    const paid = own.map((invoice) => paidOf(invoice, key, facts));
    if (!paid.every((each) => each !== null)) continue;
    const inMonth = paid.map(({ paidInMonth }) => paidInMonth);
    found.set(key, {
      paid: total(paid.map((each) => each.paid)),
      ...(inMonth.every((each) => each !== undefined) && { paidInMonth: total(inMonth) }),
    });
  }
  return found;
}

/** What an invoice that names the project is owed for. */
type OwedInvoice = {
  readonly vendor: string | null;
  /** With tax, less what is withheld; null where the ERP did not say. */
  readonly payable: bigint | null;
  /** All that it may be for, by `codingKey`. */
  readonly codings: ReadonlySet<string>;
  /** What is owed for what, before tax, `''` for anything but coded cost of the project; null where nobody can say. */
  readonly shares: ReadonlyMap<string, bigint> | null;
  /** It pays out what was withheld before, and nobody can say for which coding. */
  readonly isRelease: boolean;
  readonly payments: readonly PaidPart[];
};

/** Null where it is not known to the cent. */
function paidOf(
  { payable, shares, payments }: OwedInvoice,
  key: string,
  { currency, month }: PaidFacts,
): Paid | null {
  if (payments.length === 0) return { paid: 0n, paidInMonth: 0n };
  if (payable === null || shares === null) return null;
  if (payments.some((payment) => payment.currency !== currency)) return null;
  const ofMonth = payments.filter((payment) => payment.month === month);
  const [paid, paidInMonth] = [sumOf(payments, currency), sumOf(ofMonth, currency)];
  const share = shares.get(key) ?? 0n;
  const isAlone = share === payable && keysOwed(shares).every((other) => other === key);
  if (isAlone) return { paid, paidInMonth };
  if (paid !== payable) return null;
  if (ofMonth.length === 0) return { paid: share, paidInMonth: 0n };
  return { paid: share, ...(ofMonth.length === payments.length && { paidInMonth: share }) };
}

function owedInvoices(
  journals: readonly JournalRecord[],
  parts: readonly CostPart[],
  facts: PaidFacts,
): OwedInvoice[] {
  const paid = Map.groupBy(facts.payments, ({ invoiceId }) => invoiceId);
  const own = new Map(facts.own.map((invoice) => [invoice.id, invoice]));
  const costs = Map.groupBy(parts, ({ invoice }) => invoice);
  const told = Map.groupBy(journals, ({ document }) => document?.id ?? null);
  const ids = new Set([...told.keys(), ...own.keys()].filter((id) => id !== null));
  return [...ids].map((id) => {
    // One that was cancelled may be in the ledger twice under one id: both together come to nothing.
    const documents = (told.get(id) ?? []).flatMap(({ document }) => document ?? []);
    const lines = documents.flatMap((document) => document.lines);
    const moved = own.get(id);
    const cost = sharesOfCost(costs.get(id) ?? []);
    const shares = moved === undefined ? null : sharesOfMoves(moved, facts.currency);
    const isOwn = shares !== null && total(shares.values()) === sumOf(lines, facts.currency);
    const payables = documents.map(({ payable }) => payable);
    return {
      vendor: documents[0]?.bill?.vendorCode ?? null,
      payable:
        payables.length > 0 && payables.every((each) => each !== undefined)
          ? total(payables.map((each) => minor(each, facts.currency)))
          : null,
      codings: new Set([...cost.keys(), ...keysOwed(shares)]),
      shares: isOwn ? shares : sharesOfLines(lines, cost, facts),
      isRelease: !isOwn && lines.some((line) => !facts.isCost(line.account) && amountOf(line, facts) > 0n),
      payments: paid.get(id) ?? [],
    };
  });
}

function keysOwed(shares: ReadonlyMap<string, bigint> | null): string[] {
  return [...(shares ?? [])].flatMap(([key, owed]) => (owed === 0n ? [] : [key]));
}

function sharesOfMoves({ moves }: OwnInvoice, currency: string): Map<string, bigint> {
  const rows = moves.map(({ coding, gross, workRetainage, storedRetainage }) => {
    const owed = minor(gross, currency) - minor(workRetainage, currency) - minor(storedRetainage, currency);
    return [coding === null ? '' : codingKey(coding), owed] as const;
  });
  return added(rows);
}

function sharesOfCost(parts: readonly CostPart[]): Map<string, bigint> {
  return added(
    parts.map(({ coding, amount }) => [coding === null ? '' : codingKey(coding), amount.minor] as const),
  );
}

/** Of lines alone: what takes something off a bill for several things is not known to be taken off any one of them. */
function sharesOfLines(
  lines: readonly JournalDocumentLine[],
  cost: ReadonlyMap<string, bigint>,
  facts: PaidFacts,
): Map<string, bigint> | null {
  const ofCost = lines.filter(({ account }) => facts.isCost(account));
  const here = ofCost.filter(({ project }) => project === facts.projectCode);
  // The ledger says something else of this cost than the document that made it.
  if (sumOf(here, facts.currency) !== total(cost.values())) return null;
  const elsewhere = ofCost.filter(({ project }) => project !== facts.projectCode);
  const shares = added([...cost, ['', sumOf(elsewhere, facts.currency)]]);
  const besides = lines.filter(({ account }) => !facts.isCost(account)).map((line) => amountOf(line, facts));
  if (besides.every((amount) => amount === 0n)) return shares;
  const [only, ...others] = [...shares].filter(([, amount]) => amount !== 0n);
  if (only === undefined || others.length > 0 || besides.some((amount) => amount > 0n)) return null;
  return new Map([[only[0], only[1] + total(besides)]]);
}

function added(rows: Iterable<readonly [string, bigint]>): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const [key, amount] of rows) sums.set(key, (sums.get(key) ?? 0n) + amount);
  return sums;
}

function sumOf(rows: readonly { readonly amount: DecimalText }[], currency: string): bigint {
  return total(rows.map(({ amount }) => minor(amount, currency)));
}

function amountOf({ amount }: JournalDocumentLine, { currency }: PaidFacts): bigint {
  return minor(amount, currency);
}

function minor(amount: DecimalText, currency: string): bigint {
  return parseMoney(amount, currency).minor;
}

function total(amounts: Iterable<bigint>): bigint {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
}
