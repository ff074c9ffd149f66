/**
 * Time as the delivery queues feel it: real time times a scale, plus jumps. Twelve hours of back-off can so
 * pass in a second without any token or timestamp running ahead.
 */
export class PacedClock {
  private scale: number;
  private anchorRealMs = performance.now();
  private anchorMs = 0;

  constructor(scale: number) {
    this.scale = scale;
  }

  now(): number {
    return this.anchorMs + (performance.now() - this.anchorRealMs) * this.scale;
  }

  advance(ms: number): void {
    this.anchorMs += ms;
  }

  setScale(scale: number): void {
    this.anchorMs = this.now();
    this.anchorRealMs = performance.now();
    this.scale = scale;
  }

  /** Real milliseconds until the given simulated moment. */
  realMsUntil(due: number): number {
    return Math.max(0, Math.ceil((due - this.now()) / this.scale));
  }
}
