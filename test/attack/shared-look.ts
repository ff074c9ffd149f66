import { setTimeout as pause } from 'node:timers/promises';

/**
 * Many who want to see the whole of a system share one look, which begins after each of them has asked, and at most
 * once in so many milliseconds: reading and parsing it for each alone is most of the work of an attack.
 */
export function sharedLook<T>(look: () => Promise<T>, everyMs: number): () => Promise<T> {
  let next: Promise<T> | null = null;
  let begun = Number.NEGATIVE_INFINITY;
  const inTime = async () => {
    await pause(Math.max(0, begun + everyMs - performance.now()));
    begun = performance.now();
    next = null;
    return look();
  };
  return () => {
    next ??= inTime();
    return next;
  };
}
