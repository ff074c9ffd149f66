import { setTimeout as pause } from 'node:timers/promises';

/** Looks until it is so, at most for so long. */
export async function patiently<T>(
  what: string,
  limitMs: number,
  look: () => Promise<T | false | null | undefined>,
  everyMs = 50,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (performance.now() > end) throw new Error(`${limitMs} ms were not enough until ${what}`);
    await pause(everyMs);
  }
}
