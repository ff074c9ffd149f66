import { seededRandom } from '../../src/procore/simulator/prng.ts';

/** Draws from one seed: the same seed draws the same plan on every machine. */
export type Draw = {
  readonly below: (limit: number) => number;
  readonly between: (low: number, high: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly one: <T>(of: readonly T[]) => T;
  readonly seed: () => number;
};

export function drawFrom(seed: number): Draw {
  const random = seededRandom(seed >>> 0);
  const below = (limit: number) => Math.floor(random() * limit);
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => random() < probability,
    one: (of) => of[below(of.length)]!,
    seed: () => below(2 ** 32),
  };
}
