import type { Clock } from '../lib/clock.ts';

/** Procore gives up after 5 s and pauses its queue: one second is left for the network. */
export const WEBHOOK_DEADLINE_MS = 4000;

/** One deadline for the whole delivery, from its first header to its answer. */
export type Deadline = { readonly endsMs: number; readonly ring: () => void };

/**
 * The deadlines of all deliveries that run. All have the same length, so the first to start is the first to end,
 * and one timer serves thousands.
 */
export class Deadlines {
  private readonly clock: Clock;
  private readonly running = new Set<Deadline>();
  private readonly closing = new AbortController();
  private watching = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Rings once when time is up, unless it is lifted before. */
  start(ring: () => void): Deadline {
    const mine = { endsMs: this.clock.now().getTime() + WEBHOOK_DEADLINE_MS, ring };
    this.running.add(mine);
    if (!this.watching) void this.watch();
    return mine;
  }

  lift(deadline: Deadline): void {
    this.running.delete(deadline);
  }

  /** Nothing is answered any more: the timer must not keep the process. */
  close(): void {
    this.closing.abort();
  }

  private async watch(): Promise<void> {
    this.watching = true;
    for (const first of this.running) {
      const leftMs = first.endsMs - this.clock.now().getTime();
      if (leftMs > 0) await this.clock.sleep(leftMs, this.closing.signal);
      if (this.closing.signal.aborted) break;
      if (this.running.delete(first)) first.ring();
    }
    this.watching = false;
  }
}
