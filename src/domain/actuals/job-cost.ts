import { formatMoney, type Money, magnitude, parseMoney, subtract, sum } from '../values/money.ts';
import type { JournalDocumentLine, JournalLine, JournalRecord } from './journal.ts';

/** What a cost is for: the two codes under which Procore keeps a budget. */
export type CostCoding = { readonly costCode: string; readonly costType: string };

export function codingKey({ costCode, costType }: CostCoding): string {
  return JSON.stringify([costCode, costType]);
}

/** What is known about a project before its cost is looked at. */
export type CostFacts = {
  readonly projectCode: string;
  /** The mapping read backwards: codings that go to an account. Several may share one. */
  readonly codings: ReadonlyMap<string, readonly CostCoding[]>;
  /** Accounts of cost, mapped or not; retainage, tax and every balance is none. */
  readonly isCost: (account: string) => boolean;
  /** Codings of the lines of orders that we posted, by `orderLineKey`. */
  readonly orderLines: ReadonlyMap<string, CostCoding>;
  /** Invoices that we posted for pay applications: Procore counts them on their commitments already. */
  readonly ourInvoices: ReadonlySet<string>;
  /** What came in on lines of orders, by `orderLineKey` of the receipt; empty where the ERP keeps no receipts. */
  readonly received?: ReadonlyMap<string, Received>;
  /** Invoices that we posted for direct costs of the company: Procore has these costs by their bills. */
  readonly ourBills: ReadonlySet<string>;
};

/** A line of a goods receipt: on which line of an order it came in, and what pay applications have billed of it. */
export type Received = { readonly orderLine: string; readonly billed: Money };

/** One amount of cost on a project, with what it is for or why nobody can say. */
export type CostPart = {
  readonly journal: string;
  /** The month that it was posted in: `2026-08`. */
  readonly period: string;
  readonly memo: string;
  readonly account: string;
  readonly amount: Money;
  /** On a commitment of Procore. */
  readonly isInvoiced: boolean;
  /** By a direct cost that was entered in Procore itself. */
  readonly isBilled: boolean;
  /** The document that made the entry. */
  readonly invoice: string | null;
  /** It draws on a line of an order that stands for a commitment. */
  readonly isOrdered: boolean;
} & ({ readonly coding: CostCoding } | { readonly coding: null; readonly why: string });

export function orderLineKey(orderId: string, line: string): string {
  return `${orderId}/${line}`;
}

// A credit of an invoice of an order has three links; more than a handful is a circle.
const MAX_BASES = 6;

/**
 * The posted cost of a project, every cent once. An entry made by an invoice is taken by the invoice's lines, which
 * know their order, as long as both say the same of the account; everything else is taken by its own account.
 */
export function costParts(journals: readonly JournalRecord[], facts: CostFacts): CostPart[] {
  const documents = new Map(
    journals.flatMap(({ document }) => (document === null ? [] : [[document.id, document]])),
  );
  const accrued = new Set(journals.flatMap(({ receipt }) => receipt?.id ?? []));
  return journals.flatMap((journal) => {
    const booked = Map.groupBy(costLines(journal.lines, facts), ({ account }) => account);
    const told = toldLines(journal, documents, accrued);
    const billed = Map.groupBy(costLines(told, facts), ({ account }) => account);
    // The ledger shows nothing of an account whose lines cancel each other out; their cost codes differ all the same.
    return [...new Set([...booked.keys(), ...billed.keys()])].flatMap((account) => {
      const [own = [], told = []] = [booked.get(account), billed.get(account)];
      return total(own, journal.currency) === total(told, journal.currency)
        ? told.flatMap((line) => {
            const part = partOf(journal, line, chainOf(line, journal, documents, facts), facts);
            return split(part, billedOf(journal, [line], facts));
          })
        : spread(
            own.map((line) => partOf(journal, line, ownChain(journal), facts)),
            billedOf(journal, told, facts),
          );
    });
  });
}

/** What the document says that made the entry. What was cost when it came in is told by the receipt, and by no invoice of it. */
function toldLines(
  { receipt, document }: JournalRecord,
  documents: Documents,
  accrued: ReadonlySet<string>,
): readonly JournalDocumentLine[] {
  if (receipt !== undefined) return receipt.lines;
  return (document?.lines ?? []).filter((line) => {
    const { base } = firstOf(line, documents);
    return base?.object !== 'receipt' || !accrued.has(base.id);
  });
}

/** The line of the first invoice that a mirror or a credit goes back to. */
function firstOf(line: JournalDocumentLine, documents: Documents): JournalDocumentLine {
  let found = line;
  for (let links = 0; found.base?.object === 'invoice' && links < MAX_BASES; links += 1) {
    const { id, line: at } = found.base;
    const next = documents.get(id)?.lines.find((each) => each.line === at);
    if (next === undefined) return found;
    found = next;
  }
  return found;
}

/** What of lines of a receipt pay applications have billed: Procore counts that on its commitment. */
function billedOf(
  { receipt, currency }: JournalRecord,
  lines: readonly JournalDocumentLine[],
  { received }: CostFacts,
): Money {
  const billed = lines.flatMap(({ line }) =>
    receipt === undefined ? [] : (received?.get(orderLineKey(receipt.id, line))?.billed ?? []),
  );
  return sum(billed, currency);
}

