import { afterAll, beforeAll, expect, test } from 'vitest';
import { openControl as ledgerline } from '../../src/connectors/demo-erp/simulator/http/control.ts';
import { findAdoptions, proposeAdoptions } from '../../src/engine/plan/adopt.ts';
import { sweepReferences } from '../../src/engine/watch/reference-sweep.ts';
import { tieOut } from '../../src/engine/watch/tie-out.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { applicationInProcore, approvedApplication, exportApplications, invoiceStands } from './billing.ts';
import { approvedChangeOrder, changeStands, exportChangeOrders } from './changes.ts';
import { allowStaging } from './event-acts.ts';
import { editLines, exportAgain } from './hands.ts';
import { closedDetail, procoreState, questions, standsIn } from './looking.ts';
import {
  APPROVER,
  createCommitment,
  OTHER_PROJECT,
  PROJECT,
  people,
  startWorld,
  until,
  type World,
} from './world.ts';

// The story of adoption.test.ts on an ERP that is changed by documents of deltas: a project that ran before there.
const TODAY = new Date().toISOString().slice(0, 10);

let world: World;
let contract: number;
let lines: number[];
let order: string;
let begun: { readonly order: string; readonly commitment: number };
beforeAll(async () => {
  world = await startWorld({ erp: 'demo-erp', procore: { ordersFromErp: 'purchase-orders' } });
  contract = await createCommitment(world, {
    number: 'SC-0101',
    lines: [
      { amount: '10000.00', description: 'Columns' },
      { amount: '5000.10', description: 'Beams' },
    ],
  });
  const { contracts } = await procoreState(world);
  lines = contracts.find(({ id }) => id === contract)!.line_items.map(({ id }) => id);
  await type({
    ...{ type: 'order', number: 'sc 101', title: 'Steel of pier 4', project: 'JOB-4' },
    lines: [
      { description: 'Columns, as agreed', account: '5100', amount: '10000.00' },
      { description: 'Beams', account: '5200', amount: '5000.00' },
    ],
  });
  order = (await world.erp.orders())[0]!.id;
  await approvedApplication(
    world,
    contract,
    [{ line_item_id: lines[0]!, work_completed_this_period: '4000.00' }],
    { invoice_number: 'INV-1' },
  );
  await type({
    ...{ type: 'invoice', order, vendor_number: 'INV-1', title: 'October', invoice_date: TODAY },
    lines: [{ order_line: 1, description: 'Columns', amount: '3990.00' }],
  });
  await world.sweep();
  await until('both systems are read', async () => {
    const [seen] = await world.query<{ n: number }>(
      `select (select count(*) from record where object = 'sub-invoice' and body->>'approved' = 'true')
         + (select count(*) from document where kind = 'vendor-link' and state = 'confirmed') as n`,
    );
    return Number(seen!.n) >= 3;
  });
}, 60_000);
afterAll(() => world?.stop());

/** What a person types into Ledgerline for the vendor of steel. */
function type(document: Readonly<Record<string, unknown>>): Promise<void> {
  const typed = { vendor: 'V1000', currency: 'USD', date: TODAY, ...document };
  return world.b1.post('act', { action: 'enter_document', document: typed });
}

const truth = () => ledgerline(world.b1Url).state();
const writes = async () => (await truth()).writes.filter(({ path }) => path === '/import-groups').length;

/** Refreshes what Procore may import, and imports one of it. */
async function importStaged(what: string, originId: string): Promise<number> {
  const asked = await world.act({ as: APPROVER, action: 'refresh_from_erp', what } as ProcoreAct);
  const [detail] = asked.request_detail_ids as number[];
  expect((await closedDetail(world, detail!)).status).toBe('success');
  const { staged_records: staged } = (await procoreState(world)) as unknown as {
    readonly staged_records: readonly { readonly id: number; readonly origin_id: string }[];
  };
  const header = staged.find(({ origin_id }) => origin_id === originId);
  const act = { as: APPROVER, action: 'import_staged_record', staged_record_id: header!.id };
  return Number((await world.act(act as ProcoreAct)).item_id);
}

async function decide(application: number | null) {
  const [asked] = await questions(world, 'adoption');
  const { proposal } = asked!.evidence as unknown as { readonly proposal: { readonly hash: string } };
  return world.service.adopt({
    ...{ tenant: world.tenant, user: people.controller, reviewId: asked!.id },
    ...{ payloadHash: proposal.hash, order, application },
  });
}

