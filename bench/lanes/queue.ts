/** One way to carry jobs, for the bench that compares them. */
export type Queue = {
  readonly name: string;
  /** Enqueues every job, works each once, and tells in what order the jobs of each key were worked. */
  readonly carry: (jobs: readonly Job[]) => Promise<Worked>;
  readonly stop: () => Promise<void>;
};

export type Job = { readonly key: string; readonly seq: number };
export type Worked = { readonly seconds: number; readonly order: ReadonlyMap<string, readonly number[]> };

// All three are given their jobs in batches of this size, each by its own call for many.
export const ENQUEUED_AT_ONCE = 500;

export function batches<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

/** Counts what was worked; `whenAll` is kept when the last of so many was. */
export function workLog(expected: number) {
  const order = new Map<string, number[]>();
  let worked = 0;
  let done: () => void = () => {};
  const whenAll = new Promise<void>((kept) => {
    done = kept;
  });
  return {
    order,
    whenAll,
    note({ key, seq }: Job) {
      const seen = order.get(key) ?? [];
      seen.push(seq);
      order.set(key, seen);
      worked += 1;
      if (worked === expected) done();
    },
  };
}