/** The billed part of a cost and the rest of it. */
function split(part: CostPart, billed: Money): CostPart[] {
  const { amount } = part;
  if (billed.minor === 0n || billed.minor > 0n !== amount.minor > 0n) return [part];
  if (magnitude(billed) >= magnitude(amount)) return [{ ...part, isInvoiced: true }];
  return [
    { ...part, amount: billed, isInvoiced: true },
    { ...part, amount: subtract(amount, billed) },
  ];
}

/** The same where the ledger does not say which line of the receipt a cost is of: the first are the billed ones. */
function spread(parts: readonly CostPart[], billed: Money): CostPart[] {
  let left = billed;
  return parts.flatMap((part) => {
    const some = split(part, left);
    const counted = some.filter(({ isInvoiced }) => isInvoiced && !part.isInvoiced);
    for (const { amount } of counted) left = subtract(left, amount);
    return some;
  });
}

type Documents = ReadonlyMap<string, NonNullable<JournalRecord['document']>>;

/** What a line goes back to: the documents passed on the way, and the order's line where it ends in one. */
type Chain = { readonly invoices: readonly string[]; readonly orderLine: string | null };

/** Of an entry whose lines say something else than its document: that still tells whose cost it is. */
function ownChain({ document }: JournalRecord): Chain {
  if (document === null) return { invoices: [], orderLine: null };
  const mirrored = document.lines.flatMap(({ base }) => (base?.object === 'invoice' ? [base.id] : []));
  return { invoices: [document.id, ...mirrored], orderLine: null };
}

function chainOf(
  line: JournalDocumentLine,
  journal: JournalRecord,
  documents: Documents,
  { received }: CostFacts,
): Chain {
  const invoices = journal.document === null ? [] : [journal.document.id];
  let base = line.base;
  for (let links = 0; base !== null && links < MAX_BASES; links += 1) {
    const key = orderLineKey(base.id, base.line);
    if (base.object === 'order') return { invoices, orderLine: key };
    if (base.object === 'receipt') return { invoices, orderLine: received?.get(key)?.orderLine ?? null };
    invoices.push(base.id);
    const { id, line: at } = base;
    base = documents.get(id)?.lines.find((each) => each.line === at)?.base ?? null;
  }
  return { invoices, orderLine: null };
}

function partOf(
  { id, date, memo, currency, document }: JournalRecord,
  line: JournalLine | JournalDocumentLine,
  chain: Chain,
  facts: CostFacts,
): CostPart {
  // What is given back of an invoice of ours is no less in the source for that, unless it was sent from there.
  const counted = document?.credit === true ? [document.id] : chain.invoices;
  return {
    journal: id,
    period: date.slice(0, 7),
    memo,
    account: line.account,
    amount: parseMoney(line.amount, currency),
    isInvoiced: counted.some((invoice) => facts.ourInvoices.has(invoice)),
    isBilled: counted.some((invoice) => facts.ourBills.has(invoice)),
    invoice: document?.id ?? null,
    isOrdered: chain.orderLine !== null && facts.orderLines.has(chain.orderLine),
    ...codingOf(line, chain, facts),
  };
}

/** Never a guess: one order line, one coding that its dimensions name, or the only one there is. */
function codingOf(
  { account, dimensions }: JournalLine | JournalDocumentLine,
  { orderLine }: Chain,
  { codings, orderLines }: CostFacts,
): { readonly coding: CostCoding } | { readonly coding: null; readonly why: string } {
  const ordered = orderLine === null ? undefined : orderLines.get(orderLine);
  if (ordered !== undefined) return { coding: ordered };
  const known = codings.get(account) ?? [];
  const named = known.filter(({ costCode }) => dimensions.includes(costCode));
  const [only, ...others] = named.length > 0 ? named : known;
  if (only === undefined) return { coding: null, why: `no cost code is mapped to account ${account}` };
  if (others.length === 0) return { coding: only };
  const names = [only, ...others].map(({ costCode, costType }) => `${costCode} ${costType}`).sort();
  return { coding: null, why: `account ${account} stands for ${names.join(', ')}, and the line names none` };
}

function costLines<Line extends JournalLine | JournalDocumentLine>(
  lines: readonly Line[],
  { projectCode, isCost }: CostFacts,
): Line[] {
  return lines.filter(({ project, account }) => project === projectCode && isCost(account));
}

function total(lines: readonly { readonly amount: string }[], currency: string): bigint {
  return sum(
    lines.map(({ amount }) => parseMoney(amount, currency)),
    currency,
  ).minor;
}

/** The cost of a project by the ledger alone, without a look at what it is for: what everything must add up to. */
export function ledgerTotal(
  journals: readonly JournalRecord[],
  facts: Pick<CostFacts, 'projectCode' | 'isCost'>,
  currency: string,
): Money {
  const amounts = journals.flatMap(({ lines, currency: own }) =>
    lines
      .filter(({ project, account }) => project === facts.projectCode && facts.isCost(account))
      .map(({ amount }) => parseMoney(amount, own)),
  );
  return sum(amounts, currency);
}

/** Parts that stand in front of a person, in words. */
export function unattributedWords(part: CostPart): string {
  const why = part.coding === null ? part.why : 'attributed';
  return `entry ${part.journal} of ${part.period}, account ${part.account}, ${formatMoney(part.amount)}: ${why}`;
}
