import { Stop } from '../../domain/posting/outcomes.ts';
import { type RetryBudget, retryBudget } from '../../lib/retry-budget.ts';

// Procore counts per hour and per 10 seconds.
const LONGEST_WINDOW_MS = 3_600_000;
const SPIKE_WINDOW_MS = 10_000;
const SLACK_MS = 60_000;
// Reset has whole seconds.
const SLACK_OF_SECONDS_MS = 2_000;
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

/** What a call is for: a regular look leaves a share of every window to the work that somebody waits for. */
export type Purpose = 'work' | 'sweep';

// A quarter of each window is kept back from the regular looks.
const KEPT_FOR_WORK = 0.25;

export type RateWindow = {
  /** Runs one call when a place is free and the window is open. A Stop thrown here means: nothing was sent. */
  readonly run: <T>(purpose: Purpose, call: () => Promise<T>) => Promise<T>;
  /** Tells what an answer said about the window. */
  readonly note: (headers: Headers) => void;
  /** What is known of the windows that are open now. */
  readonly known: () => readonly KnownWindow[];
  /** Shared like the windows are. */
  readonly retries: RetryBudget;
};

export type KnownWindow = {
  readonly kind: 'spike' | 'hour';
  readonly limit: number;
  readonly remaining: number;
  readonly resetsInMs: number;
};

type Counted = { limit: number; remaining: number; resetAtMs: number };

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
  const waiting: Record<Purpose, (() => void)[]> = { work: [], sweep: [] };
  let inFlight = 0;
  const windows: { spike: Counted | null; hour: Counted | null } = { spike: null, hour: null };

  async function takePlace(purpose: Purpose): Promise<void> {
    if (inFlight < maxInFlight) {
      inFlight += 1;
      return;
    }
    const queue = waiting[purpose];
    if (queue.length >= MAX_WAITERS)
      throw new Stop('retry-later', 'Procore', `${MAX_WAITERS} calls already wait for a free place`);
    await new Promise<void>((resolve) => queue.push(resolve));
  }

  /** A look has hundreds of calls to make, one after the other: work that comes meanwhile goes before them. */
  function leavePlace(): void {
    const next = waiting.work.shift() ?? waiting.sweep.shift();
    if (next) next();
    else inFlight -= 1;
  }

  /** Time until both windows let a call of this purpose through; what is over is forgotten. */
  function closedMs(purpose: Purpose): number {
    const nowMs = now().getTime();
    let waitMs = 0;
    for (const kind of ['spike', 'hour'] as const) {
      const window = windows[kind];
      if (window === null) continue;
      if (nowMs >= window.resetAtMs) windows[kind] = null;
      else if (window.remaining <= (purpose === 'sweep' ? Math.ceil(window.limit * KEPT_FOR_WORK) : 0))
        waitMs = Math.max(waitMs, window.resetAtMs - nowMs);
    }
    return waitMs;
  }

  async function untilOpen(purpose: Purpose): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const waitMs = closedMs(purpose);
      if (waitMs === 0) return;
      if (waitMs > WORTH_WAITING_MS) throw usedUp(purpose, waitMs);
      await sleep(waitMs);
    }
    throw usedUp(purpose, WORTH_WAITING_MS);
  }

  /** A look waits for its share without a place, so that it keeps no work from going. */
  async function takeSweepingPlace(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      await untilOpen('sweep');
      await takePlace('sweep');
      if (closedMs('sweep') === 0) return;
      leavePlace();
    }
    throw usedUp('sweep', WORTH_WAITING_MS);
  }

  return {
    retries: retryBudget(),
    known: () =>
      (['spike', 'hour'] as const).flatMap((kind) => {
        const window = windows[kind];
        const resetsInMs = (window?.resetAtMs ?? 0) - now().getTime();
        if (window === null || resetsInMs <= 0) return [];
        return [{ kind, limit: window.limit, remaining: window.remaining, resetsInMs }];
      }),
    async run(purpose, call) {
      await (purpose === 'sweep' ? takeSweepingPlace() : takePlace('work'));
      try {
        await untilOpen('work');
        for (const window of [windows.spike, windows.hour]) if (window !== null) window.remaining -= 1;
        return await call();
      } finally {
        leavePlace();
      }
    },
    note(headers) {
      const [remaining, limit] = [countIn(headers, 'remaining'), countIn(headers, 'limit')];
      const waitMs = untilReset(headers, now());
      if (remaining === null || waitMs === null) return;
      const resetAtMs = now().getTime() + waitMs;
      // Calls still under way may not be counted in this answer yet.
      const left = Math.max(0, remaining - Math.max(0, inFlight - 1));
      const isHour = waitMs > SPIKE_WINDOW_MS + SLACK_OF_SECONDS_MS || limit === windows.hour?.limit;
      windows[isHour ? 'hour' : 'spike'] = { limit: limit ?? remaining, remaining: left, resetAtMs };
    },
  };
}

/** Limits are counted for an app, whichever of its connections calls: they share one window. */
export function windowsByAccount(
  options: Pick<Parameters<typeof rateWindow>[0], 'now' | 'sleep'>,
): (account: string, maxInFlight: number) => RateWindow {
  const known = new Map<string, RateWindow>();
  return (account, maxInFlight) => {
    const window = known.get(account) ?? rateWindow({ ...options, maxInFlight });
    known.set(account, window);
    return window;
  };
}

function countIn(headers: Headers, name: 'remaining' | 'limit'): number | null {
  const text = headers[`x-rate-limit-${name}`]?.trim() ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function usedUp(purpose: Purpose, waitMs: number): Stop {
  const what =
    purpose === 'work'
      ? 'the rate limit of this app'
      : 'the share of regular looks in the rate limit of this app';
  return new Stop('retry-later', 'Procore', `${what} is used up for now`, {
    retryAfterMs: waitMs,
    remedy: 'Nothing to do: work goes on when the window opens. Procore raises the limit on request.',
  });
}
