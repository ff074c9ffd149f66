import { afterAll, beforeAll, expect, test } from 'vitest';
import { actInErp } from './hands.ts';
import { procoreState, questions, standsIn } from './looking.ts';
import { ordersOf, standsOnce } from './standing.ts';
import {
  exportCommitment,
  OTHER_PROJECT,
  PETER,
  PROJECT,
  people,
  sendAndApprove,
  startWorld,
  until,
  vendors,
  type World,
} from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const phase = (wish: { connectionId: string; phase: 'read-only' | 'one-way'; projectId?: string }) =>
  world.service.setPhase({ tenant: world.tenant, user: people.engineer, ...wish });

/** What reached either system as a write so far: without sign-ins, and without the reads that B1 takes as a POST. */
async function writes(): Promise<string[]> {
  const procore = (await procoreState(world)) as unknown as { write_log: readonly { path: string }[] };
  const paths = [...procore.write_log, ...(await world.truth()).writes].map(({ path }) => path);
  return paths.filter((path) => !/Login|Logout|oauth|webhooks|CompanyService/.test(path));
}

test('in a read-only phase nothing is written anywhere, and every document says so', async () => {
  // The vendor is linked while writing was still allowed; the count proves that the log counts.
  await standsOnce(world, await exportCommitment(world));
  const before = await writes();
  expect(before.length).toBeGreaterThan(2);
  await phase({ connectionId: 'b1', phase: 'read-only' });
  const held = [
    await exportCommitment(world),
    await exportCommitment(world, { project: OTHER_PROJECT, lines: [{ amount: '7.00', code: 44 }] }),
  ];
  for (const { contract } of held) {
    const { reasons } = await standsIn(world, contract, 'blocked', { reason: 'read-only' });
    expect(reasons[0]!.message).toMatch(/read-only/);
  }
  expect(await writes()).toEqual(before);
  expect(await questions(world, 'exception')).toEqual([]);

  await phase({ connectionId: 'b1', phase: 'one-way' });
  for (const sent of held) await standsOnce(world, sent);
});

test('a project held back stays read-only while the others flow', async () => {
  await phase({ connectionId: 'b1', phase: 'read-only', projectId: String(OTHER_PROJECT) });
  const held = await exportCommitment(world, {
    project: OTHER_PROJECT,
    lines: [{ amount: '8.00', code: 44 }],
  });
  await standsOnce(world, await exportCommitment(world));
  await standsIn(world, held.contract, 'blocked', { reason: 'read-only' });
  expect(await ordersOf(world, held.contract)).toEqual([]);
  await phase({ connectionId: 'b1', phase: 'one-way', projectId: String(OTHER_PROJECT) });
  await standsOnce(world, held);
});

test('an origin id that another integration wrote in Procore is never overwritten', async () => {
  const { contract_id: contract } = await world.act({
    as: PETER,
    action: 'create_commitment',
    kind: 'work_order_contract',
    project_id: PROJECT,
    vendor_id: vendors.steel,
    number: 'SC-FOREIGN',
    title: 'Known to another integration',
    status: 'Approved',
    line_items: [
      {
        amount: '10.00',
        cost_code_id: 41,
        line_item_type_id: 31,
        description: 'Piles',
        origin_id: 'OTHER-TOOL-7',
      },
      { amount: '5.00', cost_code_id: 41, line_item_type_id: 31, description: 'Caps' },
    ],
  });
  await sendAndApprove(world, Number(contract));
  const told = await until('an engineer is asked', async () => {
    const open = await questions(world, 'exception');
    return open.find(({ question }) => question.includes('OTHER-TOOL-7'));
  });
  expect(told.question).toContain('already carries the origin id');
  const shown = (await procoreState(world)).contracts.find(({ id }) => id === Number(contract))!;
  const lines = shown.line_items as unknown as readonly { origin_id: string | null }[];
  expect(lines.map(({ origin_id }) => origin_id)).toEqual(['OTHER-TOOL-7', null]);
  // The order itself stands: what is done in the ERP is not undone by what Procore would not take.
  expect(await ordersOf(world, Number(contract))).toHaveLength(1);
  await standsIn(world, Number(contract), 'posted');
});

test('an order that becomes a draft is accepted, and posted once a person approved it in the ERP', async () => {
  await world.b1.post('settings', { approvalProcedure: true });
  const sent = await exportCommitment(world);
  const { drafts } = await until('a draft stands', async () => {
    const truth = await world.truth();
    return truth.drafts.length === 0 ? null : truth;
  });
  await until('it is accepted', async () => (await postingState(sent.contract)) === 'accepted');
  expect(await ordersOf(world, sent.contract)).toEqual([]);
  await actInErp(world, { action: 'approve_draft', docEntry: drafts[0]!.docEntry });
  await world.b1.post('settings', { approvalProcedure: false });
  const order = await standsOnce(world, sent);
  expect(order.total).toBe('1000.30');
});

async function postingState(contract: number): Promise<string | undefined> {
  const [row] = await world.query<{ state: string }>(
    `select p.state from posting p join document d on (d.tenant, d.id) = (p.tenant, p.document)
     where d.source_id = $1 and p.connection = 'b1'`,
    [String(contract)],
  );
  return row?.state;
}
