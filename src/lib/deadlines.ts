import type { Clock } from './clock.ts';

/** When some work is told that its time is up. */
export type Deadline = { readonly endsMs: number; readonly ring: () => void };

/**
 * Deadlines of one length: the first to start is the first to end, so one timer serves thousands. It runs on for that
 * time after the last of them.
 */
export class Deadlines {
  private readonly clock: Clock;
  private readonly lengthMs: number;
  private readonly running = new Set<Deadline>();
  private readonly closing = new AbortController();
  private watching = false;

  constructor(clock: Clock, lengthMs: number) {
    this.clock = clock;
    this.lengthMs = lengthMs;
  }

  /** Rings once when time is up, unless it is lifted before. */
  start(ring: () => void): Deadline {
    const mine = { endsMs: this.clock.now().getTime() + this.lengthMs, ring };
    this.running.add(mine);
    if (!this.watching) void this.watch();
    return mine;
  }

  lift(deadline: Deadline): void {
    this.running.delete(deadline);
  }

  /** Nobody waits any more: the timer must not keep the process. */
  close(): void {
    this.closing.abort();
  }

  private async watch(): Promise<void> {
    this.watching = true;
    // Begun anew each time: an iterator that waits would keep alive all that came and went meanwhile.
    for (let first = this.first(); first !== undefined; first = this.first()) {
      const leftMs = first.endsMs - this.clock.now().getTime();
      if (leftMs > 0) await this.clock.sleep(leftMs, this.closing.signal);
      if (this.closing.signal.aborted) break;
      if (this.running.delete(first)) first.ring();
    }
    this.watching = false;
  }

  private first(): Deadline | undefined {
    return this.running.values().next().value;
  }
}
