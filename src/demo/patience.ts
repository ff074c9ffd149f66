export type Patience = {
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Something was told; only what was never told before shows that it goes on. */
  readonly heard: (line: string) => void;
  readonly end: () => void;
};

/**
 * Waits as long as something new happens. A clock alone would judge the machine: one that is busy with other work tells
 * the same story in several times the time, and one where nothing moves tells no more however long it is watched.
 */
export function patience({
  stillMs,
  mostMs,
}: {
  readonly stillMs: number;
  readonly mostMs: number;
}): Patience {
  const over = new AbortController();
  const lines = new Set<string>();
  const end = () => {
    clearTimeout(still);
    clearTimeout(most);
    over.abort();
  };
  const most = setTimeout(end, mostMs).unref();
  let still = setTimeout(end, stillMs).unref();
  return {
    signal: over.signal,
    heard(line) {
      if (over.signal.aborted || lines.has(line)) return;
      lines.add(line);
      clearTimeout(still);
      still = setTimeout(end, stillMs).unref();
    },
    end,
  };
}
