/** Full jitter between zero and a cap that doubles: many waiting clients do not come back at once. */
export function backoffMs(attempt: number, random: () => number, baseMs = 1_000, capMs = 300_000): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 20));
  return Math.round(random() * ceiling);
}
