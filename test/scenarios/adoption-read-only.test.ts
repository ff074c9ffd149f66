import { afterAll, beforeAll, expect, test } from 'vitest';
import { adopt } from '../../src/cli/adopt.ts';
import { findAdoptions } from '../../src/engine/plan/adopt.ts';
import { actInErp } from './hands.ts';
import { procoreState, questions, standsIn } from './looking.ts';
import { createCommitment, PROJECT, people, startWorld, until, type World } from './world.ts';

let world: World;
let contract: number;
beforeAll(async () => {
  world = await startWorld({ phase: 'read-only' });
  contract = await createCommitment(world, { number: 'SC-1', lines: [{ amount: '80000.00' }] });
  const today = new Date().toISOString().slice(0, 10);
  await actInErp(world, {
    action: 'create_order',
    document: {
      CardCode: 'V1000',
      NumAtCard: 'SC-1',
      DocType: 'dDocument_Service',
      Project: 'JOB-4',
      DocDueDate: today,
      DocumentLines: [
        { AccountCode: '5200', ItemDescription: 'Work', LineTotal: 80000, ProjectCode: 'JOB-4' },
      ],
    },
  });
  await world.sweep();
});
afterAll(() => world?.stop());

/** The command as somebody types it, on the database of this world. */
async function runAdopt(flags: readonly string[]): Promise<{ code: number; text: string }> {
  const printed: string[] = [];
  const { engine, db } = world;
  const house = { engine, pools: db.pools, close: async () => undefined };
  const code = await adopt.run({
    words: [String(PROJECT)],
    flags: Object.fromEntries(flags.map((flag) => [flag, true])),
    json: false,
    print: (text: string) => void printed.push(text),
    say: () => undefined,
    open: async () => house,
  } as unknown as Parameters<typeof adopt.run>[0]);
  return { code, text: printed.join('\n') };
}

const originInProcore = async () =>
  (await procoreState(world)).contracts.find(({ id }) => id === contract)!.origin_id;

test('a project is taken over before anything may be written, and Procore is told once it may', async () => {
  const [found] = await until('the order is matched to its commitment', async () => {
    const { proposals } = await findAdoptions(world.engine, world.tenant, String(PROJECT));
    return proposals.length === 1 && proposals;
  });
  expect(found).toMatchObject({ certain: true, candidates: [{ problem: null, difference: '0.00' }] });
  const { code, text } = await runAdopt(['propose']);
  expect(code).toBe(1);
  expect(text).toMatch(/SC-1 .* 80000\.00 USD .*\(one order\)/);
  expect(text).toMatch(/Work +80000\.00 +80000\.00 +0\.00 +same text and amount/);
  const [question] = await questions(world, 'adoption');
  const taken = await world.service.adopt({
    tenant: world.tenant,
    user: people.controller,
    reviewId: question!.id,
    payloadHash: found!.hash,
    order: found!.candidates[0]!.id,
    application: null,
  });
  expect(taken).toEqual({ ok: true });
  await standsIn(world, contract, 'confirmed');
  expect((await world.truth()).writes.filter(({ committed }) => committed)).toEqual([]);
  expect(await originInProcore()).toBeNull();

  const raised = { tenant: world.tenant, user: people.engineer, phase: 'one-way' as const };
  await world.service.setPhase({ ...raised, connectionId: world.erp.connection.id });
  // What waits for its phase looks again after a minute: nobody wants to wait for that here.
  await world.db.pools.dispatch.query("update lane set due_at = now() where stage = 'post'");
  await until('Procore shows the order', async () => {
    return (await originInProcore()) === `B1-${found!.candidates[0]!.id}`;
  });
  expect((await world.truth()).writes.filter(({ path }) => path.includes('PurchaseOrders'))).toEqual([]);
});
