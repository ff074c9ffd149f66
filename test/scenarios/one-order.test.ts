import { afterAll, beforeAll, expect, test } from 'vitest';
import { closedDetail, questions } from './looking.ts';
import {
  createCommitment,
  exportCommitment,
  OTHER_PROJECT,
  PROJECT,
  startWorld,
  until,
  type World,
} from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ procore: { projects: [String(PROJECT)] } });
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

test('a project that the connection does not serve is left alone, and who exports from it is told', async () => {
  const elsewhere = { project: OTHER_PROJECT, lines: [{ amount: '5.00', code: 44 }] } as const;
  const atRest = (contract: number) =>
    until('its hint is taken, and nothing looks at it again', async () => {
      const [row] = await world.query<{ heard: number; taken: boolean; lanes: number }>(
        `select count(*)::int as heard, bool_and(state = 'taken') as taken, (select count(*)::int from lane
           where id = 'procore|commitment|' || $1 and due_at < 'infinity') as lanes
         from signal where object = 'commitment' and native_id = $1`,
        [String(contract)],
      );
      return row!.heard > 0 && row!.taken && row!.lanes === 0;
    });
  await atRest(await createCommitment(world, elsewhere));
  expect(await questions(world, 'quarantined')).toEqual([]);

  const { contract, detail } = await exportCommitment(world, elsewhere);
  expect(await closedDetail(world, detail)).toMatchObject({
    status: 'failed',
    messages: [expect.stringMatching(/is not among the projects of this connection.*Add the project/)],
  });
  await atRest(contract);
  expect(await questions(world, 'quarantined')).toMatchObject([
    { question: expect.stringContaining(String(OTHER_PROJECT)) },
  ]);
  expect((await world.truth()).orders).toHaveLength(1);
});
