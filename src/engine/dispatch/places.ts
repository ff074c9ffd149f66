/** Takes one of an account's places for a write; what it returns gives the place back. */
export type TakePlace = () => Promise<() => void>;

/** What a write of an account waits for before its intent. */
export type Places = {
  /** From the intent until the target has answered. */
  readonly write: TakePlace;
  /** From the intent until the request leaves. */
  readonly prepare: TakePlace;
};

// As many as a database and one process bring forward side by side: with more, each would leave when all are ready.
const PREPARED_AT_ONCE = 4;

/**
 * One login has one set of places, whichever of its connections writes. The connector keeps the cap of calls; as many
 * more may be intended or released, so that the next request stands ready when a call ends and the target is never
 * idle. A place is taken before the intent: a crash leaves few requests that may have left, and what is decided is
 * sent soon after.
 */
export function placesByAccount(): (account: string, inFlight: number) => Places {
  const known = new Map<string, Places>();
  return (account, inFlight) => {
    const places = known.get(account) ?? {
      write: openPlaces(inFlight === 1 ? 1 : 2 * inFlight),
      prepare: openPlaces(PREPARED_AT_ONCE),
    };
    known.set(account, places);
    return places;
  };
}

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
