import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  approvedApplication,
  billed,
  exportApplications,
  invoiceStands,
  invoicesInErp,
  mapRetainage,
} from './billing.ts';
import { approveAs } from './hands.ts';
import { closedDetail, procoreState, questions, standsIn } from './looking.ts';
import { exportCommitment, PETER, people, startWorld, until, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  expect(await mapRetainage(world, '2050')).toEqual({ ok: true });
});
afterAll(() => world?.stop());

/** An order that stands, with the ids of its lines in Procore. */
async function orderOfLines(amounts: readonly string[], approve = false) {
  const { contract } = await exportCommitment(world, { lines: amounts.map((amount) => ({ amount })) });
  if (approve) expect(await approveAs(world, people.controller, contract)).toEqual({ ok: true });
  await standsIn(world, contract, 'confirmed');
  const { contracts } = await procoreState(world);
  return { contract, lines: contracts.find(({ id }) => id === contract)!.line_items.map(({ id }) => id) };
}

test('an application waits for the one before it, and both go in order once that is exported', async () => {
  const { contract, lines } = await orderOfLines(['9000.00']);
  const before = (await invoicesInErp(world)).length;
  const work = (amount: string) => [{ line_item_id: lines[0]!, work_completed_this_period: amount }];
  const first = await approvedApplication(world, contract, work('1000.00'));
  const second = await billed(world, contract, work('2500.00'));
  await invoiceStands(world, second.application, 'blocked', { reason: 'application-skipped' });
  expect(await invoicesInErp(world)).toHaveLength(before);
  const [detail] = await exportApplications(world, [first]);
  await invoiceStands(world, first, 'confirmed');
  await invoiceStands(world, second.application, 'confirmed');
  const totals = (await invoicesInErp(world)).slice(before).map(({ document }) => document.DocTotal);
  expect(totals).toEqual([1000, 2500]);
  expect((await closedDetail(world, detail!)).status).toBe('success');
  expect((await closedDetail(world, second.detail)).status).toBe('success');
});

test('an invoice at the threshold is approved by a second person, exactly as shown', async () => {
  const { contract, lines } = await orderOfLines(['80000.00'], true);
  const before = (await invoicesInErp(world)).length;
  const application = await approvedApplication(world, contract, [
    { line_item_id: lines[0]!, work_completed_this_period: '60000.00' },
  ]);
  await exportApplications(world, [application], PETER);
  const { id } = await invoiceStands(world, application, 'awaiting-approval');
  expect(await invoicesInErp(world)).toHaveLength(before);
  const question = await until('somebody is asked', async () =>
    (await questions(world, 'approval')).find((one) => one.document === id),
  );
  expect(question.question).toMatch(/^Post the invoice for Steel & Sons\?.*controller/);
  const payloadHash = question.evidence.payloadHash!;
  const asked = { tenant: world.tenant, reviewId: question.id, payloadHash };
  // Whoever exported it is a controller too, and may not.
  expect(await world.service.approve({ ...asked, user: people.peter })).toMatchObject({ ok: false });
  expect(await world.service.approve({ ...asked, user: people.controller })).toEqual({ ok: true });
  await invoiceStands(world, application, 'confirmed');
  expect((await invoicesInErp(world)).slice(before).map(({ document }) => document.DocTotal)).toEqual([
    60000,
  ]);
});

test('an invoice whose answer is lost is found again: there is one', async () => {
  const { contract, lines } = await orderOfLines(['700.00']);
  const before = (await invoicesInErp(world)).length;
  await world.b1.post('faults', {
    seed: 1,
    rules: [{ kind: 'lost-reply', times: 1, match: { method: 'POST', path_regex: 'PurchaseInvoices' } }],
  });
  const { application, detail } = await billed(world, contract, [
    { line_item_id: lines[0]!, work_completed_this_period: '700.00' },
  ]);
  await invoiceStands(world, application, 'confirmed');
  expect(await invoicesInErp(world)).toHaveLength(before + 1);
  expect((await closedDetail(world, detail)).status).toBe('success');
});
