import type { CanonicalRecord } from './records.ts';

export const BUSINESS_EVENTS = [
  'change order approved',
  'change order approval withdrawn',
  'change event opened',
  'change event closed',
  'budget change approved',
  'commitment status changed',
  'RFI closed with cost impact',
  'workflow step decided',
] as const;
export type BusinessEvent = (typeof BUSINESS_EVENTS)[number];

/** Any other state than the one that is entered; `seen` leaves out a record that was not known before. */
type From = string | 'any' | 'seen';

const CLOSED_AT_A_COST = 'closed at a cost';

/** What entering a state of an object means to the business. */
const TURNS: readonly {
  readonly object: CanonicalRecord['object'];
  readonly from: From;
  readonly to: string | 'any';
  readonly event: BusinessEvent;
}[] = [
  { object: 'change-order', from: 'any', to: 'approved', event: 'change order approved' },
  { object: 'change-order', from: 'approved', to: 'any', event: 'change order approval withdrawn' },
  { object: 'change-event', from: 'any', to: 'open', event: 'change event opened' },
  { object: 'change-event', from: 'any', to: 'closed', event: 'change event closed' },
  { object: 'budget-change', from: 'any', to: 'approved', event: 'budget change approved' },
  { object: 'commitment', from: 'seen', to: 'any', event: 'commitment status changed' },
  { object: 'rfi', from: 'any', to: CLOSED_AT_A_COST, event: 'RFI closed with cost impact' },
  { object: 'workflow', from: 'seen', to: 'any', event: 'workflow step decided' },
  { object: 'workflow-instance', from: 'seen', to: 'any', event: 'workflow step decided' },
];

/**
 * What became of a record between two versions of it. One that was not known before counts as new: what happened
 * while nobody looked is told late, and not never.
 */
export function businessEvents(
  before: CanonicalRecord | null,
  after: CanonicalRecord,
): readonly BusinessEvent[] {
  const to = stateOf(after);
  if (to === null) return [];
  const from = before === null ? null : stateOf(before);
  if (from === to) return [];
  return TURNS.filter(
    (turn) =>
      turn.object === after.object &&
      (turn.to === 'any' || turn.to === to) &&
      (turn.from === 'any' || (turn.from === 'seen' ? from !== null : turn.from === from)),
  ).map(({ event }) => event);
}

/** Where a record stands, as far as an event may follow from it; null where none does. */
function stateOf(record: CanonicalRecord): string | null {
  switch (record.object) {
    case 'change-order':
      return record.deleted ? 'deleted' : record.approved ? 'approved' : 'not approved';
    case 'commitment':
      return record.deleted ? 'deleted' : record.status;
    case 'change-event':
      // Companies name their own statuses, and say which of the three they stand for.
      return record.status?.toLowerCase() === 'closed' ? 'closed' : 'open';
    case 'budget-change':
      return record.status?.toLowerCase() ?? null;
    case 'rfi':
      return rfiState(record.status, record.facts['cost impact']);
    case 'workflow':
    case 'workflow-instance':
      return record.status;
    default:
      return null;
  }
}

function rfiState(status: string | null, costImpact: string | undefined): string | null {
  if (status?.toLowerCase() !== 'closed') return status;
  return costImpact?.startsWith('yes') ? CLOSED_AT_A_COST : status;
}
