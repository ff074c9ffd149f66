import { businessOneTruth } from '../../src/demo/truth.ts';
import { parseJson } from '../../src/lib/decimal-json.ts';
import { stuckIn } from './settling.ts';
import type { World } from './world.ts';

/** Everything that is wrong with a world that has come to rest. */
export async function judgeWorld(world: World): Promise<string[]> {
  return [...(await secondOrders(world)), ...(await stuckIn(world))];
}

/** Orders beyond the first of a commitment, told from what stands in the ERP alone. */
async function secondOrders({ simulators }: World): Promise<string[]> {
  const { orders } = businessOneTruth(parseJson(await simulators.businessOne.truth()));
  const seen = new Set<string>();
  return orders.flatMap(({ entry, contractId }) => {
    if (contractId === null) return [];
    if (seen.has(contractId)) return [`order ${entry} is a second one for commitment ${contractId}`];
    seen.add(contractId);
    return [];
  });
}
