import type { Clock } from '../lib/clock.ts';

/** Procore gives up after 5 s and pauses its queue: one second is left for the network. */
export const WEBHOOK_DEADLINE_MS = 4000;

/** One deadline for the whole delivery, from its first header to its answer. */
export interface Deadline {
  /** The work's answer, or 503 when time is up. The work may still commit: the next delivery is a duplicate. */
  race<Answer>(work: Promise<Answer>): Promise<Answer | 503>;
  lift(): void;
}

class Running implements Deadline {
  readonly endsMs: number;
  isLifted = false;
  private isLate = false;
  private ring: (() => void) | null = null;

  constructor(endsMs: number) {
    this.endsMs = endsMs;
  }

  race<Answer>(work: Promise<Answer>): Promise<Answer | 503> {
    return new Promise((resolve, reject) => {
      // After the deadline nobody waits for the work, and its failure must not end the process.
      work.then(resolve, reject);
      if (this.isLate) resolve(503);
      else this.ring = () => resolve(503);
    });
  }

  lift(): void {
    this.isLifted = true;
    this.ring = null;
  }

  end(): void {
    this.isLate = true;
    this.ring?.();
  }
}

/**
 * The deadlines of all deliveries that run. All have the same length, so the first to start is the first to end,
 * and one timer serves thousands.
 */
export class Deadlines {
  private readonly clock: Clock;
  private readonly running: Running[] = [];
  private readonly closing = new AbortController();
  private watching = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  start(): Deadline {
    const mine = new Running(this.clock.now().getTime() + WEBHOOK_DEADLINE_MS);
    this.running.push(mine);
    if (!this.watching) void this.watch();
    return mine;
  }

  /** Nothing is answered any more: the timer must not keep the process. */
  close(): void {
    this.closing.abort();
  }

  private async watch(): Promise<void> {
    this.watching = true;
    while (this.running.length > 0 && !this.closing.signal.aborted) {
      const first = this.running[0]!;
      if (!first.isLifted) {
        const leftMs = first.endsMs - this.clock.now().getTime();
        if (leftMs > 0) await this.clock.sleep(leftMs, this.closing.signal);
      }
      this.dropEnded();
    }
    this.watching = false;
  }

  private dropEnded(): void {
    const nowMs = this.clock.now().getTime();
    let ended = 0;
    for (const each of this.running) {
      if (!each.isLifted && each.endsMs > nowMs) break;
      if (!each.isLifted) each.end();
      ended += 1;
    }
    this.running.splice(0, ended);
  }
}
