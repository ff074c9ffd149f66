import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportCommitment, startWorld, until, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

test('an approved subcontract becomes exactly one purchase order, and Procore is told', async () => {
  const { contract, detail } = await exportCommitment(world);
  await until('the document is confirmed', async () => {
    const rows = await world.query<{ state: string }>(
      "select state from document where source_id = $1 and state = 'confirmed'",
      [String(contract)],
    );
    return rows.length === 1;
  });
  const { orders } = await world.truth();
  expect(orders).toHaveLength(1);
  const state = (await world.sim('GET', 'state')) as {
    erp_request_details: { id: number; status: string }[];
  };
  expect(state.erp_request_details.find(({ id }) => id === detail)?.status).toBe('success');
});
