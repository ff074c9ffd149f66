import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import {
  answerBilling,
  billed,
  billingQuestion,
  exportApplications,
  invoiceStands,
  invoicesInErp,
  mapRetainage,
} from './billing.ts';
import { actInErp, editLines, exportAgain } from './hands.ts';
import {
  closedDetail,
  documentOf,
  orderOf,
  orderWrites,
  procoreState,
  questions,
  standsIn,
} from './looking.ts';
import { APPROVER, exportCommitment, PETER, startWorld, until, type World } from './world.ts';

let world: World;
let contract: number;
let line: number;
let application: number;

beforeAll(async () => {
  world = await startWorld();
  contract = (await exportCommitment(world, { lines: [{ amount: '1000.00' }] })).contract;
  await standsIn(world, contract, 'confirmed');
  line = (await inProcore()).line_items[0]!.id;
});
afterAll(() => world?.stop());

const inProcore = async () => (await procoreState(world)).contracts.find(({ id }) => id === contract)!;

async function detailOf(act: object): Promise<number> {
  const done = await world.act(act as ProcoreAct);
  return (done.request_detail_ids as number[])[0]!;
}

test('Refresh is answered when the list was read to its end, and refused by name where there is none', async () => {
  const refresh = (what: string) => detailOf({ as: APPROVER, action: 'refresh_from_erp', what });
  const jobs = await closedDetail(world, await refresh('jobs'));
  expect(jobs).toMatchObject({
    status: 'success',
    messages: [expect.stringMatching(/^Read anew: [1-9]\d* projects/)],
  });
  const codes = await closedDetail(world, await refresh('standard_cost_codes'));
  expect(codes).toMatchObject({ status: 'failed', messages: [expect.stringContaining('are not read from')] });
});

test('an unlink is refused as long as the order stands, which is looked at and not believed', async () => {
  const { docNum } = await orderOf(world, contract);
  const answer = await closedDetail(
    world,
    await detailOf({ as: APPROVER, action: 'unlink', contract_id: contract }),
  );
  expect(answer.status).toBe('failed');
  expect(answer.messages[0]).toContain(`Order ${docNum} still stands`);
  expect((await documentOf(world, contract))!.state).toBe('confirmed');
  expect((await inProcore()).origin_id).not.toBeNull();
});

test('once it is cancelled in the ERP the ids come off, header and lines, and nothing goes there by itself', async () => {
  const { docEntry } = await orderOf(world, contract);
  await actInErp(world, { action: 'cancel_order', docEntry });
  const before = await orderWrites(world);
  const answer = await closedDetail(
    world,
    await detailOf({ as: APPROVER, action: 'unlink', contract_id: contract }),
  );
  expect(answer).toMatchObject({ status: 'success' });
  const shown = await inProcore();
  expect([
    shown.origin_id,
    ...shown.line_items.map((each) => (each as { origin_id?: string }).origin_id),
  ]).toEqual([null, null]);
  expect(await documentOf(world, contract)).toMatchObject({
    state: 'detached',
    reasons: [{ code: 'unlinked' }],
  });
  await editLines(world, contract, [{ id: line, amount: '1200.00' }]);
  await until('the edit is read', async () => {
    const [row] = await world.query<{ total: string }>(
      "select body ->> 'total' as total from record where object = 'commitment' and native_id = $1",
      [String(contract)],
    );
    const lanes = await world.query("select 1 from lane where stage <> 'sweep'");
    return row?.total === '1200.00' && lanes.length === 0;
  });
  expect((await documentOf(world, contract))!.revision).toBe(1);
  expect(await orderWrites(world)).toBe(before);
});

test('and only a new export makes a new order', async () => {
  const { detail } = await exportAgain(world, contract);
  await standsIn(world, contract, 'confirmed', { revision: 2 });
  expect(await closedDetail(world, detail)).toMatchObject({ status: 'success' });
  const { orders } = await world.truth();
  const totals = orders
    .filter(({ udfs }) => udfs.U_TiebeamRef !== null)
    .map(({ document }) => document.DocTotal);
  expect(totals).toEqual([1000, 1200]);
});

test('an invoice that Procore staff reset stays one invoice, and an accountant hears of it', async () => {
  const work = [{ line_item_id: line, work_completed_this_period: '400.00' }];
  await mapRetainage(world, '2050');
  ({ application } = await billed(world, contract, work));
  await invoiceStands(world, application, 'confirmed');
  await world.act({ as: PETER, action: 'reset_application', requisition_id: application } as ProcoreAct);
  await invoiceStands(world, application, 'detached', { reason: 'unsynced' });
  const [asked] = await questions(world, 'exception');
  expect(asked?.question).toContain('Still standing in SAP Business One: 1;');
  expect(await invoicesInErp(world)).toHaveLength(1);
});

test('and exported once more it is stopped by its own number, until a person says that it is the same', async () => {
  const [detail] = await exportApplications(world, [application]);
  await invoiceStands(world, application, 'blocked', { reason: 'duplicate-number' });
  const asked = await billingQuestion(world, application);
  expect(asked.billing.answers).toEqual(['standing']);
  expect(await answerBilling(world, asked, { answer: 'standing' })).toEqual({ ok: true });
  await invoiceStands(world, application, 'confirmed');
  expect((await closedDetail(world, detail!)).status).toBe('success');
  const next = await billed(world, contract, [{ line_item_id: line, work_completed_this_period: '100.00' }]);
  await invoiceStands(world, next.application, 'confirmed');
  const totals = (await invoicesInErp(world)).map(({ document }) => document.DocTotal);
  expect(totals).toEqual([400, 100]);
});
