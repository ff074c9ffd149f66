/** Repeatable draws from one seed: the same seed tells the same story. */
export type Dice = {
  /** At least 0, below 1. */
  readonly fraction: () => number;
  /** A whole number between the two, both included. */
  readonly between: (low: number, high: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  readonly shuffled: <T>(from: readonly T[]) => T[];
};

/** A small generator (xorshift on 32 bits), good enough to deal amounts and faults. */
export function dice(seed: number): Dice {
  // Small seeds differ in a few bits only, so they are spread first; zero would stay zero for ever.
  let held = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0 || 1;
  const fraction = () => {
    held ^= held << 13;
    held ^= held >>> 17;
    held ^= held << 5;
    held >>>= 0;
    return held / 4_294_967_296;
  };
  const between = (low: number, high: number) => low + Math.floor(fraction() * (high - low + 1));
  for (let warmUp = 0; warmUp < 8; warmUp += 1) fraction();
  return {
    fraction,
    between,
    pick: (from) => {
      const chosen = from[between(0, from.length - 1)];
      if (chosen === undefined) throw new Error('nothing to pick from');
      return chosen;
    },
    shuffled: (from) => {
      const rest = [...from];
      for (let index = rest.length - 1; index > 0; index -= 1) {
        const other = between(0, index);
        [rest[index], rest[other]] = [rest[other]!, rest[index]!];
      }
      return rest;
    },
  };
}
