import { afterAll, beforeAll, expect, test } from 'vitest';
import { tieOut } from '../../src/engine/watch/tie-out.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { approvedApplication, exportApplications, invoiceStands, invoicesInErp } from './billing.ts';
import { approvedChangeOrder, changeStands, exportChangeOrders, syncedChangeOrder } from './changes.ts';
import { allowStaging } from './event-acts.ts';
import { actInErp, addErpProject, mapCost } from './hands.ts';
import { closedDetail, documentOf, orderWrites, procoreState, questions, standsIn } from './looking.ts';
import { APPROVER, PETER, PROJECT, people, startWorld, until, type World } from './world.ts';

// Material orders begin in the ERP here: procurement writes them, and Procore gets them.
const TODAY = new Date().toISOString().slice(0, 10);

const KIOSK = 562949953500009;
const seed = {
  projects: [{ id: KIOSK, name: 'Kiosk', project_number: 'K-1' }],
  cost_codes: [
    { id: 562949953700009, project_id: KIOSK, code: '100', full_code: '05-100', name: 'Structural Steel' },
  ],
};

let world: World;
beforeAll(async () => {
  world = await startWorld({ seed, procore: { ordersFromErp: 'purchase-orders' } });
  await allowStaging(world);
  await until('the vendors are linked', async () => {
    const [seen] = await world.query<{ n: number }>(
      "select count(*)::int as n from document where kind = 'vendor-link' and state = 'confirmed'",
    );
    return seen!.n >= 2;
  });
});
afterAll(() => world?.stop());

type Line = readonly [account: string, text: string, amount: number];

async function typeOrder(CardCode: string, Project: string, lines: readonly Line[]) {
  const document = {
    ...{ CardCode, Project, DocType: 'dDocument_Service', DocDueDate: TODAY },
    DocumentLines: lines.map(([AccountCode, ItemDescription, LineTotal]) => ({
      ...{ AccountCode, ItemDescription, LineTotal, ProjectCode: Project },
    })),
  };
  await actInErp(world, { action: 'create_order', document });
  return (await ordersInErp()).at(-1)!;
}

async function ordersInErp() {
  return [...(await world.truth()).orders].sort((a, b) => a.docEntry - b.docEntry);
}

async function refresh(what: 'commitments' | 'commitment_change_orders' | 'jobs' = 'commitments') {
  const done = await world.act({ as: APPROVER, action: 'refresh_from_erp', what } as ProcoreAct);
  return closedDetail(world, (done.request_detail_ids as number[])[0]!);
}

type Staged = {
  readonly id: number;
  readonly item_type: string;
  readonly origin_id: string;
  readonly status: string;
  readonly parent_id: number | null;
  readonly data: Readonly<Record<string, unknown>>;
};
async function stagedOf(order: number): Promise<Staged[]> {
  const { staged_records: all } = (await procoreState(world)) as unknown as { staged_records: Staged[] };
  const isOf = ({ origin_id: id }: Staged) => id === `B1-${order}` || id.startsWith(`B1-${order}/`);
  return all.filter(isOf).sort((a, b) => (a.origin_id < b.origin_id ? -1 : 1));
}

async function importOrder(order: number): Promise<number> {
  const [header] = await stagedOf(order);
  const done = await world.act({
    ...{ as: APPROVER, action: 'import_staged_record', staged_record_id: header!.id },
  } as ProcoreAct);
  return Number(done.item_id);
}

const waits = async () =>
  (await questions(world, 'exception'))
    .filter(({ subject }) => subject.startsWith('order-waits:'))
    .map(({ subject }) => subject.slice('order-waits:'.length))
    .sort();

let beams: number;
let commitment: number;
let lines: number[];

test('an order that a person wrote in the ERP is offered with its lines, once, and again where it changed', async () => {
  const order = await typeOrder('V1000', 'JOB-4', [
    ['5200', 'Beams', 1000.1],
    ['5100', 'Grout', 200],
  ]);
  beams = order.docEntry;
  expect(await refresh()).toMatchObject({
    status: 'success',
    messages: [expect.stringMatching(/^Read anew: 1 orders of SAP Business One\. 1 are new/)],
  });
  expect(await stagedOf(beams)).toMatchObject([
    {
      ...{ item_type: 'purchase_order_contract', status: 'staged' },
      data: { number: String(order.docNum), project_origin_id: 'JOB-4', vendor_origin_id: 'V1000' },
    },
    { item_type: 'line_item', data: { amount: 1000.1, description: 'Beams', cost_code_id: 41 } },
    { item_type: 'line_item', data: { amount: 200, description: 'Grout', cost_code_id: 42 } },
  ]);
  expect((await refresh()).messages[0]).toMatch(/0 are new .* 0 were brought up to date/);
  const changes = { LineTotal: 250 };
  await actInErp(world, { action: 'edit_order_line', docEntry: beams, lineNum: 1, changes });
  expect((await refresh()).messages[0]).toMatch(/1 were brought up to date/);
  expect((await stagedOf(beams))[2]).toMatchObject({ data: { amount: 250 } });
});

