import { invoicedOn, type Opening, openingOf } from '../billing/opening.ts';
import type { DecimalText, SubInvoiceRecord } from '../records.ts';
import { canonicalOf, contentHash } from '../values/canonical.ts';
import { formatMoney, moneyWords, parseMoney, subtract } from '../values/money.ts';
import type { MatchSource, OrderCandidate } from './match-order.ts';
import { type LinePair, pairOrderLines } from './match-order-lines.ts';
import type { StandingOrder } from './standing-order.ts';

/** One line of both sides as a person decides on it. */
export type ProposedLine = {
  readonly name: string;
  readonly source: DecimalText | null;
  readonly target: DecimalText | null;
  readonly orderLine: string | null;
  readonly coding: string | null;
  readonly difference: DecimalText;
  readonly evidence: string | null;
};

/** An order that may be the commitment's, as it would be taken over. */
export type ProposedOrder = {
  readonly id: string;
  readonly number: string;
  readonly vendorReference: string;
  readonly vendorCode: string;
  readonly date: string;
  readonly total: DecimalText;
  /** Commitment less order. */
  readonly difference: DecimalText;
  readonly invoiced: DecimalText;
  readonly evidence: readonly string[];
  /** What has to be put right before it can be taken over. */
  readonly problem: string | null;
  /** What taking it over means, beyond the figures. */
  readonly notes: readonly string[];
  readonly lines: readonly ProposedLine[];
  /** Applications up to which billing may be taken over, the newest first. */
  readonly openings: readonly Opening[];
};

export type AdoptionProposal = {
  readonly commitment: {
    readonly id: string;
    readonly projectId: string;
    readonly number: string;
    readonly title: string;
    readonly vendorName: string | null;
    readonly currency: string;
    readonly total: DecimalText;
  };
  /** Whether nothing else could be meant; a person decides either way. */
  readonly certain: boolean;
  readonly candidates: readonly ProposedOrder[];
  /** Binds a decision to exactly these figures. */
  readonly hash: string;
};

// Go-live is decided near the end of what was billed; older applications only lengthen the list.
const MOST_OPENINGS = 6;
const MOST_CANDIDATES = 8;

/** What a person is shown and decides on: every line of both sides, and where billing would begin. */
export function proposalOf(
  source: MatchSource,
  candidates: readonly OrderCandidate[],
  applications: readonly SubInvoiceRecord[],
  certain: boolean,
): AdoptionProposal {
  const { id, projectId, number, title, vendorName, currency, total } = source.commitment;
  const shown = {
    commitment: { id, projectId, number, title, vendorName, currency, total },
    candidates: candidates
      .slice(0, MOST_CANDIDATES)
      .map((candidate) => proposedOrder(source, candidate, applications)),
  };
  return { ...shown, certain, hash: contentHash(canonicalOf(shown)) };
}

export function pairsOf({ commitment }: Pick<MatchSource, 'commitment'>, order: StandingOrder) {
  return pairOrderLines({ lines: commitment.lines, orderLines: order.lines }, order.currency);
}

function proposedOrder(
  source: MatchSource,
  { order, evidence }: OrderCandidate,
  applications: readonly SubInvoiceRecord[],
): ProposedOrder {
  const { id, number, vendorReference, vendorCode, date, currency } = order;
  const pairs = pairsOf(source, order);
  const total = parseMoney(order.total, currency);
  return {
    id,
    number,
    vendorReference,
    vendorCode,
    date,
    total: formatMoney(total),
    difference: formatMoney(subtract(parseMoney(source.commitment.total, currency), total)),
    invoiced: formatMoney(invoicedOn(pairs, currency)),
    evidence,
    problem: problemOf(source, order),
    notes: notesOf(order, pairs, applications),
    lines: pairs.map((pair) => proposedLine(pair)),
    openings: openingsOf(applications, pairs),
  };
}

/** The approved applications of a commitment, the newest first: what billing may be taken over from. */
export function openingsOf(
  applications: readonly SubInvoiceRecord[],
  pairs: readonly LinePair[],
): readonly Opening[] {
  return applications
    .filter(({ approved, deleted }) => approved && !deleted)
    .sort((a, b) => b.application - a.application)
    .slice(0, MOST_OPENINGS)
    .flatMap((application) => openingOf(application, pairs) ?? []);
}

function proposedLine({ line, orderLine, evidence, difference }: LinePair): ProposedLine {
  return {
    name: line?.description || orderLine?.description || `line ${line?.position ?? orderLine?.key}`,
    source: line?.amount ?? null,
    target: orderLine?.amount ?? null,
    orderLine: orderLine?.key ?? null,
    coding: orderLine === null ? null : `${orderLine.coding.kind} ${orderLine.coding.code}`,
    difference: formatMoney(difference),
    evidence,
  };
}

function problemOf({ commitment, vendorCode }: MatchSource, order: StandingOrder): string | null {
  if (vendorCode === null)
    return `Link ${commitment.vendorName ?? 'the vendor'} to ${order.vendorCode} first.`;
  if (vendorCode !== order.vendorCode)
    return `The order is of vendor ${order.vendorCode}, the commitment of ${vendorCode}.`;
  return null;
}

function notesOf(
  order: StandingOrder,
  pairs: readonly LinePair[],
  applications: readonly SubInvoiceRecord[],
): readonly string[] {
  const notes: string[] = [];
  const { currency, projectCode } = order;
  const zero = (text: string) => parseMoney(text, currency).minor === 0n;
  if (pairs.some(({ line, orderLine }) => line === null && orderLine !== null && !zero(orderLine.amount)))
    notes.push(
      'The order has lines that Procore does not have: they stay, and a later change of the commitment asks a person.',
    );
  if (pairs.some(({ line, orderLine }) => line !== null && orderLine === null))
    notes.push('Lines that the order does not have are added to it with the next change or export.');
  if (pairs.some(({ difference }) => difference.minor !== 0n))
    notes.push(
      'Differences stay until the commitment changes or is exported; then the order follows Procore, with its own approval.',
    );
  if (order.lines.some((line) => line.projectCode !== projectCode))
    notes.push(`Not every line is on ${projectCode}: a later change of the commitment asks a person.`);
  if (order.closed) notes.push('The order is closed: it takes no change and no invoice any more.');
  const invoiced = invoicedOn(pairs, currency);
  if (invoiced.minor !== 0n && !applications.some(({ approved }) => approved))
    notes.push(
      `${moneyWords(invoiced)} was invoiced on it, and Procore has no approved application: the first one would bill it again.`,
    );
  return notes;
}
