import type { Outcome } from '../../src/domain/posting/outcomes.ts';
import type { ProbeResult } from '../../src/domain/posting/writes.ts';
import type { Agenda } from './agenda.ts';
import { refused } from './erp/erp.ts';
import type { Faults } from './faults.ts';
import type { SentRequest, Wire } from './wire.ts';

export type Commitment = {
  readonly source: string;
  readonly root: string;
  readonly vendor: string;
  /** A change order comes after its order; members of a group are sent together. */
  readonly parent: string | null;
  readonly group: string | null;
  version: number;
  amountMinor: number;
  /** Every version with its amount: the truth about what was asked for. */
  readonly amounts: number[];
  gone: boolean;
  visibleAt: number;
  hiddenUntil: number;
  originId: string | null;
};

export type HubItem = {
  readonly key: string;
  readonly source: string;
  readonly requester: string;
  visibleAt: number;
  readonly closings: { readonly at: number; readonly result: 'success' | 'failed' }[];
};

export type OriginWrite = { readonly source: string; readonly at: number; readonly value: string };

/** The source as it really is: commitments that people edit, export requests that are closed once, our ids. */
export class Hub {
  readonly commitments = new Map<string, Commitment>();
  readonly items: HubItem[] = [];
  readonly origins: OriginWrite[] = [];
  /** Called when a write of ours took effect: the source announces it like any other change. */
  onOwnChange: (source: string) => void = () => {};
  private readonly agenda: Agenda;
  private readonly faults: Faults;
  readonly wire: Wire;

  constructor(agenda: Agenda, faults: Faults, wire: Wire) {
    this.agenda = agenda;
    this.faults = faults;
    this.wire = wire;
  }

  /** Null stands for 404, which a record that exists may also answer for a while. */
  fetch(source: string): {
    readonly commitment: Commitment | null;
    readonly items: readonly HubItem[];
    readonly takesMs: number;
  } {
    const { agenda, faults } = this;
    const takesMs = this.wire.read();
    const commitment = this.commitments.get(source)!;
    const items = this.items.filter((item) => item.source === source && item.visibleAt <= agenda.now);
    if (commitment.visibleAt > agenda.now) {
      faults.reached('W10');
      return { commitment: null, items: [], takesMs };
    }
    if (commitment.hiddenUntil > agenda.now) {
      faults.reached('P6');
      return { commitment: null, items, takesMs };
    }
    return { commitment, items, takesMs };
  }

  setOrigin(
    write: { readonly source: string; readonly originId: string; readonly sent: SentRequest },
    untilMs: number,
    answer: (outcome: Outcome) => void,
  ): void {
    const { source, originId, sent } = write;
    this.wire.write(
      untilMs,
      [sent],
      () => {
        sent.committed = this.agenda.now;
        const commitment = this.commitments.get(source)!;
        if (commitment.originId !== null && commitment.originId !== originId) {
          this.faults.reached('P9');
          sent.committed = null;
          return refused('origin_id', 'the origin id is already taken by another integration');
        }
        sent.changed = commitment.originId === null;
        if (commitment.originId === null) {
          commitment.originId = originId;
          this.origins.push({ source, at: this.agenda.now, value: originId });
        }
        this.onOwnChange(source);
        return { kind: 'posted', id: source };
      },
      answer,
    );
  }

  close(
    write: { readonly key: string; readonly result: 'success' | 'failed'; readonly sent: SentRequest },
    untilMs: number,
    answer: (outcome: Outcome) => void,
  ): void {
    const { key, result, sent } = write;
    this.wire.write(
      untilMs,
      [sent],
      () => {
        const item = this.items.find((other) => other.key === key)!;
        if (item.closings.length > 0) return refused('status', 'the item is closed');
        sent.committed = this.agenda.now;
        item.closings.push({ at: this.agenda.now, result });
        this.onOwnChange(item.source);
        return { kind: 'posted', id: key };
      },
      answer,
    );
  }

  originStanding(source: string, originId: string): ProbeResult {
    const { originId: there } = this.commitments.get(source)!;
    if (there === originId) return { kind: 'standing', standing: 'at-target', id: source };
    if (there === null) return { kind: 'standing', standing: 'at-base', id: source };
    this.faults.reached('P9');
    const difference = `another integration has written ${there}`;
    return { kind: 'standing', standing: 'elsewhere', id: source, difference };
  }

  itemStanding(key: string, result: 'success' | 'failed'): ProbeResult {
    const [closing] = this.items.find((other) => other.key === key)!.closings;
    if (closing === undefined) return { kind: 'standing', standing: 'at-base', id: key };
    if (closing.result === result) return { kind: 'standing', standing: 'at-target', id: key };
    const difference = `it is already closed as ${closing.result}`;
    return { kind: 'standing', standing: 'elsewhere', id: key, difference };
  }

  /** One pass over all lists. A page that shifts while it is read hides one of its records from this pass. */
  sweep(): string[] {
    this.wire.read();
    const sources = [...this.commitments.values()]
      .filter(({ visibleAt }) => visibleAt <= this.agenda.now)
      .map(({ source }) => source);
    if (sources.length > 0 && this.faults.strikes('P5')) {
      this.faults.reached('P5');
      sources.splice(this.agenda.now % sources.length, 1);
    }
    return sources;
  }

  readMs(): number {
    return this.wire.read();
  }
}
