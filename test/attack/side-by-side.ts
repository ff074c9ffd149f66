/** One part of a long attack: the seed that it is drawn from, and how much of the whole it is. */
export type Part = { readonly seed: number; readonly size: number };

/** Hands out the parts of an attack in order, to however many work on them side by side. */
export function partsOf(total: number, each: number, firstSeed: number): () => Part | null {
  let taken = 0;
  let seed = firstSeed;
  return () => {
    if (taken >= total) return null;
    const size = Math.min(each, total - taken);
    taken += size;
    seed += 1;
    return { seed: seed - 1, size };
  };
}

/** Runs the same work so many times beside each other; the first that fails is told when all have ended. */
export async function sideBySide(count: number, work: () => Promise<void>): Promise<void> {
  const ended = await Promise.allSettled(Array.from({ length: count }, work));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
}
