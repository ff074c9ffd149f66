import type { Clock } from './clock.ts';

/** When some work is told that its time is up; it rings no more once it was lifted. */
export type Deadline = {
  readonly endsMs: number;
  ring: (() => void) | null;
  before: Deadline | null;
  after: Deadline | null;
};

/**
 * Deadlines of one length: the first to start is the first to end, so one timer serves thousands. It runs on for that
 * time after the last of them.
 *
 * They stand in a list whose links are cut when one leaves. A Set that thousands pass through leaves a chain of its old
 * tables, and the garbage collector carried a third of all requests along with it.
 */
export class Deadlines {
  private readonly clock: Clock;
  private readonly lengthMs: number;
  private readonly closing = new AbortController();
  private first: Deadline | null = null;
  private last: Deadline | null = null;
  private watching = false;

  constructor(clock: Clock, lengthMs: number) {
    this.clock = clock;
    this.lengthMs = lengthMs;
  }

  /** Rings once when time is up, unless it is lifted before. */
  start(ring: () => void): Deadline {
    const endsMs = this.clock.now().getTime() + this.lengthMs;
    const mine: Deadline = { endsMs, ring, before: this.last, after: null };
    if (this.last === null) this.first = mine;
    else this.last.after = mine;
    this.last = mine;
    if (!this.watching) void this.watch();
    return mine;
  }

  lift(deadline: Deadline): void {
    if (deadline.ring === null) return;
    const { before, after } = deadline;
    if (before === null) this.first = after;
    else before.after = after;
    if (after === null) this.last = before;
    else after.before = before;
    deadline.ring = null;
    deadline.before = null;
    deadline.after = null;
  }

  /** Nobody waits any more: the timer must not keep the process. */
  close(): void {
    this.closing.abort();
  }

  private async watch(): Promise<void> {
    this.watching = true;
    for (let next = this.first; next !== null; next = this.first) {
      const leftMs = next.endsMs - this.clock.now().getTime();
      if (leftMs > 0) await this.clock.sleep(leftMs, this.closing.signal);
      if (this.closing.signal.aborted) break;
      const { ring } = next;
      this.lift(next);
      ring?.();
    }
    this.watching = false;
  }
}
