import type { CommitmentRecord } from '../records.ts';
import { parseMoney } from '../values/money.ts';
import { amountsText } from './match-order-lines.ts';
import { type StandingOrder, unreadable } from './standing-order.ts';

/** A commitment without an order of ours, and what its vendor is in the ERP. */
export type MatchSource = { readonly commitment: CommitmentRecord; readonly vendorCode: string | null };

export type OrderEvidence =
  | 'its origin id in Procore names the order'
  | 'same vendor'
  | 'same number'
  | 'number is the vendor reference'
  | 'same total'
  | 'same line amounts'
  | 'dates within a week';

export type OrderCandidate = {
  readonly order: StandingOrder;
  readonly evidence: readonly OrderEvidence[];
};

export type OrderMatching = {
  /** Nothing else could be meant, on either side. */
  readonly matched: readonly (MatchSource & { readonly candidate: OrderCandidate })[];
  /** More than one could be meant, or too little speaks for the one: a person chooses. */
  readonly ambiguous: readonly (MatchSource & { readonly candidates: readonly OrderCandidate[] })[];
  readonly unmatchedCommitments: readonly { readonly commitment: CommitmentRecord; readonly why: string }[];
  readonly unmatchedOrders: readonly { readonly order: StandingOrder; readonly why: string }[];
};

/**
 * How much speaks for a pair: named by the origin id, identified by vendor and number, alike in every amount. What is
 * only possible is shown to a person and never assigned.
 */
const RANK = { named: 4, numbered: 3, alike: 2, possible: 1, none: 0 } as const;
type Rank = (typeof RANK)[keyof typeof RANK];
type Edge = MatchSource & OrderCandidate & { readonly rank: Rank };

/**
 * Finds for each commitment the order that was written for it by hand. One to one: from the strongest evidence down,
 * a pair is taken only where neither side has another partner that is as good.
 */
export function matchOrders(
  sources: readonly MatchSource[],
  orders: readonly StandingOrder[],
  erpCode: string,
): OrderMatching {
  const usable = orders.filter((order) => whyUnusable(order) === null);
  const readable = sources.filter(({ commitment }) => whyUnreadable(commitment) === null);
  const edges = readable.flatMap((source) => edgesOf(source, usable, erpCode));
  const taken = new Map<string, Edge>();
  const spoken = new Set<string>();
  const unsure = new Set<string>();
  for (const rank of [RANK.named, RANK.numbered, RANK.alike] as const) {
    const open = edges.filter(
      ({ commitment, order, ...edge }) =>
        edge.rank === rank &&
        !taken.has(commitment.id) &&
        !unsure.has(commitment.id) &&
        !spoken.has(order.id),
    );
    const byCommitment = Map.groupBy(open, ({ commitment }) => commitment.id);
    const byOrder = Map.groupBy(open, ({ order }) => order.id);
    for (const edge of open) {
      const isOnly =
        byCommitment.get(edge.commitment.id)!.length === 1 && byOrder.get(edge.order.id)!.length === 1;
      if (isOnly) taken.set(edge.commitment.id, edge);
      else unsure.add(edge.commitment.id);
    }
    // Also what several could mean is spoken for: weaker evidence must not give it to somebody else.
    for (const { order } of open) spoken.add(order.id);
  }
  return outcome(sources, orders, edges, taken);
}

function outcome(
  sources: readonly MatchSource[],
  orders: readonly StandingOrder[],
  edges: readonly Edge[],
  taken: ReadonlyMap<string, Edge>,
): OrderMatching {
  const gone = new Set([...taken.values()].map(({ order }) => order.id));
  const shown = new Set(gone);
  const ambiguous: OrderMatching['ambiguous'][number][] = [];
  const unmatchedCommitments: OrderMatching['unmatchedCommitments'][number][] = [];
  for (const source of sources) {
    const { commitment } = source;
    if (taken.has(commitment.id)) continue;
    const candidates = edges
      .filter((edge) => edge.commitment.id === commitment.id && !gone.has(edge.order.id))
      .sort(byStrength)
      .map(({ order, evidence }) => ({ order, evidence }));
    for (const { order } of candidates) shown.add(order.id);
    if (candidates.length > 0) ambiguous.push({ ...source, candidates });
    else unmatchedCommitments.push({ commitment, why: whyAlone(source) });
  }
  return {
    matched: [...taken.values()].map(({ commitment, vendorCode, order, evidence }) => ({
      commitment,
      vendorCode,
      candidate: { order, evidence },
    })),
    ambiguous,
    unmatchedCommitments,
    unmatchedOrders: orders
      .filter(({ id }) => !shown.has(id))
      .map((order) => ({
        order,
        why: whyUnusable(order) ?? 'no commitment has its vendor together with its number or amounts',
      })),
  };
}

