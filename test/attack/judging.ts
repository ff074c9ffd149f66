import { judge, violationsOf } from '../checker/judge.ts';
import { evidenceOf } from './evidence.ts';
import { stuckIn } from './settling.ts';
import type { World } from './world.ts';

/** Everything that is wrong with a world: by the independent checker, and by the rule that nothing stands still. */
export async function judgeWorld(
  world: World,
  come: { readonly settled: boolean; readonly crashes: number },
): Promise<string[]> {
  const judgement = judge(await evidenceOf(world, come));
  return [...violationsOf(judgement), ...(await stuckIn(world))];
}
