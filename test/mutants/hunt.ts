import { FIRST_SEED, nameOf, runKiller, type Seen, typeErrors } from './killers.ts';
import type { Killer, Mutant } from './mutant.ts';
import { editsOf, SourceCopy } from './source-copy.ts';

export type Hunted = {
  readonly id: string;
  readonly says: string;
  readonly killedBy: string;
  readonly killed: boolean;
  readonly how: string;
  /** How many histories it took; null for everything else. */
  readonly histories: number | null;
  readonly seconds: number;
};

// A history that breaks without any mutant says nothing about one; this many of them are passed over.
const BROKEN_ANYWAY_AT_MOST = 20;

/**
 * Puts one mutant after the other into a copy of the source and lets its killer look for it. What it finds must
 * not be there in an untouched copy: the same history, or the same tests, must hold without the mutant.
 */
export async function hunt(mutants: readonly Mutant[], onEach: (hunted: Hunted) => void): Promise<Hunted[]> {
  const [copy, untouched] = [await SourceCopy.make(), await SourceCopy.make()];
  const healthy = new Map<string, Promise<Seen>>();
  const holds = async (killer: Killer, seed: number) => {
    const key = JSON.stringify([killer, seed]);
    const look = healthy.get(key) ?? runKiller(killer, untouched.folder, seed);
    healthy.set(key, look);
    return (await look).broken === null;
  };
  const results: Hunted[] = [];
  try {
    for (const mutant of mutants) {
      const result = await copy
        .with(mutant, () => huntOne(mutant, copy.folder, holds))
        .catch((error: unknown) => unproven(mutant, error));
      results.push(result);
      onEach(result);
    }
  } finally {
    await Promise.all([copy.remove(), untouched.remove()]);
  }
  return results;
}

/** One that could not be judged counts as a survivor, and the others go on. */
function unproven({ id, says, killedBy }: Mutant, error: unknown): Hunted {
  const how = `not judged: ${error instanceof Error ? error.message : String(error)}`;
  return { id, says, killedBy: nameOf(killedBy), killed: false, how, histories: null, seconds: 0 };
}

async function huntOne(
  mutant: Mutant,
  folder: string,
  holds: (killer: Killer, seed: number) => Promise<boolean>,
): Promise<Hunted> {
  const { id, says, killedBy } = mutant;
  const files = editsOf(mutant).flatMap(({ file }) => (file.endsWith('.ts') ? [file] : []));
  const wrong = files.length === 0 ? null : await typeErrors(folder, files);
  if (wrong !== null) throw new Error(`mutant ${id} does not type-check: ${wrong}`);
  let [seed, seconds] = [FIRST_SEED, 0];
  for (let passedOver = 0; passedOver <= BROKEN_ANYWAY_AT_MOST; passedOver += 1) {
    const seen = await runKiller(from(killedBy, seed), folder, seed);
    seconds += seen.seconds;
    const next = seed + seen.histories;
    const histories = killedBy.by === 'simulation' ? next - FIRST_SEED : null;
    const of = { id, says, killedBy: nameOf(killedBy), histories, seconds };
    if (seen.broken === null) return { ...of, killed: false, how: 'nothing noticed it' };
    const same: Killer = killedBy.by === 'simulation' ? { ...killedBy, histories: 1 } : killedBy;
    if (await holds(same, next - 1)) return { ...of, killed: true, how: seen.broken };
    if (killedBy.by !== 'simulation')
      throw new Error(`${nameOf(killedBy)} finds a fault without any mutant: ${seen.broken}`);
    seed = next;
  }
  throw new Error(`${BROKEN_ANYWAY_AT_MOST} histories break without any mutant: mend those first`);
}

/** What is left of a killer's histories from a seed on. */
function from(killer: Killer, seed: number): Killer {
  if (killer.by !== 'simulation') return killer;
  return { ...killer, histories: killer.histories - (seed - FIRST_SEED) };
}
