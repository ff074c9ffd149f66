/** What the attack itself did to both systems: nobody else can say what was right at which moment. */
export class Witness {
  /** When a person last changed an order in the ERP, by its key there. */
  readonly touched = new Map<string, number>();
  /** The totals, in cents, that a commitment had one after the other. */
  readonly totals = new Map<string, bigint[]>();
  private readonly lines = new Map<string, Map<number, bigint>>();

  touch(order: string): void {
    this.touched.set(order, Date.now());
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