test('an order that people typed is matched line by line, with what billing would begin from', async () => {
  const [found] = await until('it is matched', async () => {
    const { proposals } = await findAdoptions(world.engine, world.tenant, String(PROJECT));
    return proposals.length === 1 && proposals;
  });
  expect(found).toMatchObject({ certain: true, candidates: [{ id: order, difference: '0.10' }] });
  const [candidate] = found!.candidates;
  expect(candidate!.lines.map(({ name, difference }) => [name, difference])).toEqual([
    ['Columns', '0.00'],
    ['Beams', '0.10'],
  ]);
  expect(candidate!.openings).toMatchObject([
    { application: 1, source: '4000.00', target: '3990.00', difference: '10.00' },
  ]);
  expect(await writes()).toBe(0);
});

test('approved, it is linked as it stands, its bill with it, and nothing is sent', async () => {
  await proposeAdoptions(world.engine, world.tenant, String(PROJECT));
  expect(await decide(null)).toMatchObject({ status: 422, title: 'Billing has begun' });
  expect(await decide(1)).toEqual({ ok: true });
  const { target_id } = await standsIn(world, contract, 'confirmed');
  expect(target_id).toBe(order);
  await until('Procore shows the order', async () => {
    const { contracts } = await procoreState(world);
    return contracts.find(({ id }) => id === contract)!.origin_id === `LL-${order}`;
  });
  const links = await world.query<{ object: string; n: number }>(
    `select target_object as object, count(*)::int as n from link
     where target_object in ('purchase-order', 'ap-invoice') group by 1 order by 1`,
  );
  expect(links).toEqual([
    { object: 'ap-invoice', n: 1 },
    { object: 'purchase-order', n: 3 },
  ]);
  expect(await writes()).toBe(0);
});

test('a change goes out as deltas of its lines, once although the answer is lost, and keeps what people typed', async () => {
  await world.erp.trouble({ kind: 'lost-reply' });
  await editLines(world, contract, [
    { id: lines[0]!, amount: '10500.00' },
    { amount: '250.00', code: 41 },
  ]);
  await standsIn(world, contract, 'confirmed', { revision: 2 });
  expect(await world.erp.reached('lost-reply')).toBe(1);
  const { orders } = await truth();
  expect(orders).toHaveLength(1);
  expect(orders[0]).toMatchObject({
    ...{ reference: null, number: 'sc 101', total: '15750.10' },
    lines: [
      { key: null, account: '5100', description: 'Columns, as agreed', amount: '10000.00' },
      { key: null, account: '5200', amount: '5000.00' },
    ],
    changes: [
      {
        lines: [
          { line: 1, amount: '500.00', description: null },
          { line: 2, amount: '0.10' },
          { line: 3, amount: '250.00', account: '5200' },
        ],
      },
    ],
  });
});

test('the next application bills its lines beyond the opening, and the line that was added', async () => {
  const { contracts } = await procoreState(world);
  const [, , added] = contracts.find(({ id }) => id === contract)!.line_items;
  const next = await approvedApplication(
    world,
    contract,
    [
      { line_item_id: lines[0]!, work_completed_this_period: '3000.00' },
      { line_item_id: added!.id, work_completed_this_period: '250.00' },
    ],
    { invoice_number: 'INV-2' },
  );
  const [detail] = await exportApplications(world, [next]);
  const { target_id } = await invoiceStands(world, next, 'confirmed');
  expect((await closedDetail(world, detail!)).status).toBe('success');
  const made = (await world.erp.invoices()).find(({ id }) => id === target_id);
  expect(made!.drawn).toEqual([
    { order, line: '1', amount: '3000.00' },
    { order, line: '3', amount: '250.00' },
  ]);
  expect((await applicationInProcore(world, next)).origin_id).toBe(`LL-${target_id}`);
  expect((await truth()).orders[0]!.invoiced).toEqual({ 1: '6990.00', 3: '250.00' });
});

