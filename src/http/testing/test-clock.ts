import type { Clock } from '../../lib/clock.ts';

export interface TestClock extends Clock {
  /** Moves time forward and wakes whoever sleeps until then. */
  advance(ms: number): void;
}

/** A clock that stands still until the test moves it. */
export function testClock(start: string): TestClock {
  let nowMs = Date.parse(start);
  const sleepers = new Set<{ untilMs: number; wake: () => void }>();
  return {
    now: () => new Date(nowMs),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = {
          untilMs: nowMs + ms,
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      }),
    advance(ms) {
      nowMs += ms;
      for (const sleeper of [...sleepers]) if (sleeper.untilMs <= nowMs) sleeper.wake();
    },
  };
}
