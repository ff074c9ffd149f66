import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweepReferences } from '../../src/engine/watch/reference-sweep.ts';
import {
  applicationInProcore,
  billed,
  billingInErp,
  invoiceStands,
  invoicesInErp,
  mapRetainage,
  paymentsInProcore,
} from './billing.ts';
import { actInErp } from './hands.ts';
import { closedDetail, orderOf, procoreState, questions, standsIn } from './looking.ts';
import { exportCommitment, startWorld, until, type World } from './world.ts';

let world: World;
let contract: number;
let lines: number[];
beforeAll(async () => {
  world = await startWorld();
  contract = (await exportCommitment(world, { lines: [{ amount: '10000.00' }, { amount: '5000.00' }] }))
    .contract;
  await standsIn(world, contract, 'confirmed');
  const { contracts } = await procoreState(world);
  lines = contracts.find(({ id }) => id === contract)!.line_items.map(({ id }) => id);
});
afterAll(() => world?.stop());

const linesOf = (invoice: Awaited<ReturnType<typeof invoicesInErp>>[number]) =>
  invoice.document.DocumentLines.map(({ LineTotal, AccountCode, BaseEntry, BaseLine }) => [
    LineTotal,
    AccountCode,
    BaseEntry,
    BaseLine,
  ]);

test('the first application waits for the account of its retainage, then becomes one invoice against its order', async () => {
  const { application, detail } = await billed(world, contract, [
    {
      line_item_id: lines[0]!,
      work_completed_this_period: '4000.00',
      work_completed_retainage_retained_this_period: '400.00',
    },
    { line_item_id: lines[1]!, work_completed_this_period: '1000.50' },
  ]);
  await invoiceStands(world, application, 'in-review', { reason: 'retainage-account-missing' });
  expect(await invoicesInErp(world)).toEqual([]);
  expect((await questions(world, 'unmapped')).map(({ subject }) => subject)).toEqual(['mapping:retainage:']);
  expect(await mapRetainage(world, '2050')).toEqual({ ok: true });
  const { target_id } = await invoiceStands(world, application, 'confirmed');
  const order = await orderOf(world, contract);
  const [invoice, ...others] = await invoicesInErp(world);
  expect(others).toEqual([]);
  expect(invoice!.document.DocTotal).toBe(4600.5);
  expect(linesOf(invoice!)).toEqual([
    [4000, '5200', order.docEntry, 0],
    [1000.5, '5200', order.docEntry, 1],
    [-400, '2050', null, null],
  ]);
  expect((await closedDetail(world, detail)).status).toBe('success');
  expect(await applicationInProcore(world, application)).toMatchObject({
    origin_id: `B1-${target_id}`,
    erp_status: 'synced',
    items: [{ origin_id: `B1-${target_id}/0` }, { origin_id: `B1-${target_id}/1` }],
  });
});

test('its PDF hangs on the invoice, once', async () => {
  const { attachments, invoices } = await until('the file is attached', async () => {
    const truth = await billingInErp(world);
    return truth.invoices[0]!.document.AttachmentEntry === null ? null : truth;
  });
  expect(invoices[0]!.document.AttachmentEntry).toBe(attachments[0]!.entry);
  expect(attachments).toHaveLength(1);
  expect(attachments[0]!.files).toHaveLength(1);
});

test('the second bills what is new, and its release of retainage is an invoice of its own without cost', async () => {
  const { application, detail } = await billed(world, contract, [
    {
      line_item_id: lines[0]!,
      work_completed_this_period: '6000.00',
      work_completed_retainage_released_this_period: '150.00',
    },
  ]);
  await invoiceStands(world, application, 'confirmed');
  await invoiceStands(world, application, 'confirmed', { part: 'retainage-release' });
  const order = await orderOf(world, contract);
  const [, ...later] = await invoicesInErp(world);
  expect(later.map(linesOf)).toEqual(
    expect.arrayContaining([[[6000, '5200', order.docEntry, 0]], [[150, '2050', null, null]]]),
  );
  expect(later).toHaveLength(2);
  const numbers = later.map(({ document }) => document.NumAtCard);
  expect(new Set(numbers).size).toBe(2);
  expect((await closedDetail(world, detail)).status).toBe('success');
});

test('a payment of two invoices shows in Procore on each, and is taken back when it is cancelled there', async () => {
  const [first, second] = await invoicesInErp(world);
  const pay = (invoice: typeof first, amount: string) =>
    actInErp(world, {
      action: 'pay_invoice',
      docEntry: invoice!.docEntry,
      amount,
      method: 'check',
      number: '771',
    });
  await pay(first, '1000.00');
  await pay(second, '10.25');
  const amounts = async () =>
    (await paymentsInProcore(world)).map(({ amount, check }) => [amount, check]).sort();
  await until('both payments are shown', async () => (await amounts()).length === 2);
  expect(await amounts()).toEqual([
    ['10.25', '771'],
    ['1000.00', '771'],
  ]);
  const [voided] = (await billingInErp(world)).payments;
  await actInErp(world, { action: 'void_payment', docEntry: voided!.DocEntry });
  await until('the cancelled one is taken back', async () => (await amounts()).length === 1);
  expect(await amounts()).toEqual([['10.25', '771']]);
});

test('the daily look finds orders and invoices as they were posted, whatever their ids', async () => {
  const erp = await world.engine.systems.homeOf(world.tenant);
  const report = await until('what was posted is old enough to be compared', async () => {
    const found = await sweepReferences(world.engine, erp, null);
    return found.listed >= 4 && found;
  });
  expect(report.findings).toEqual([]);
});

test('nobody is asked about any of it', async () => {
  expect(await world.query("select subject, question from review_item where state = 'open'")).toEqual([]);
});
