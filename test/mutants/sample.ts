/** Some of a list, others each time: with every turn the window moves on by its own size, around the end. */
export function sampleOf<Item>(all: readonly Item[], size: number, turn: number): Item[] {
  const from = (turn * size) % all.length;
  return [...all.slice(from), ...all.slice(0, from)].slice(0, size);
}