test('a later change builds on that one, and both sides tie out to the cent', async () => {
  await editLines(world, contract, [{ id: lines[1]!, amount: '4000.00' }]);
  await standsIn(world, contract, 'confirmed', { revision: 3 });
  expect(await world.erp.orders()).toMatchObject([{ id: order, total: '14750.00', changes: 2 }]);
  const { bridge } = (await tieOut(world.engine, world.tenant)).find(
    ({ project }) => project.id === String(PROJECT),
  )!;
  expect([bridge.difference.minor, bridge.residual.minor]).toEqual([0n, 0n]);
  const erp = await world.engine.systems.homeOf(world.tenant);
  const report = await until('what was posted is old enough to be compared', async () => {
    const found = await sweepReferences(world.engine, erp, null);
    return found.listed >= 3 && found;
  });
  expect(report.findings).toEqual([]);
});

test('what a person changed of it since is never overwritten', async () => {
  await world.b1.post('act', {
    action: 'edit_order_line',
    id: order,
    line: 2,
    description: 'Beams, painted',
  });
  await editLines(world, contract, [{ id: lines[0]!, amount: '10600.00' }]);
  await standsIn(world, contract, 'conflict', { revision: 4 });
  expect(await world.erp.orders()).toMatchObject([{ id: order, total: '14750.00', changes: 2 }]);
});

test('an order that nobody answered for holds back the export of what may be its commitment', async () => {
  const second = await createCommitment(world, {
    ...{ number: 'SC-0200', project: OTHER_PROJECT },
    lines: [{ amount: '700.00', code: 44 }],
  });
  const work = { description: 'Work', account: '5200', amount: '700.00' };
  await type({ type: 'order', number: 'SC-200', title: 'Depot', project: 'JOB-5', lines: [work] });
  await until('it is proposed', async () => {
    const { report } = await proposeAdoptions(world.engine, world.tenant, String(OTHER_PROJECT));
    return report.proposals.length === 1;
  });
  const before = await writes();
  await exportAgain(world, second);
  await standsIn(world, second, 'blocked', { reason: 'order-may-stand' });
  expect(await writes()).toBe(before);
});

test('an order that begins in Ledgerline is offered to Procore, and what is imported is linked as it stands', async () => {
  await allowStaging(world);
  const grout = { description: 'Grout', account: '5200', amount: '90.00' };
  const head = { type: 'order', number: 'MO-9', title: 'Grout', vendor: 'V1001', project: 'JOB-4' };
  await type({ ...head, lines: [grout] });
  const { id } = (await world.erp.orders()).at(-1)!;
  const before = await writes();
  const commitment = await importStaged('commitments', `LL-${id}`);
  const { target_id } = await standsIn(world, commitment, 'confirmed');
  expect(target_id).toBe(id);
  expect(await writes()).toBe(before);
  begun = { order: id, commitment };
});

test('a line that somebody adds to it is offered as a change order, and linked to that line', async () => {
  const bolts = { description: 'Bolts', account: '5200', amount: '30.00' };
  const before = await writes();
  await world.b1.post('act', { action: 'add_order_line', id: begun.order, ...bolts });
  const offered = `LL-${begun.order}/added-2`;
  const added = await importStaged('commitment_change_orders', offered);
  await changeStands(world, added, 'confirmed');
  expect(await world.query('select target_line from link where source_id = $1', [String(added)])).toEqual([
    { target_line: '2' },
  ]);
  expect(await writes()).toBe(before);
});

test('a change order of it is unlinked once its line is emptied there, and the next one goes through', async () => {
  const first = await approvedChangeOrder(world, begun.commitment, [{ amount: '20.00' }]);
  await exportChangeOrders(world, [first.id]);
  await changeStands(world, first.id, 'confirmed');
  const unlink = async () => {
    const act = { as: APPROVER, action: 'unlink_change_order', change_order_package_id: first.id };
    const done = await world.act(act as ProcoreAct);
    return closedDetail(world, (done.request_detail_ids as number[])[0]!);
  };
  expect(await unlink()).toMatchObject({
    status: 'failed',
    messages: [expect.stringMatching(/its lines of 20\.00 stand open/)],
  });
  await world.b1.post('act', { action: 'edit_order_line', id: begun.order, line: 3, amount: '0.00' });
  expect((await unlink()).status).toBe('success');
  const second = await approvedChangeOrder(world, begun.commitment, [{ amount: '7.00' }]);
  await exportChangeOrders(world, [second.id]);
  await changeStands(world, second.id, 'confirmed');
  const standing = (await world.erp.orders()).find(({ id }) => id === begun.order);
  expect(standing).toMatchObject({ total: '127.00' });
});
