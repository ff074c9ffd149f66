/**
 * Lets at most `limit` calls run at once; the others wait in the order in which they came, those of `first` before
 * all others: a look at what was begun ends it, and must not wait for a row of new writes.
 */
export function openSlots(limit: number) {
  const urgent: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(call: () => Promise<T>, turn: 'first' | 'in-order' = 'in-order'): Promise<T> => {
    const queue = turn === 'first' ? urgent : waiting;
    if (running >= limit) await new Promise<void>((go) => queue.push(go));
    else running += 1;
    try {
      return await call();
    } finally {
      // A freed slot is handed over, not returned: a newcomer cannot overtake the queue.
      const next = urgent.shift() ?? waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
