import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import {
  answerBilling,
  applicationInProcore,
  approvedApplication,
  billed,
  billingQuestion,
  exportApplications,
  invoiceStands,
  invoicesInErp,
  mapRetainage,
  paymentsInProcore,
} from './billing.ts';
import { actInErp, approveAs } from './hands.ts';
import { closedDetail, documentOf, procoreState, questions, standsIn } from './looking.ts';
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

describe('an application that a person entered in the ERP', () => {
  let contract: number;
  let line: number;
  let typed: number;
  const work = (amount: string) => [{ line_item_id: line, work_completed_this_period: amount }];

  it('is asked about when the next one waits for it, and is linked only as it was read there', async () => {
    const order = await orderOfLines(['9000.00']);
    contract = order.contract;
    line = order.lines[0]!;
    typed = await approvedApplication(world, contract, work('1000.00'));
    const { target_id } = (await documentOf(world, contract))!;
    await actInErp(world, {
      action: 'create_invoice',
      document: {
        ...{ CardCode: 'V1000', NumAtCard: 'BY-HAND', DocType: 'dDocument_Service' },
        DocumentLines: [{ BaseType: 22, BaseEntry: Number(target_id), BaseLine: 0, LineTotal: 990 }],
      },
    });
    const before = (await invoicesInErp(world)).length;
    const next = await billed(world, contract, work('500.00'));
    const asked = await billingQuestion(world, typed);
    expect(asked.billing).toMatchObject({ answers: ['next', 'standing'], parts: [{ amount: '1000.00' }] });
    const standing = { answer: 'standing', number: 'BY-HAND' } as const;
    for (const [wish, user] of [
      [{ ...standing, number: 'NOWHERE' }, people.accountant],
      [standing, people.accountant],
      [{ answer: 'opening' as const }, people.accountant],
    ] as const)
      expect(await answerBilling(world, asked, wish, user)).toMatchObject({ ok: false, status: 422 });
    expect(
      await answerBilling(world, asked, { ...standing, difference: '-10' }, people.engineer),
    ).toMatchObject({
      status: 403,
    });
    expect(await answerBilling(world, asked, { ...standing, difference: '-10' })).toEqual({ ok: true });
    await invoiceStands(world, next.application, 'confirmed');
    expect((await closedDetail(world, next.detail)).status).toBe('success');
    const made = (await invoicesInErp(world)).slice(before);
    expect(made.map(({ document }) => document.DocTotal)).toEqual([500]);
  });

  it('answers its export without a second invoice, and bears the id of the one that stands', async () => {
    const before = (await invoicesInErp(world)).length;
    const { target_id } = await invoiceStands(world, typed, 'confirmed', { reason: 'taken-over' });
    const [detail] = await exportApplications(world, [typed]);
    expect((await closedDetail(world, detail!)).status).toBe('success');
    expect(await applicationInProcore(world, typed)).toMatchObject({ origin_id: `B1-${target_id}` });
    expect(await invoicesInErp(world)).toHaveLength(before);
    await actInErp(world, { action: 'pay_invoice', docEntry: Number(target_id) });
    await until('its payment is shown', async () =>
      (await paymentsInProcore(world)).some(({ amount }) => amount === '990.00'),
    );
  });
});

describe('what a person leaves to the next application', () => {
  it('is less than was posted, which the next one bills with its own', async () => {
    const { contract, lines } = await orderOfLines(['9000.00']);
    const work = (amount: string) => [{ line_item_id: lines[0]!, work_completed_this_period: amount }];
    await invoiceStands(world, (await billed(world, contract, work('1000.00'))).application, 'confirmed');
    const before = (await invoicesInErp(world)).length;
    const reduced = await billed(world, contract, work('-200.00'));
    await invoiceStands(world, reduced.application, 'conflict', { reason: 'billing-reduced' });
    const asked = await billingQuestion(world, reduced.application);
    expect(await answerBilling(world, asked, { answer: 'next' })).toEqual({ ok: true });
    await invoiceStands(world, reduced.application, 'withdrawn');
    const told = await closedDetail(world, reduced.detail);
    expect(told).toMatchObject({ status: 'failed', messages: [expect.stringMatching(/next application/)] });
    const next = await billed(world, contract, work('700.00'));
    await invoiceStands(world, next.application, 'confirmed');
    expect((await invoicesInErp(world)).slice(before).map(({ document }) => document.DocTotal)).toEqual([
      500,
    ]);
    expect((await questions(world, 'billing')).map(({ subject }) => subject)).toEqual([]);
  });

  it('is an earlier one that came to bill after a later one was posted, and what that changed of the later one', async () => {
    const { contract, lines } = await orderOfLines(['9000.00']);
    const work = (amount: string) => [{ line_item_id: lines[0]!, work_completed_this_period: amount }];
    const early = await approvedApplication(world, contract, work('0.00'));
    const later = await billed(world, contract, work('100.00'));
    await invoiceStands(world, later.application, 'confirmed');
    const before = (await invoicesInErp(world)).length;
    const revise = { as: PETER, action: 'revise_application', requisition_id: early, lines: work('50.00') };
    await world.act(revise as ProcoreAct);
    const approve = { as: PETER, action: 'review_application', requisition_id: early, decision: 'approve' };
    await world.act(approve as ProcoreAct);
    await exportApplications(world, [early]);
    await invoiceStands(world, early, 'conflict', { reason: 'application-out-of-order' });
    const asked = await billingQuestion(world, early);
    expect(asked.billing.answers).toEqual(['next']);
    expect(await answerBilling(world, asked, { answer: 'next' })).toEqual({ ok: true });
    const next = await billed(world, contract, work('300.00'));
    const reopened = await billingQuestion(world, later.application);
    expect(await answerBilling(world, reopened, { answer: 'next' })).toEqual({ ok: true });
    await invoiceStands(world, next.application, 'confirmed');
    expect((await invoicesInErp(world)).slice(before).map(({ document }) => document.DocTotal)).toEqual([
      350,
    ]);
  });

  it('is decided by a second person at the threshold, and may be billed by itself after all', async () => {
    const { contract, lines } = await orderOfLines(['90000.00'], true);
    const work = (amount: string) => [{ line_item_id: lines[0]!, work_completed_this_period: amount }];
    const first = await approvedApplication(world, contract, work('60000.00'));
    const second = await approvedApplication(world, contract, work('10000.00'));
    await exportApplications(world, [second], PETER);
    const asked = await billingQuestion(world, first);
    // Whoever exported what waits for it is a controller too, and may not.
    for (const user of [people.peter, people.accountant])
      expect(await answerBilling(world, asked, { answer: 'next' }, user)).toMatchObject({ status: 403 });
    expect(await answerBilling(world, asked, { answer: 'next' }, people.controller)).toEqual({ ok: true });
    await invoiceStands(world, second, 'awaiting-approval');
    await exportApplications(world, [first]);
    const again = await billingQuestion(world, first);
    expect(again.billing.answers).toEqual(['itself']);
    expect(await answerBilling(world, again, { answer: 'itself' }, people.controller)).toEqual({ ok: true });
    await invoiceStands(world, second, 'blocked', { reason: 'application-skipped' });
  });
});

