const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const ENDED = Symbol('ended');

/** Aborted when the command is told to end; told a second time, the command ends where it stands. */
export function toldToEnd(): AbortSignal {
  const told = new AbortController();
  for (const signal of SIGNALS) process.once(signal, () => told.abort());
  return told.signal;
}

/** What the work comes to, or null as soon as it shall end: what it held is then taken away under it. */
export async function unlessEnded<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | null> {
  if (signal === undefined) return work;
  let ended = () => {};
  const asked = new Promise<typeof ENDED>((resolve) => {
    ended = () => resolve(ENDED);
  });
  if (signal.aborted) ended();
  signal.addEventListener('abort', ended, { once: true });
  try {
    const first = await Promise.race([work, asked]);
    return first === ENDED ? null : first;
  } finally {
    signal.removeEventListener('abort', ended);
  }
}
