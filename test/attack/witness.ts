import type { SourceOf } from './erp.ts';

/** An application that was approved and exported, by what people entered in it. */
export type Billed = {
  readonly object: 'sub-invoice' | 'owner-invoice';
  readonly id: string;
  /** The commitment; null for an application to the owner. */
  readonly commitment: string | null;
  /** The application before it on the same contract. */
  readonly previous: Billed | null;
  /** What each invoice of it has to come to, in cents. */
  readonly parts: ReadonlyMap<SourceOf['part'], bigint>;
};

/** What the attack itself did to both systems: nobody else can say what was right at which moment. */
export class Witness {
  /** When a person last changed a document in the ERP, by its id there. */
  readonly touched = new Map<string, number>();
  /** The totals, in cents, that a commitment had one after the other. */
  readonly totals = new Map<string, bigint[]>();
  /** Applications by their id. */
  readonly billed = new Map<string, Billed>();
  private readonly lines = new Map<string, Map<number, bigint>>();

  touch(id: string): void {
    this.touched.set(id, Date.now());
  }

  bill(application: Billed): void {
    this.billed.set(application.id, application);
  }

  /** The amounts of a commitment's lines, as they stand now. */
  amounts(contract: number): ReadonlyMap<number, bigint> {
    return this.lines.get(String(contract)) ?? new Map();
  }

  /** The amount of a line from now on; told before the source is, so that no total is seen that is not known. */
  wrote(contract: number, amounts: readonly (readonly [line: number, amount: string])[]): void {
    const key = String(contract);
    const lines = this.lines.get(key) ?? new Map<number, bigint>();
    for (const [line, amount] of amounts) lines.set(line, BigInt(amount.replace('.', '')));
    this.lines.set(key, lines);
    let total = 0n;
    for (const cents of lines.values()) total += cents;
    this.totals.set(key, [...(this.totals.get(key) ?? []), total]);
  }
}
