import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openControl as ledgerline } from '../../src/connectors/demo-erp/simulator/http/control.ts';
import { sweepReferences } from '../../src/engine/watch/reference-sweep.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import {
  approvedApplication,
  billed,
  exportApplications,
  invoiceStands,
  mapRetainage,
  paymentsInProcore,
} from './billing.ts';
import { actInErp } from './hands.ts';
import { closedDetail, procoreState, questions, standsIn } from './looking.ts';
import { standsOnce } from './standing.ts';
import { exportCommitment, PETER, people, startWorld, until, type World } from './world.ts';

type Sent = { readonly payment: number; readonly detail: number };

/** Procore Pay paid, and the payment goes to the ERP. */
async function pay(world: World, contract: number, more: object): Promise<Sent> {
  const made = await world.act({
    ...{ as: PETER, action: 'record_payment', contract_id: contract, send_to_erp: true },
    date: '2026-11-20',
    ...more,
  } as ProcoreAct);
  return { payment: Number(made.payment_id), detail: (made.request_detail_ids as number[])[0]! };
}

type Stands = {
  readonly id: string;
  readonly state: string;
  readonly target_id: string | null;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
};

async function stands(world: World, { payment }: Sent, state: string, reason = ''): Promise<Stands> {
  let last: Stands | undefined;
  try {
    return await until(`payment ${payment} is ${state}`, async () => {
      [last] = await world.query<Stands>(
        `select id, state, target_id, reasons from document where source_object = 'contract-payment'
         and source_id = $1 order by revision desc limit 1`,
        [String(payment)],
      );
      const isTold = reason === '' || last?.reasons.some(({ code }) => code === reason);
      return last?.state === state && isTold ? last : null;
    });
  } catch {
    throw new Error(`payment ${payment} never stood in ${state} ${reason}: ${JSON.stringify(last)}`);
  }
}

type Person = (typeof people)['controller'] | (typeof people)['peter'];

/** The question whether to pay, as a person answers it. */
async function asked(world: World, sent: Sent) {
  const { id } = await stands(world, sent, 'awaiting-approval', 'needs-approval');
  const question = (await questions(world, 'approval')).find(({ document }) => document === id)!;
  const { payloadHash = '' } = question.evidence;
  return (user: Person) =>
    world.service.approve({ tenant: world.tenant, user, reviewId: question.id, payloadHash });
}

/** A second person says yes, whoever sent it. */
async function approve(world: World, sent: Sent): Promise<void> {
  const yes = await asked(world, sent);
  expect((await yes(people.peter)).ok).toBe(false);
  expect(await yes(people.controller)).toMatchObject({ ok: true });
}

const shown = async (world: World) => (await paymentsInProcore(world)).map(({ amount }) => amount).sort();

async function originOf(world: World, { payment }: Sent): Promise<string | null> {
  const { contract_payments: payments } = (await procoreState(world)) as unknown as {
    contract_payments: readonly { readonly id: number; readonly origin_id: string | null }[];
  };
  return payments.find(({ id }) => id === payment)!.origin_id;
}

