import { Worker } from 'node:worker_threads';
import { addTotals, noTotals, type Totals } from './totals.ts';

export type Wish = {
  readonly from: number;
  readonly histories: number;
  readonly workers: number;
  /** Stops soon after the first violation instead of counting all of them. */
  readonly untilViolation?: boolean;
  readonly onProgress?: (totals: Totals) => void;
};

const CHUNK = 500;
// A history is garbage as soon as it is judged: with room for some hundreds almost nothing is ever copied.
const YOUNG_MB = 96;

/** Plays all seeds on some threads. Which thread plays which seed changes nothing: a seed is a whole history. */
export async function playAll(wish: Wish): Promise<Totals> {
  const totals = noTotals();
  const end = wish.from + wish.histories;
  let next = wish.from;
  const give = (thread: Worker): boolean => {
    if (next >= end || (wish.untilViolation === true && totals.violations > 0)) return false;
    const count = Math.min(CHUNK, end - next);
    thread.postMessage({ from: next, count });
    next += count;
    return true;
  };
  const play = () =>
    new Promise<void>((resolve, reject) => {
      const thread = new Worker(new URL('./player.ts', import.meta.url), {
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
      });
      const finish = () => void thread.terminate().then(() => resolve(), reject);
      thread.on('error', reject);
      thread.on('message', (more: Totals) => {
        addTotals(totals, more);
        wish.onProgress?.(totals);
        if (!give(thread)) finish();
      });
      if (!give(thread)) finish();
    });
  await Promise.all(Array.from({ length: wish.workers }, play));
  return totals;
}
