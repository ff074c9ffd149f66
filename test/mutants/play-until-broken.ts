import { playHistory } from '../simulation/history.ts';

/**
 * Plays seeded histories until one breaks an invariant or the product stops itself, and says how many that took.
 * Runs inside the copy that a mutant was put into.
 */
const [from = '1', most = '1'] = process.argv.slice(2);
let found: string | null = null;
let histories = 0;
while (found === null && histories < Number(most)) {
  found = brokenBy(Number(from) + histories);
  histories += 1;
}
process.stdout.write(`${JSON.stringify({ histories, found })}\n`);

function brokenBy(seed: number): string | null {
  try {
    const [violation] = playHistory(seed).violations;
    return violation ?? null;
  } catch (error) {
    return `seed ${seed} stopped: ${error instanceof Error ? error.message : String(error)}`;
  }
}