test('what Procore lacks is asked for once, by name, and the order that waited is offered when it comes', async () => {
  const vague = await typeOrder('V1000', 'JOB-4', [['2050', 'Cranes', 75]]);
  await addErpProject(world, { Code: 'JOB-7', Name: 'Kiosk' });
  const far = await typeOrder('V1000', 'JOB-7', [['5200', 'Frames', 40]]);
  await refresh('jobs');
  expect((await refresh()).messages.join(' ')).toMatch(
    /2 wait: account 2050 stands for no cost code; project JOB-7 is not in Procore/,
  );
  expect(await waits()).toEqual([`cost:${PROJECT}:account 2050`, 'project:JOB-7']);
  expect(await stagedOf(vague.docEntry)).toEqual([]);

  expect(await mapCost(world, '09-900|S', '2050')).toMatchObject({ ok: true });
  await until('the one is offered', async () => (await stagedOf(vague.docEntry)).length === 2);
  expect(await waits()).toEqual(['project:JOB-7']);
  const mapping = { kind: 'project', scope: '', key: String(KIOSK) } as const;
  await world.service.setMapping({
    ...{ tenant: world.tenant, user: people.accountant },
    mapping: { ...mapping, value: { kind: 'project', code: 'JOB-7' } },
  });
  const job = { kind: 'project', ids: [KIOSK] };
  await world.act({ as: PETER, action: 'send_object_to_erp', ...job } as ProcoreAct);
  await world.act({ as: APPROVER, action: 'approve_object_export', ...job } as ProcoreAct);
  await until('the other is offered', async () => (await stagedOf(far.docEntry)).length === 2);
  expect(await waits()).toEqual([]);
});

test('an order that is cancelled or closed is taken off the list', async () => {
  const [gone, shut] = [
    await typeOrder('V1001', 'JOB-4', [['5100', 'Slab', 10]]),
    await typeOrder('V1001', 'JOB-4', [['5100', 'Wall', 20]]),
  ];
  await refresh();
  await actInErp(world, { action: 'cancel_order', docEntry: gone.docEntry });
  await actInErp(world, { action: 'close_order', docEntry: shut.docEntry });
  expect((await refresh()).messages[0]).toMatch(/2 taken off/);
  expect((await stagedOf(gone.docEntry))[0]?.status).toBe('archived');
  expect((await stagedOf(shut.docEntry))[0]?.status).toBe('archived');
});

test('what is imported is linked, header and lines, and nothing is sent to the ERP for it', async () => {
  const writes = await orderWrites(world);
  commitment = await importOrder(beams);
  const document = await standsIn(world, commitment, 'confirmed');
  expect(document).toMatchObject({ target_id: String(beams), reasons: [] });
  const { contracts } = await procoreState(world);
  lines = contracts.find(({ id }) => id === commitment)!.line_items.map(({ id }) => id);
  const links = await world.query(
    `select source_line as line, target_line as there from link where source_id = $1 and state = 'linked' order by 2`,
    [String(commitment)],
  );
  expect(links).toEqual([
    { line: '', there: '' },
    { line: String(lines[0]), there: '0' },
    { line: String(lines[1]), there: '1' },
  ]);
  await world.sweep();
  expect((await refresh()).messages[0]).toMatch(/0 are new .* 0 taken off, 1 are known/);
  expect(await orderWrites(world)).toBe(writes);
  expect((await documentOf(world, commitment))?.revision).toBe(1);
});

test('a pay application on it is billed against exactly the line of the order', async () => {
  const application = await approvedApplication(
    world,
    commitment,
    [{ line_item_id: lines[1]!, work_completed_this_period: '50.00' }],
    { invoice_number: 'BEAM-1' },
  );
  const [detail] = await exportApplications(world, [application]);
  await invoiceStands(world, application, 'confirmed');
  expect(await closedDetail(world, detail!)).toMatchObject({ status: 'success' });
  const invoice = (await invoicesInErp(world)).at(-1)!;
  expect(invoice.document.DocumentLines).toMatchObject([{ LineTotal: 50, BaseEntry: beams, BaseLine: 1 }]);
});

