import type { Settings } from '../settings.ts';

type Window = { startedAt: number; count: number };
type Budget = { hour: Window; spike: Window };

const HOUR_MS = 3_600_000;
const SPIKE_MS = 10_000;

/** The older documentation prints one text for both windows. */
export const LIMIT_TEXT =
  'You have surpassed the max number of requests for an hour. Please wait until your limit resets.';

/** Two fixed windows per application: one hour and ten seconds. Failed and refused calls count as well. */
export class RateLimiter {
  private readonly budgets = new Map<string, Budget>();

  reset(): void {
    this.budgets.clear();
  }

  /** Counts one call; false when either window is used up. */
  take(key: string, now: number, limits: Settings['rate_limit']): boolean {
    const budget = this.budget(key, now);
    const allowed = budget.hour.count < limits.hour && budget.spike.count < limits.ten_seconds;
    budget.hour.count += 1;
    budget.spike.count += 1;
    return allowed;
  }

  /** Headers describe whichever window is likelier to be hit first, so the limit value jumps. */
  headers(key: string, now: number, limits: Settings['rate_limit']): Record<string, string> {
    const budget = this.budget(key, now);
    const hourLeft = Math.max(0, limits.hour - budget.hour.count);
    const spikeLeft = Math.max(0, limits.ten_seconds - budget.spike.count);
    const spikeFirst = spikeLeft <= hourLeft;
    const resetAt = spikeFirst ? budget.spike.startedAt + SPIKE_MS : budget.hour.startedAt + HOUR_MS;
    return {
      'X-Rate-Limit-Limit': String(spikeFirst ? limits.ten_seconds : limits.hour),
      'X-Rate-Limit-Remaining': String(spikeFirst ? spikeLeft : hourLeft),
      'X-Rate-Limit-Reset': String(Math.ceil(resetAt / 1_000)),
    };
  }

  private budget(key: string, now: number): Budget {
    let budget = this.budgets.get(key);
    if (!budget) {
      budget = { hour: { startedAt: now, count: 0 }, spike: { startedAt: now, count: 0 } };
      this.budgets.set(key, budget);
    }
    if (now - budget.hour.startedAt >= HOUR_MS) budget.hour = { startedAt: now, count: 0 };
    if (now - budget.spike.startedAt >= SPIKE_MS) budget.spike = { startedAt: now, count: 0 };
    return budget;
  }
}
