/** What one commit may take, and how much may wait for it: beyond that nothing is taken in, so memory stays flat. */
export type Bounds = {
  readonly items: number;
  readonly bytes: number;
  readonly waitingItems: number;
  readonly waitingBytes: number;
};

type Waiting<Item, Result> = {
  readonly item: Item;
  readonly bytes: number;
  readonly settle: (result: Result) => void;
  readonly fail: (error: unknown) => void;
};

export type GroupCommitOptions<Item, Result> = {
  readonly bounds: Bounds;
  readonly bytesOf: (item: Item) => number;
  /** Makes all of them durable, or none; answers one result for each. */
  readonly write: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Ends when everybody who speaks just now was heard. */
  readonly heardAll: () => Promise<void>;
  /** Whether an item may be at fault, so that its neighbours deserve a try without it. */
  readonly isOneAtFault: (error: unknown) => boolean;
};

/**
 * What arrives while a commit runs is written by the next one, all of it together: a flush to the disk is paid once
 * for many. Nobody waits for company that is not there yet, and one commit runs at a time, so that the order of
 * arrival is the order of writing.
 */
export class GroupCommit<Item, Result> {
  private readonly options: GroupCommitOptions<Item, Result>;
  private waiting: Waiting<Item, Result>[] = [];
  private waitingBytes = 0;
  private running = false;

  constructor(options: GroupCommitOptions<Item, Result>) {
    this.options = options;
  }

  /** Resolves when the item is durable; null, and nothing is kept, when too much waits already. */
  add(item: Item): Promise<Result> | null {
    const { bounds, bytesOf } = this.options;
    const bytes = bytesOf(item);
    if (this.waiting.length >= bounds.waitingItems || this.waitingBytes + bytes > bounds.waitingBytes)
      return null;
    return new Promise((settle, fail) => {
      this.waiting.push({ item, bytes, settle, fail });
      this.waitingBytes += bytes;
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      await this.options.heardAll();
      await this.commit(this.take());
    }
    this.running = false;
  }

  private take(): Waiting<Item, Result>[] {
    const { bounds } = this.options;
    const all = this.waiting;
    if (all.length <= bounds.items && this.waitingBytes <= bounds.bytes) {
      this.waiting = [];
      this.waitingBytes = 0;
      return all;
    }
    let count = 0;
    let bytes = 0;
    for (const next of all) {
      if (count > 0 && (count >= bounds.items || bytes + next.bytes > bounds.bytes)) break;
      count += 1;
      bytes += next.bytes;
    }
    this.waitingBytes -= bytes;
    return all.splice(0, count);
  }

  private async commit(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.options.write(batch.map(({ item }) => item));
      for (const [index, { settle }] of batch.entries()) settle(results[index]!);
    } catch (error) {
      if (batch.length > 1 && this.options.isOneAtFault(error)) {
        const half = Math.ceil(batch.length / 2);
        await this.commit(batch.slice(0, half));
        await this.commit(batch.slice(half));
      } else for (const { fail } of batch) fail(error);
    }
  }
}
