/** Takes one of an account's places for a write; what it returns gives the place back. */
export type TakePlace = () => Promise<() => void>;

/**
 * At most so many writes of one account are between their release and what the target shows afterwards. The place
 * is taken before the release is committed: a request that may have left is never one that waits for its turn, so
 * a crash leaves as few of them as there are places.
 */
export function openPlaces(count: number): TakePlace {
  const waiting: (() => void)[] = [];
  let taken = 0;
  function giveBack(): void {
    // A freed place is handed over, not returned: a newcomer cannot overtake the queue.
    const next = waiting.shift();
    if (next) next();
    else taken -= 1;
  }
  return async () => {
    if (taken >= count) await new Promise<void>((go) => waiting.push(go));
    else taken += 1;
    let isMine = true;
    return () => {
      if (isMine) giveBack();
      isMine = false;
    };
  };
}

/** One login has one set of places, whichever of its connections writes. */
export function placesByAccount(): (account: string, count: number) => TakePlace {
  const known = new Map<string, TakePlace>();
  return (account, count) => {
    const places = known.get(account) ?? openPlaces(count);
    known.set(account, places);
    return places;
  };
}