describe('an order of which something came in', () => {
  const receive = (docEntry: number, amount?: string) =>
    actInErp(world, { action: 'receive_line', docEntry, lineNum: 0, ...(amount ? { amount } : {}) });
  const entryOf = async (contract: number) => Number((await documentOf(world, contract))!.target_id);
  const work = (line: number, amount: string) => [{ line_item_id: line, work_completed_this_period: amount }];
  const newest = async () =>
    (await invoicesInErp(world))
      .at(-1)!
      .document.DocumentLines.map((row) => row as unknown as Record<string, number>)
      .map(({ BaseType, BaseEntry, LineTotal }) => [BaseType, BaseEntry, LineTotal]);

  it('is billed on its receipts, the oldest first, and on the order beyond them, once although an answer is lost', async () => {
    const { contract, lines } = await orderOfLines(['1000.00']);
    const order = await entryOf(contract);
    await receive(order, '300.50');
    await receive(order, '200');
    await world.b1.post('faults', {
      seed: 1,
      rules: [{ kind: 'lost-reply', times: 1, match: { method: 'POST', path_regex: 'PurchaseInvoices' } }],
    });
    const before = (await invoicesInErp(world)).length;
    const { application } = await billed(world, contract, work(lines[0]!, '700.25'));
    await invoiceStands(world, application, 'confirmed');
    expect(await invoicesInErp(world)).toHaveLength(before + 1);
    expect(await newest()).toEqual([
      [20, expect.any(Number), 300.5],
      [20, expect.any(Number), 200],
      [22, order, 199.75],
    ]);
  });

  it('waits while more came in than is ordered, says by which receipt, and goes by itself once that is corrected', async () => {
    const { contract, lines } = await orderOfLines(['500.00']);
    const order = await entryOf(contract);
    await receive(order, '600');
    const { application } = await billed(world, contract, work(lines[0]!, '400.00'));
    const { reasons } = await invoiceStands(world, application, 'blocked', { reason: 'receipt-unusable' });
    expect(reasons[0]?.message).toMatch(/USD 600.00 came in by receipt 70\d\d, and USD 500.00 is ordered/);
    const { goodsReceipts } = (await world.truth()) as unknown as {
      readonly goodsReceipts: readonly { readonly docEntry: number }[];
    };
    await actInErp(world, { action: 'cancel_goods_receipt', docEntry: goodsReceipts.at(-1)!.docEntry });
    await world.sweep();
    await invoiceStands(world, application, 'confirmed');
    expect(await newest()).toEqual([[22, order, 400]]);
  });

  it('is planned and approved again where something came in after the approval was asked for', async () => {
    const { contract, lines } = await orderOfLines(['80000.00'], true);
    const order = await entryOf(contract);
    const { application } = await billed(world, contract, work(lines[0]!, '60000.00'));
    const { id } = await invoiceStands(world, application, 'awaiting-approval');
    const asked = async (not = '') =>
      until('a controller is asked', async () => {
        const all = await questions(world, 'approval');
        return all.find((one) => one.document === id && one.evidence.payloadHash !== not);
      });
    const approve = ({ id: reviewId, evidence }: Awaited<ReturnType<typeof asked>>) =>
      world.service.approve({
        ...{ tenant: world.tenant, user: people.controller, reviewId },
        payloadHash: evidence.payloadHash!,
      });
    const first = await asked();
    await receive(order);
    expect(await approve(first)).toEqual({ ok: true });
    const second = await asked(first.evidence.payloadHash);
    expect(await approve(second)).toEqual({ ok: true });
    await invoiceStands(world, application, 'confirmed');
    expect(await newest()).toEqual([[20, expect.any(Number), 60_000]]);
  });
});