test('a change order of it is unlinked once its lines are taken out of the order, and not before', async () => {
  const first = await approvedChangeOrder(world, commitment, [{ amount: '300.00' }, { amount: '20.00' }]);
  await exportChangeOrders(world, [first.id]);
  await changeStands(world, first.id, 'confirmed');
  const unlink = async () => {
    const act = { as: APPROVER, action: 'unlink_change_order', change_order_package_id: first.id };
    const done = await world.act(act as ProcoreAct);
    return closedDetail(world, (done.request_detail_ids as number[])[0]!);
  };
  const emptied = (lineNum: number) =>
    actInErp(world, {
      ...{ action: 'edit_order_line', docEntry: beams, lineNum },
      changes: { LineTotal: 0 },
    });
  await emptied(2);
  expect(await unlink()).toMatchObject({
    status: 'failed',
    messages: [expect.stringMatching(/still stands in SAP Business One: its lines of 20\.00 stand open/)],
  });
  expect((await syncedChangeOrder(world, first.id)).origin_id).not.toBeNull();
  await emptied(3);
  expect((await unlink()).status).toBe('success');
  const cleared = await syncedChangeOrder(world, first.id);
  expect([cleared.origin_id, ...cleared.line_items.map((line) => line.origin_id)]).toEqual([
    null,
    null,
    null,
  ]);
  await changeStands(world, first.id, 'detached', 'unlinked');
  // What a person took out is in nobody's way: the next change goes through.
  const second = await approvedChangeOrder(world, commitment, [{ amount: '7.00' }]);
  await exportChangeOrders(world, [second.id]);
  await changeStands(world, second.id, 'confirmed');
  const amounts = (await ordersInErp()).find(({ docEntry }) => docEntry === beams)!.document.DocumentLines;
  expect(amounts.map(({ LineTotal }) => LineTotal)).toEqual([1000.1, 250, 0, 0, 7]);
});

test('a line that somebody adds to the order becomes a change order in Procore, which is billed from it', async () => {
  const writes = await orderWrites(world);
  const line = { AccountCode: '5200', ItemDescription: 'Bolts', LineTotal: 30, ProjectCode: 'JOB-4' };
  await actInErp(world, { action: 'edit_order', docEntry: beams, changes: { DocumentLines: [line] } });
  expect((await refresh('commitment_change_orders')).messages[0]).toMatch(
    /^Read anew: 1 orders of SAP Business One\. 1 are new/,
  );
  const [header, child] = (await stagedOf(beams))
    .filter(({ data }) => 'commitment_origin_id' in data || data.description === 'Bolts')
    .toReversed();
  expect([header, child]).toMatchObject([
    { item_type: 'commitment_change_order', origin_id: `B1-${beams}/added-5`, status: 'staged' },
    { data: { amount: 30, commitment_line_item_origin_id: `B1-${beams}/0` } },
  ]);
  const act = { as: APPROVER, action: 'import_staged_record', staged_record_id: header!.id };
  const added = Number((await world.act(act as ProcoreAct)).item_id);
  await changeStands(world, added, 'confirmed');
  const { line_items: items } = await syncedChangeOrder(world, added);
  const application = await approvedApplication(
    world,
    commitment,
    [{ line_item_id: items[0]!.id, work_completed_this_period: '12.00' }],
    { invoice_number: 'BOLT-1' },
  );
  await exportApplications(world, [application]);
  await invoiceStands(world, application, 'confirmed');
  const invoice = (await invoicesInErp(world)).at(-1)!;
  expect(invoice.document.DocumentLines).toMatchObject([{ LineTotal: 12, BaseEntry: beams, BaseLine: 5 }]);
  expect((await refresh('commitment_change_orders')).messages[0]).toMatch(/0 are new/);
  expect(await orderWrites(world)).toBe(writes);
});

test('what somebody changes in the order afterwards is a named difference and is never written over', async () => {
  const writes = await orderWrites(world);
  await actInErp(world, {
    ...{ action: 'edit_order_line', docEntry: beams, lineNum: 0 },
    changes: { LineTotal: 1100.1 },
  });
  const { messages } = await refresh('commitment_change_orders');
  expect(messages.join(' ')).toMatch(/"Beams" is 1100\.10 there and 1000\.10 in Procore.*set the line back/);
  const projects = await tieOut(world.engine, world.tenant);
  const { bridge } = projects.find(({ project }) => project.id === String(PROJECT))!;
  expect(bridge.residual.minor).toBe(0n);
  expect(bridge.items.filter(({ cause }) => cause === 'edited-in-erp')).toMatchObject([
    { amount: { minor: -100_00n } },
  ]);
  expect(await orderWrites(world)).toBe(writes);
  expect((await world.service.verifyAudit(world.tenant)).verdict.verified).toBe(true);
});
