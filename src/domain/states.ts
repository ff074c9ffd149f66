/** The state machines of the house: each one a table of allowed moves. The database checks the states too. */

const documentMoves = {
  planned: ['blocked', 'in-review', 'awaiting-approval', 'ready', 'withdrawn', 'conflict'],
  blocked: ['planned', 'withdrawn'],
  'in-review': ['planned', 'withdrawn'],
  'awaiting-approval': ['planned', 'ready', 'withdrawn'],
  ready: ['planned', 'posting', 'withdrawn'],
  posting: ['posted', 'refused', 'conflict', 'planned', 'detached'],
  posted: ['confirmed', 'detached'],
  confirmed: ['detached'],
  refused: ['planned', 'withdrawn'],
  conflict: ['planned', 'withdrawn'],
  withdrawn: ['planned'],
  detached: [],
} as const;

const postingMoves = {
  ready: ['intended', 'adopted', 'exception', 'cancelled', 'settling'],
  intended: ['sent', 'adopted', 'settling', 'exception', 'cancelled'],
  sent: ['posted', 'accepted', 'refused', 'unknown', 'intended', 'exception'],
  accepted: ['posted', 'refused', 'settling', 'exception'],
  unknown: ['settling', 'exception'],
  settling: ['adopted', 'intended', 'accepted', 'exception'],
  posted: [],
  adopted: [],
  refused: ['cancelled'],
  exception: ['settling', 'cancelled'],
  cancelled: [],
} as const;

const signalMoves = { received: ['taken', 'quarantined'], taken: [], quarantined: ['received'] } as const;

const requestItemMoves = {
  received: ['working', 'stale'],
  working: ['succeeded', 'failed', 'stale'],
  succeeded: [],
  failed: ['working'],
  stale: [],
} as const;

const reviewMoves = {
  open: ['approved', 'corrected', 'rejected', 'expired'],
  approved: [],
  corrected: [],
  rejected: [],
  expired: [],
} as const;

const phaseMoves = {
  'read-only': ['one-way'],
  'one-way': ['read-only', 'bidirectional'],
  bidirectional: ['read-only', 'one-way'],
} as const;

export const machines = {
  document: documentMoves,
  posting: postingMoves,
  signal: signalMoves,
  'request-item': requestItemMoves,
  review: reviewMoves,
  phase: phaseMoves,
} as const;

export type DocumentState = keyof typeof documentMoves;
export type PostingState = keyof typeof postingMoves;
export type RequestItemState = keyof typeof requestItemMoves;
export type Phase = keyof typeof phaseMoves;

/** Whether the document stands in its target, told to its source or not yet. */
export function isStanding({ state }: { readonly state: DocumentState }): boolean {
  return state === 'posted' || state === 'confirmed';
}

/** Returns the new state, or throws: a move that the table does not list is our own mistake. */
export function move<M extends keyof typeof machines, S extends keyof (typeof machines)[M] & string>(
  machine: M,
  from: S,
  to: S,
): S {
  if (from === to) return to;
  const allowed = (machines[machine] as Record<string, readonly string[]>)[from];
  if (!allowed?.includes(to)) throw new Error(`a ${machine} cannot move from ${from} to ${to}`);
  return to;
}

/** States in which an outside effect may exist or come into being: nothing may be re-planned under them. */
export const postingInFlight: ReadonlySet<PostingState> = new Set([
  'intended',
  'sent',
  'accepted',
  'unknown',
  'settling',
  'exception',
]);
export const postingDone: ReadonlySet<PostingState> = new Set(['posted', 'adopted']);

/** Documents that wait for somebody or something before anything is sent. */
export const documentWaits: ReadonlySet<DocumentState> = new Set([
  'planned',
  'blocked',
  'in-review',
  'awaiting-approval',
  'ready',
  'refused',
  'conflict',
]);

const phaseRank: Readonly<Record<Phase, number>> = { 'read-only': 0, 'one-way': 1, bidirectional: 2 };

/** The effective phase is the lower of the connection's and the project's. */
export function lowerPhase(a: Phase, b: Phase): Phase {
  return phaseRank[a] <= phaseRank[b] ? a : b;
}
