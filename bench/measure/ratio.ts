/** What one bench prints: one ratio from one interleaved run, with what was measured to get it. */
export type Finding = {
  readonly name: string;
  readonly title: string;
  readonly ratio: number;
  /** 95 of 100 medians of as many ratios drawn again from those measured lie in it. */
  readonly interval: readonly [number, number];
  readonly repeats: number;
  readonly target: string;
  readonly met: boolean;
  readonly [more: string]: unknown;
};

const DRAWS = 5_000;

/** Median of the ratios and its bootstrap interval. The draws are repeatable: the same ratios give the same words. */
export function medianOf(ratios: readonly number[]): { ratio: number; interval: [number, number] } {
  const random = repeatable(ratios.length);
  const medians = Array.from({ length: DRAWS }, () =>
    middle(ratios.map(() => ratios[Math.floor(random() * ratios.length)]!)),
  ).sort((a, b) => a - b);
  const at = (share: number) => medians[Math.min(DRAWS - 1, Math.floor(share * DRAWS))]!;
  return { ratio: rounded(middle(ratios)), interval: [rounded(at(0.025)), rounded(at(0.975))] };
}

/** Runs two sides turn by turn, ABBA, so that a machine that grows warm or busy is unfair to neither. */
export async function interleaved<One, Other>(
  repeats: number,
  one: (repeat: number) => Promise<One>,
  other: (repeat: number) => Promise<Other>,
): Promise<{ one: One; other: Other }[]> {
  const pairs: { one: One; other: Other }[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    if (repeat % 2 === 0) pairs.push({ one: await one(repeat), other: await other(repeat) });
    else {
      const second = await other(repeat);
      pairs.push({ one: await one(repeat), other: second });
    }
  }
  return pairs;
}

export function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  if (sorted.length === 0) throw new RangeError('nothing was measured');
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

export function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits));
}

/** A small generator (mulberry32) with a seed. */
function repeatable(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
