import { type AlteredAnswers, startAlteredAnswers } from './altered-answers.ts';
import { startWorld, type WorldOptions } from './world.ts';

/** A world that reads Procore through answers which a test can alter. */
export async function startAlteredWorld(options: Omit<WorldOptions, 'procoreApi'> = {}) {
  let procore: AlteredAnswers | undefined;
  const world = await startWorld({
    ...options,
    async procoreApi(simulatorUrl) {
      procore = await startAlteredAnswers(simulatorUrl);
      return procore.url;
    },
  });
  if (procore === undefined) throw new Error('the world did not ask for the address of Procore');
  const altered = procore;
  return {
    world,
    procore: altered,
    async stop() {
      await world.stop();
      await altered.stop();
    },
  };
}

export type AlteredWorld = Awaited<ReturnType<typeof startAlteredWorld>>;