describe('in Business One, where the connection makes drafts', () => {
  let world: World;
  let contract: number;
  let line: number;
  let application: number;
  const ofInvoice = (more: object) => ({ requisition_id: application, ...more });

  beforeAll(async () => {
    world = await startWorld({ erpConfig: { payments: 'draft' } });
    contract = (await exportCommitment(world, { lines: [{ amount: '10000.00' }] })).contract;
    await standsIn(world, contract, 'confirmed');
    const { contracts } = await procoreState(world);
    line = contracts.find(({ id }) => id === contract)!.line_items[0]!.id;
    await mapRetainage(world, '2050');
  });
  afterAll(() => world?.stop());

  type Entered = {
    readonly DocEntry: number;
    readonly TransferSum: number | null;
    readonly TransferAccount: string | null;
    readonly PaymentInvoices: readonly { readonly SumApplied: number }[];
  };
  const inErp = async () =>
    (await world.truth()) as unknown as {
      readonly payments: readonly Entered[];
      readonly paymentDrafts: readonly Entered[];
    };
  const lostReply = () =>
    world.b1.post('faults', {
      seed: 1,
      rules: [{ kind: 'lost-reply', times: 1, match: { method: 'POST', path_regex: 'PaymentDrafts' } }],
    });

  test('a payment waits for its invoice and a second person, and is one draft although the answer is lost', async () => {
    application = await approvedApplication(world, contract, [
      { line_item_id: line, work_completed_this_period: '4000.00' },
    ]);
    const sent = await pay(world, contract, ofInvoice({ amount: '1000.00' }));
    await stands(world, sent, 'blocked', 'invoice-not-posted');
    await exportApplications(world, [application]);
    await lostReply();
    await approve(world, sent);
    await stands(world, sent, 'confirmed');
    expect((await closedDetail(world, sent.detail)).status).toBe('success');
    const { payments, paymentDrafts } = await inErp();
    expect(payments).toEqual([]);
    expect(paymentDrafts).toMatchObject([
      { TransferSum: null, TransferAccount: null, PaymentInvoices: [{ SumApplied: 1000 }] },
    ]);
    expect((await world.b1.faults())['lost-reply']?.reached).toBe(1);
    expect(await originOf(world, sent)).toMatch(/^B1-PAY-SENT-TB1/);
  });

  test('what is promised by a draft is open to no other payment, and nothing is paid that is not open', async () => {
    const more = await pay(world, contract, ofInvoice({ amount: '3000.01' }));
    const { reasons } = await stands(world, more, 'blocked', 'over-payment');
    expect(reasons[0]!.message).toMatch(/USD 4,000\.00 open, of which USD 1,000\.00 go to payments/);
    expect((await inErp()).paymentDrafts).toHaveLength(1);
  });

  test('released by the treasurer it does not come to Procore a second time', async () => {
    const [draft] = (await inErp()).paymentDrafts;
    await actInErp(world, { action: 'release_payment_draft', docEntry: draft!.DocEntry, account: '5200' });
    await until('its release was read', async () => {
      const rows = await world.query("select 1 from record where object = 'payment'");
      return rows.length === 1;
    });
    // What was entered in the ERP comes all the same.
    await actInErp(world, { action: 'pay_invoice', docEntry: 1, amount: '10.25', number: '771' });
    await until('the other one is shown', async () => (await shown(world)).includes('10.25'));
    expect(await shown(world)).toEqual(['10.25', '1000.00', '3000.01']);
  });

  test('one that came from the ERP is never sent back', async () => {
    const { contract_payments: payments } = (await procoreState(world)) as unknown as {
      contract_payments: readonly { readonly id: number; readonly amount: string }[];
    };
    const came = payments.find(({ amount }) => Number(amount) === 10.25)!;
    const done = await world.act({
      ...{ as: PETER, action: 'send_payment_to_erp', payment_id: came.id },
    } as ProcoreAct);
    const { status, messages } = await closedDetail(world, (done.request_detail_ids as number[])[0]!);
    expect([status, messages.join()]).toEqual(['failed', expect.stringContaining('stands there already')]);
    expect((await inErp()).paymentDrafts).toEqual([]);
  });

  test('a draft whose release drops our reference is still known, and asked about when it is cancelled', async () => {
    const sent = await pay(world, contract, ofInvoice({ amount: '500.00' }));
    await approve(world, sent);
    await stands(world, sent, 'confirmed');
    const [draft] = (await inErp()).paymentDrafts;
    await actInErp(world, {
      ...{ action: 'release_payment_draft', docEntry: draft!.DocEntry, account: '5200' },
      keepsUserFields: false,
    });
    const payments = await until('it is a payment', async () => {
      const found = (await inErp()).payments;
      return found.length === 3 && found;
    });
    await actInErp(world, { action: 'void_payment', docEntry: payments.at(-1)!.DocEntry });
    const [question] = await until('somebody is asked', async () => {
      const open = await questions(world, 'exception');
      return open.length > 0 && open;
    });
    expect(question!.question).toMatch(/which was sent from Procore, was cancelled in SAP Business One/);
    expect(await shown(world)).toEqual(['10.25', '1000.00', '3000.01', '500.00']);
  });

  test('the daily look finds drafts, and payments that became of them, as they were meant', async () => {
    const erp = await world.engine.systems.homeOf(world.tenant);
    const report = await until('what was sent is old enough to be missed', async () => {
      const found = await sweepReferences(world.engine, erp, null);
      return found.listed >= 3 && found.findings.length > 0 && found;
    });
    // The reference of the second draft was dropped: it is gone for whoever looks by it.
    expect(report.findings.map(({ kind }) => kind)).toEqual(['missing']);
  });
});

describe('in Ledgerline, where the connection posts', () => {
  let world: World;
  let contract: number;
  let application: number;

  beforeAll(async () => {
    world = await startWorld({ erp: 'demo-erp', erpConfig: { payments: 'post' } });
    const sent = await exportCommitment(world, { lines: [{ amount: '5000.00' }] });
    await standsOnce(world, sent);
    contract = sent.contract;
    await mapRetainage(world, '2050');
    const { contracts } = await procoreState(world);
    const line = contracts.find(({ id }) => id === contract)!.line_items[0]!.id;
    const work = { line_item_id: line, work_completed_this_period: '800.00' };
    ({ application } = await billed(world, contract, [work]));
    await invoiceStands(world, application, 'confirmed');
  });
  afterAll(() => world?.stop());

  const paid = async () => (await ledgerline(world.b1Url).state()).payments;

  test('an approved payment is posted once, though the answer is lost, and does not come back', async () => {
    const sent = await pay(world, contract, { requisition_id: application, amount: '300.00' });
    await world.erp.trouble({ kind: 'lost-reply' });
    await approve(world, sent);
    const { target_id: id } = await stands(world, sent, 'confirmed');
    expect(await world.erp.reached('lost-reply')).toBe(1);
    expect(await paid()).toMatchObject([{ code: id, vendor: 'V1000', invoices: [{ amount: '300.00' }] }]);
    await until('it was read', async () => {
      const rows = await world.query("select 1 from record where object = 'payment'");
      return rows.length === 1;
    });
    expect((await closedDetail(world, sent.detail)).status).toBe('success');
    expect(await shown(world)).toEqual(['300.00']);
  });

  test('what somebody paid there while it waited is not paid again, although it was approved', async () => {
    const sent = await pay(world, contract, { requisition_id: application, amount: '500.00' });
    const yes = await asked(world, sent);
    const [invoice] = await world.erp.invoices();
    await world.b1.post('act', {
      ...{ action: 'pay_invoices', method: 'check', number: '9' },
      invoices: [{ id: invoice!.id, amount: '0.01' }],
    });
    await yes(people.controller);
    // Either the plan sees it, or the look was made already and the ERP refuses what is more than open.
    const [told] = await until('somebody is told that less is open', async () => {
      const rows = await world.query<Stands>(
        `select state, reasons from document where source_object = 'contract-payment' and source_id = $1
           and state in ('blocked', 'refused') order by revision desc limit 1`,
        [String(sent.payment)],
      );
      return rows[0]?.reasons;
    });
    expect(told!.message).toMatch(/which has USD 499\.99 open|has less to pay/);
    expect(await paid()).toHaveLength(2);
  });
});
