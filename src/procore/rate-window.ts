import { Stop } from '../domain/outcomes.ts';

// Procore counts per hour and per 10 seconds.
const LONGEST_WINDOW_MS = 3_600_000;
const SPIKE_WINDOW_MS = 10_000;
const SLACK_MS = 60_000;
// Longer waits belong to the dispatcher, which can serve other accounts meanwhile.
const WORTH_WAITING_MS = 15_000;
const MAX_WAITERS = 10_000;
const MAX_ROUNDS = 20;

type Headers = Readonly<Record<string, string>>;

/** How long an answer asks us to stay away: Retry-After, else the end of the rate window; null when neither. */
export function retryAfterMs(headers: Headers, now: Date | null): number | null {
  const after = headers['retry-after'];
  if (after !== undefined && /^\d{1,6}$/.test(after.trim())) return Number(after) * 1_000;
  if (headers['x-rate-limit-remaining']?.trim() !== '0') return null;
  return untilReset(headers, now);
}

/**
 * Time until the stated Reset, by the server's own Date header so that a skewed clock of ours does not matter.
 * A clock by which Reset lies outside an hour is not the one Reset was taken from; then the other one counts.
 */
function untilReset(headers: Headers, now: Date | null): number | null {
  const reset = headers['x-rate-limit-reset'];
  if (reset === undefined || !/^\d{1,12}$/.test(reset.trim())) return null;
  const resetAtMs = Number(reset) * 1_000;
  for (const clockMs of [Date.parse(headers.date ?? ''), now?.getTime() ?? Number.NaN]) {
    const waitMs = resetAtMs - clockMs;
    if (waitMs >= -SLACK_MS && waitMs <= LONGEST_WINDOW_MS + SLACK_MS)
      return Math.min(Math.max(waitMs, 0), LONGEST_WINDOW_MS);
  }
  return SPIKE_WINDOW_MS;
}

export type RateWindow = {
  /** Runs one call when a place is free and the window is open. A Stop thrown here means: nothing was sent. */
  readonly run: <T>(call: () => Promise<T>) => Promise<T>;
  /** Tells what an answer said about the window. */
  readonly note: (headers: Headers) => void;
};

/**
 * One account's share of Procore's two windows (an hour and 10 seconds; the headers describe the nearer one)
 * and its cap of calls at the same time. No call starts inside a window that is known to be used up.
 */
export function rateWindow(options: {
  readonly maxInFlight: number;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
}): RateWindow {
  const { maxInFlight, now, sleep } = options;
  const waiters: (() => void)[] = [];
  let inFlight = 0;
  let known: { remaining: number; resetAtMs: number } | null = null;

  async function takePlace(): Promise<void> {
    if (inFlight < maxInFlight) {
      inFlight += 1;
      return;
    }
    if (waiters.length >= MAX_WAITERS)
      throw new Stop('retry-later', 'Procore', `${MAX_WAITERS} calls already wait for a free place`);
    await new Promise<void>((resolve) => waiters.push(resolve));
  }

  function leavePlace(): void {
    const next = waiters.shift();
    if (next) next();
    else inFlight -= 1;
  }

  async function untilOpen(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (known === null || now().getTime() >= known.resetAtMs) {
        known = null;
        return;
      }
      if (known.remaining > 0) {
        known.remaining -= 1;
        return;
      }
      const waitMs = known.resetAtMs - now().getTime();
      if (waitMs > WORTH_WAITING_MS) throw usedUp(waitMs);
      await sleep(waitMs);
    }
    throw usedUp(WORTH_WAITING_MS);
  }

  return {
    async run(call) {
      await takePlace();
      try {
        await untilOpen();
        return await call();
      } finally {
        leavePlace();
      }
    },
    note(headers) {
      const remaining = headers['x-rate-limit-remaining'];
      const waitMs = untilReset(headers, now());
      if (remaining === undefined || !/^\d{1,9}$/.test(remaining.trim()) || waitMs === null) return;
      // Calls still under way may not be counted in this answer yet.
      known = {
        remaining: Math.max(0, Number(remaining) - (inFlight - 1)),
        resetAtMs: now().getTime() + waitMs,
      };
    },
  };
}

function usedUp(waitMs: number): Stop {
  return new Stop('retry-later', 'Procore', 'the rate limit of this app is used up for now', {
    retryAfterMs: waitMs,
    remedy: 'Nothing to do: work goes on when the window opens. Procore raises the limit on request.',
  });
}
