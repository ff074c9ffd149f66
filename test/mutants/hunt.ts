import { nameOf, runKiller, type Seen, typeErrors } from './killers.ts';
import type { Killer, Mutant } from './mutant.ts';
import { editsOf, SourceCopy } from './source-copy.ts';

export type Hunted = {
  readonly id: string;
  readonly says: string;
  readonly killedBy: string;
  readonly killed: boolean;
  readonly how: string;
  readonly histories: number;
  readonly seconds: number;
};

/**
 * Puts one mutant after the other into a copy of the source and lets its killer look for it. Before that each
 * killer looks at the copy as it is: who finds faults there would find them everywhere.
 */
export async function hunt(mutants: readonly Mutant[], onEach: (hunted: Hunted) => void): Promise<Hunted[]> {
  const copy = await SourceCopy.make();
  const healthy = new Map<string, Promise<Seen>>();
  const results: Hunted[] = [];
  try {
    for (const mutant of mutants) {
      const { id, says, killedBy } = mutant;
      const seen = await copy.with(mutant, async () => {
        const wrong = await typeErrors(
          copy.folder,
          editsOf(mutant).map(({ file }) => file),
        );
        if (wrong !== null) throw new Error(`mutant ${id} does not type-check: ${wrong}`);
        return runKiller(killedBy, copy.folder);
      });
      if (seen.broken !== null) await findsNothingIn(copy, upTo(killedBy, seen.histories), healthy);
      const result = {
        id,
        says,
        killedBy: nameOf(killedBy),
        killed: seen.broken !== null,
        how: seen.broken ?? 'nothing noticed it',
        histories: seen.histories,
        seconds: seen.seconds,
      };
      results.push(result);
      onEach(result);
    }
  } finally {
    await copy.remove();
  }
  return results;
}

/** The same look at the source without a fault: as many histories as it took to find the mutant. */
function upTo(killer: Killer, histories: number): Killer {
  return killer.by === 'simulation' ? { ...killer, histories } : killer;
}

async function findsNothingIn(
  copy: SourceCopy,
  killer: Killer,
  healthy: Map<string, Promise<Seen>>,
): Promise<void> {
  const key = JSON.stringify(killer);
  const look = healthy.get(key) ?? runKiller(killer, copy.folder);
  healthy.set(key, look);
  const { broken } = await look;
  if (broken !== null) throw new Error(`${nameOf(killer)} finds a fault without any mutant: ${broken}`);
}