/** What speaks for a pair; empty where the currency alone says that it is none. */
export function evidenceFor(
  { commitment, vendorCode }: MatchSource,
  order: StandingOrder,
  erpCode: string,
): readonly OrderEvidence[] {
  if (commitment.currency !== order.currency) return [];
  const number = normaliseNumber(commitment.number);
  const holds: readonly (readonly [OrderEvidence, boolean])[] = [
    ['its origin id in Procore names the order', names(commitment.originId, order, erpCode)],
    ['same vendor', vendorCode === order.vendorCode],
    ['same number', number !== '' && number === normaliseNumber(order.number)],
    ['number is the vendor reference', number !== '' && number === normaliseNumber(order.vendorReference)],
    ['same total', sameAmount(commitment.total, order.total, order.currency)],
    ['same line amounts', sameLines(commitment, order)],
    ['dates within a week', isNear(commitment.contractDate, order.date)],
  ];
  return holds.filter(([, isSo]) => isSo).map(([evidence]) => evidence);
}

/** `SC-001`, `sc 1` and `SC1` are one number; `SC-1-01` and `SC-10-1` are two. */
export function normaliseNumber(number: string): string {
  const parts =
    number
      .normalize('NFKC')
      .toUpperCase()
      .match(/\p{N}+|\p{L}+/gu) ?? [];
  return parts.map((part) => part.replace(/^0+(?=\d)/, '')).join('-');
}

function edgesOf(source: MatchSource, orders: readonly StandingOrder[], erpCode: string): readonly Edge[] {
  const { originId } = source.commitment;
  const isNamed = originId !== null && orders.some((order) => names(originId, order, erpCode));
  return orders.flatMap((order) => {
    // Most pairs are of two vendors: nothing else of them needs to be compared.
    const isOther = source.vendorCode !== null && source.vendorCode !== order.vendorCode;
    if (isOther && !names(originId, order, erpCode)) return [];
    const evidence = evidenceFor(source, order, erpCode);
    const rank = rankOf(source, evidence);
    // Synced by somebody with something that is not among these: what else is alike is for a person to judge.
    const careful = originId !== null && !isNamed ? Math.min(rank, RANK.possible) : rank;
    return careful === RANK.none ? [] : [{ ...source, order, evidence, rank: careful as Rank }];
  });
}

function rankOf({ vendorCode }: MatchSource, evidence: readonly OrderEvidence[]): Rank {
  const has = (one: OrderEvidence) => evidence.includes(one);
  if (has('its origin id in Procore names the order')) return RANK.named;
  const isNumbered = has('same number') || has('number is the vendor reference');
  if (has('same vendor')) {
    if (isNumbered) return RANK.numbered;
    if (has('same total') && has('same line amounts')) return RANK.alike;
    return has('same total') ? RANK.possible : RANK.none;
  }
  // Another vendor is another order; one that is not linked yet says nothing either way.
  return vendorCode === null && (isNumbered || (has('same total') && has('same line amounts')))
    ? RANK.possible
    : RANK.none;
}

/** Another integration may have left the order's id, its number, or either with a prefix of this connection. */
function names(originId: string | null, { id, number }: StandingOrder, erpCode: string): boolean {
  if (originId === null || originId.trim() === '') return false;
  const wanted = normaliseNumber(originId);
  return [id, number, `${erpCode}-${id}`].some((name) => normaliseNumber(name) === wanted);
}

function sameAmount(a: string, b: string, currency: string): boolean {
  try {
    return parseMoney(a, currency).minor === parseMoney(b, currency).minor;
  } catch {
    return false;
  }
}

function sameLines(commitment: CommitmentRecord, order: StandingOrder): boolean {
  try {
    return amountsText(commitment.lines, order.currency) === amountsText(order.lines, order.currency);
  } catch {
    return false;
  }
}

const WEEK_MS = 7 * 86_400_000;

function isNear(a: string | null, b: string): boolean {
  return a !== null && Math.abs(Date.parse(a) - Date.parse(b)) <= WEEK_MS;
}

/** Why an order is matched to nothing, or null. */
export function whyUnusable(order: StandingOrder): string | null {
  if (order.reference !== null)
    return `it carries our reference ${order.reference}, so it was posted from here`;
  const { currency, total, lines } = order;
  const why = unreadable(currency, [total, ...lines.flatMap(({ amount, invoiced }) => [amount, invoiced])]);
  return why === null ? null : `it cannot be compared to the cent: ${why}`;
}

function whyUnreadable({ currency, total, lines }: CommitmentRecord): string | null {
  return unreadable(currency, [total, ...lines.map(({ amount }) => amount)]);
}

function whyAlone({ commitment, vendorCode }: MatchSource): string {
  const broken = whyUnreadable(commitment);
  if (broken !== null) return `it cannot be compared to the cent: ${broken}`;
  const vendor = commitment.vendorName ?? 'its vendor';
  if (vendorCode === null) return `${vendor} is not linked to an ERP vendor, and no order has its number`;
  return `no order of ${vendorCode} has its number or its total`;
}

function byStrength(a: Edge, b: Edge): number {
  return b.rank - a.rank || b.evidence.length - a.evidence.length || (a.order.id < b.order.id ? -1 : 1);
}
