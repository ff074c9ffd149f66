import { type Lack, type OrderOffer, orderOrigin } from '../orders/order-offer.ts';
import { type StagedRow, type StagingPlan, type StandingRow, stands } from './staged.ts';

/** Every order of the ERP that the source was compared with. */
export type ReadOrders = {
  readonly erpCode: string;
  /** Those that belong to no commitment, as they are offered or not. */
  readonly offers: readonly OrderOffer[];
  readonly known: number;
  /** Those that may be a commitment's own, which a person has to say. */
  readonly doubtful: number;
  /** Projects that the source lacks and whose orders were not read, because there are too many of them. */
  readonly unread?: number;
};

/**
 * Brings what the source may import in line with the orders of the ERP. A row whose order is closed, cancelled, known
 * by now or not to be offered any more is taken off the list; an imported one is the source's own and never written.
 */
export function planStagedOrders(
  { erpCode, offers, known, doubtful, unread = 0 }: ReadOrders,
  standing: readonly StandingRow[],
): StagingPlan {
  const rows: StagedRow[] = [];
  const counted = { staged: 0, changed: 0, archived: 0 };
  const wanted = new Map(offers.flatMap(({ row }) => (row === null ? [] : [[nameOf(row), row] as const])));
  const there = new Map(standing.map((row) => [nameOf(row), row]));
  for (const [name, row] of wanted) {
    const before = there.get(name) ?? null;
    if (before?.status === 'imported') continue;
    const whole = withoutLostLines(row, before);
    if (before !== null && stands(whole, before)) continue;
    rows.push(whole);
    counted[before?.status === 'staged' ? 'changed' : 'staged'] += 1;
  }
  for (const [name, { type, originId, status, data }] of there) {
    const isOurs = originId.startsWith(orderOrigin(erpCode, ''));
    if (!isOurs || wanted.has(name) || (status !== 'staged' && status !== 'invalid')) continue;
    rows.push({
      ...(type === undefined ? {} : { type }),
      ...{ originId, originCode: originId, status: 'archived', data: namingOf(data) },
    });
    counted.archived += 1;
  }
  const more = `Orders of ${unread} more projects that Procore lacks were not looked at.`;
  const waits = [...waitsOf(offers), ...(unread === 0 ? [] : [more])];
  const figures = { read: offers.length + known + doubtful, ...counted, known, doubtful };
  return { rows, figures: { ...figures, ...(waits.length === 0 ? {} : { waits }) } };
}

/** What is missing, and the numbers of the orders that wait for it. */
export function lacking(offers: readonly OrderOffer[]): readonly (Lack & { readonly orders: string[] })[] {
  const bySubject = new Map<string, Lack & { readonly orders: string[] }>();
  for (const offer of offers)
    if (offer.row === null)
      for (const lack of offer.lacks) {
        const found = bySubject.get(lack.subject) ?? { ...lack, orders: [] };
        found.orders.push(offer.order.number);
        bySubject.set(lack.subject, found);
      }
  return [...bySubject.values()];
}

// As many as a person reads; each has a question of its own in Review.
const MOST_TOLD = 5;

function waitsOf(offers: readonly OrderOffer[]): string[] {
  const waiting = offers.filter(({ row }) => row === null).length;
  if (waiting === 0) return [];
  const lacks = lacking(offers);
  const told = lacks.slice(0, MOST_TOLD).map(({ words }) => words);
  const more = lacks.length - told.length;
  return [`${waiting} wait: ${told.join('; ')}${more > 0 ? `; and ${more} more reasons` : ''}.`];
}

/** A line that is not there any more is taken off as well, or it would be imported with the others. */
export function withoutLostLines(row: StagedRow, before: StandingRow | null): StagedRow {
  const wanted = new Set(row.lines?.map(({ originId }) => originId));
  const lost = (before?.lines ?? []).filter(
    ({ originId, status }) => !wanted.has(originId) && status !== 'archived',
  );
  if (lost.length === 0) return row;
  const archived = lost.map(({ originId }): StagedRow => {
    return { type: 'line', originId, originCode: originId, status: 'archived', data: {} };
  });
  return { ...row, lines: [...(row.lines ?? []), ...archived] };
}

/** What a row cannot be without, whatever becomes of it. */
function namingOf(data: StandingRow['data']): StagedRow['data'] {
  return { project_origin_id: data.project_origin_id ?? '' };
}

function nameOf({ type, originId }: Pick<StagedRow, 'type' | 'originId'>): string {
  return `${type} ${originId}`;
}
