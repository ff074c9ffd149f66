/** Resolves when the event loop has given out everything that was there to read in this turn. */
export function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
