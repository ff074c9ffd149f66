import type { Draw } from './draw.ts';
import type { FaultBook } from './fault-book.ts';
import type { Disturbance, Moment, Saboteur, WirePoint } from './wire-proxy.ts';

type WireFault = {
  readonly id: string;
  readonly at: WirePoint;
  readonly what:
    | 'cut-before'
    | 'cut-after'
    | 'delay'
    | 'go-silent'
    | readonly [code: string, message: string];
  /** Between how many passings of the point it comes once. */
  readonly every: readonly [number, number];
  readonly times: number;
};

const cutsBefore = (
  ['begin', 'parse', 'bind', 'execute', 'sync', 'ready', 'ready-after-commit', 'commit'] as const
).map(
  (at): WireFault => ({ id: `D1 cut before ${at}`, at, what: 'cut-before', every: [150, 1_500], times: 6 }),
);

/** Everything that is done to the conversation with PostgreSQL, by the numbers of the fault model. */
export const wireFaults: readonly WireFault[] = [
  ...cutsBefore,
  { id: 'D1 cut at startup', at: 'startup', what: 'cut-before', every: [2, 12], times: 3 },
  // The server commits and nobody hears it: our own commit is unknown.
  { id: 'D1 cut after commit was sent', at: 'commit', what: 'cut-after', every: [60, 600], times: 10 },
  {
    id: 'D1 cut before commit-complete',
    at: 'commit-complete',
    what: 'cut-before',
    every: [60, 600],
    times: 10,
  },
  {
    id: 'D1 cut after commit-complete',
    at: 'commit-complete',
    what: 'cut-after',
    every: [150, 1_500],
    times: 6,
  },
  { id: 'D1 half-open', at: 'bind', what: 'go-silent', every: [1_000, 6_000], times: 2 },
  { id: 'D1 half-open at commit', at: 'commit-complete', what: 'go-silent', every: [500, 3_000], times: 2 },
  { id: 'D1 delay', at: 'execute', what: 'delay', every: [100, 800], times: 20 },
  { id: 'D1 delay at commit', at: 'commit', what: 'delay', every: [100, 800], times: 10 },
  {
    id: 'D3 deadlock injected',
    at: 'bind',
    what: ['40P01', 'deadlock detected'],
    every: [100, 1_000],
    times: 10,
  },
  {
    id: 'D3 serialization failure injected',
    at: 'bind',
    what: ['40001', 'could not serialize access due to concurrent update'],
    every: [100, 1_000],
    times: 10,
  },
  {
    id: 'D3 serialization failure at commit injected',
    at: 'commit',
    what: ['40001', 'could not serialize access due to read/write dependencies among transactions'],
    every: [100, 1_000],
    times: 6,
  },
  {
    id: 'D4 disk full injected',
    at: 'bind',
    what: ['53100', 'could not extend file: No space left on device'],
    every: [150, 1_500],
    times: 8,
  },
  {
    id: 'D4 too many connections injected',
    at: 'startup',
    what: ['53300', 'sorry, too many clients already'],
    every: [2, 10],
    times: 4,
  },
  {
    id: 'D4 read-only injected',
    at: 'bind',
    what: ['25006', 'cannot execute INSERT in a read-only transaction'],
    every: [300, 3_000],
    times: 4,
  },
];

const SILENT_MS = 3_500;

/** Draws which of them this batch sees, and at which passing of their point each comes. */
export function drawWireFaults(draw: Draw, book: FaultBook): Saboteur {
  const armed = wireFaults
    .filter(() => draw.chance(0.45))
    .map((fault) => ({
      fault,
      gaps: Array.from({ length: fault.times }, () => draw.between(...fault.every)),
    }));
  const delays = Array.from({ length: 64 }, () => draw.between(20, 700));
  for (const { fault } of armed) book.planned(fault.id);
  return (moment) => {
    for (const each of armed) {
      if (each.fault.at !== moment.point || each.gaps.length === 0) continue;
      each.gaps[0]! -= 1;
      if (each.gaps[0]! > 0) continue;
      each.gaps.shift();
      return disturbance(each.fault, moment, book, delays);
    }
    return null;
  };
}

function disturbance(
  { id, what }: WireFault,
  { inTransaction, point }: Moment,
  book: FaultBook,
  delays: number[],
): Disturbance {
  book.injected(id);
  // Inside a transaction, or where a connection is made: there something was under way that was hit.
  const hit = inTransaction || point === 'startup' || point === 'begin';
  // A commit that is cut off after it was sent is counted once the server says that it committed.
  if (hit && (what !== 'cut-after' || point === 'commit-complete')) book.reached(id);
  if (what === 'cut-before') return { do: 'cut-before' };
  if (what === 'cut-after') return { do: 'cut-after', committed: () => book.reached(id) };
  if (what === 'go-silent') return { do: 'go-silent', ms: SILENT_MS };
  if (what === 'delay') {
    const ms = delays.shift() ?? 100;
    delays.push(ms);
    return { do: 'delay', ms };
  }
  return { do: 'answer-error', code: what[0], message: what[1] };
}
