import { type FailPointName, failPoints } from '../../src/lib/fail-point.ts';
import type { Draw } from './draw.ts';

/** What is killed in one run, and when. */
export type Kill =
  | { readonly what: 'at-point'; readonly point: FailPointName; readonly passing: number }
  | { readonly what: 'worker' | 'service' | 'both' | 'database'; readonly afterMs: number };

const atService: readonly FailPointName[] = ['after-signal', 'after-decision'];

/** Whose hands pass a point: webhooks and decisions come to the service, the rest is the workers'. */
export function victimOf(point: FailPointName): 'worker' | 'service' {
  return atService.includes(point) ? 'service' : 'worker';
}

/** Every fail-point in turn, in an order that is drawn anew each time round, with kills at random moments between. */
export function drawKills(draw: Draw, runs: number): Kill[] {
  const kills: Kill[] = [];
  let points: FailPointName[] = [];
  for (let run = 0; run < runs; run += 1) {
    if (run % 3 === 2) {
      kills.push(atRandom(draw));
      continue;
    }
    if (points.length === 0) points = shuffled(draw, failPoints);
    const point = points.pop()!;
    // A run sees one decision, and many passings of everything else.
    kills.push({ what: 'at-point', point, passing: point === 'after-decision' ? 1 : draw.between(1, 4) });
  }
  return kills;
}

function atRandom(draw: Draw): Kill {
  const what = draw.one([
    'worker',
    'worker',
    'worker',
    'worker',
    'service',
    'service',
    'both',
    'both',
    'database',
  ] as const);
  return { what, afterMs: draw.below(900) };
}

function shuffled<T>(draw: Draw, from: readonly T[]): T[] {
  const left = [...from];
  const mixed: T[] = [];
  while (left.length > 0) mixed.push(...left.splice(draw.below(left.length), 1));
  return mixed;
}

export function nameOf(kill: Kill): string {
  return kill.what === 'at-point' ? kill.point : `at random: ${kill.what}`;
}
