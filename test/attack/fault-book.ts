/** How often each fault was done, and how often it hit what it is meant to hit. */
export type FaultCounts = Record<string, { injected: number; reached: number }>;

export class FaultBook {
  readonly counts: FaultCounts = {};

  injected(id: string, times = 1): void {
    this.of(id).injected += times;
  }

  reached(id: string, times = 1): void {
    this.of(id).reached += times;
  }

  /** Names a fault that was planned, so that one that never came shows as zero instead of not at all. */
  planned(id: string): void {
    this.of(id);
  }

  add(counts: FaultCounts): void {
    for (const [id, { injected, reached }] of Object.entries(counts)) {
      this.injected(id, injected);
      this.reached(id, reached);
    }
  }

  private of(id: string) {
    this.counts[id] ??= { injected: 0, reached: 0 };
    return this.counts[id];
  }
}
