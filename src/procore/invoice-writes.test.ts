import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANNA, type Company, PROJECT, SUBCONTRACT, startCompany } from '../../test/procore/company.ts';
import type { Operation, PaymentNotice, RequestClosing } from '../domain/documents.ts';
import type { Outcome } from '../domain/posting/outcomes.ts';
import type { Match, Write } from '../domain/posting/writes.ts';
import { calendarDate } from '../domain/values/calendar-date.ts';
import { committedIntent } from '../lib/door.ts';
import { procorePreflight } from './erp-tool/constraints.ts';
import { procoreSettle } from './settle.ts';

let company: Company;
let invoice: string;
beforeEach(async () => {
  company = await startCompany();
  const act = { as: ANNA, action: 'submit_application', contract_id: SUBCONTRACT } as const;
  invoice = String((await company.act({ ...act, percent_to_date: '50' })).requisition_id);
  const requisition_id = Number(invoice);
  await company.act({ as: ANNA, action: 'review_application', requisition_id, decision: 'approve' });
});
afterEach(() => company.stop());

const context = { earlierIds: {} };
async function send(write: Write): Promise<Outcome> {
  const sent = await company.hub.send(committedIntent('p', 1), write.encode(context));
  return sent.kind === 'answered' ? write.classify(sent.response) : sent;
}
const standing = async (write: Write) => {
  const result = await write.probe(company.hub.read, context);
  return result.kind === 'standing' ? result.standing : result.kind;
};
const matches = async (write: Write): Promise<readonly Match[]> => {
  const result = await write.probe(company.hub.read, context);
  return result.kind === 'found' ? result.matches : [];
};

type Confirm = Extract<Operation, { kind: 'confirm-invoice' }>;
const confirm = (more: Partial<Confirm> = {}): Confirm => ({
  kind: 'confirm-invoice',
  subInvoiceId: invoice,
  projectId: String(PROJECT),
  originId: 'SBO/18/40',
  originCode: '40',
  closing: null,
  ...more,
});
const only = (operation: Operation): Write => {
  const [write, ...more] = company.hub.writes(operation);
  if (write === undefined || more.length > 0) throw new Error('one write was expected');
  return write;
};

describe('confirming an invoice', () => {
  it('marks the pay application as synced, and knows it afterwards', async () => {
    const write = only(confirm({ support: '{"synced_at":"now"}' }));
    expect(await standing(write)).toBe('at-base');
    expect(await send(write)).toEqual({ kind: 'posted', id: invoice });
    expect(await standing(write)).toBe('at-target');
    const { requisitions } = (await company.sim('GET', 'state')) as { requisitions: object[] };
    expect(requisitions[0]).toMatchObject({
      origin_id: 'SBO/18/40',
      origin_code: '40',
      origin_data: '{"synced_at":"now"}',
      erp_status: 'synced',
    });
  });

  it('marks its items in the same call, and takes their ids off with its own', async () => {
    type Seen = {
      origin_id: string | null;
      items: { id: number; item_type: string; origin_id: string | null }[];
    };
    const seen = async () =>
      ((await company.sim('GET', 'state')) as { requisitions: Seen[] }).requisitions[0]!;
    const [item] = (await seen()).items;
    const told = confirm({ lines: { [`contract_item/${item!.id}`]: 'SBO/18/40/0' } });
    expect(await send(only(told))).toEqual({ kind: 'posted', id: invoice });
    expect((await seen()).items[0]).toMatchObject({ origin_id: 'SBO/18/40/0' });
    expect(await standing(only(told))).toBe('at-target');
    const clear = only({ kind: 'clear-origins', told, closing: null });
    expect(await standing(clear)).toBe('at-base');
    expect((await send(clear)).kind).toBe('posted');
    expect(await standing(clear)).toBe('at-target');
    const after = await seen();
    expect([after.origin_id, ...after.items.map(({ origin_id }) => origin_id)]).toEqual([null, null, null]);
  });

  it('never overwrites what another integration wrote, and ends with a person where nothing is shown', async () => {
    await send(only(confirm({ originId: 'SAGE-9' })));
    expect(await standing(only(confirm()))).toBe('elsewhere');
    expect(await standing(only(confirm({ subInvoiceId: '4711' })))).toBe('elsewhere');
    expect((await send(only(confirm({ subInvoiceId: '4711' })))).kind).toBe('refused');
  });

  it('answers the request of its batch last, and only its own', async () => {
    const order = { item_type: 'work_order_contract', item_id: SUBCONTRACT, origin_id: 'SBO/22/17' };
    await company.hub.send(committedIntent('p', 1), {
      method: 'PATCH',
      path: `/rest/v1.0/companies/${company.config.companyId}/external_data/sync`,
      body: JSON.stringify({ updates: [order] }),
    });
    const requisition_ids = [Number(invoice)];
    await company.act({ as: ANNA, action: 'send_applications_to_erp', requisition_ids });
    const made = await company.act({ as: ANNA, action: 'approve_application_export', requisition_ids });
    const [requestDetailId] = (made.request_detail_ids as number[]).map(String);
    const closing: RequestClosing = {
      requestDetailId: requestDetailId ?? '',
      itemId: invoice,
      status: 'success',
      messages: [],
    };
    const writes = company.hub.writes(confirm({ closing }));
    expect(writes.map(({ name }) => name)).toEqual(['mark-synced', 'close-request-detail']);
    for (const write of writes) {
      expect(await standing(write)).toBe('at-base');
      expect((await send(write)).kind).toBe('posted');
      expect(await standing(write)).toBe('at-target');
    }
  });
});

const notice = (more: Partial<PaymentNotice> = {}): PaymentNotice => ({
  originId: 'SBO/46/7/40',
  projectId: String(PROJECT),
  commitmentId: String(SUBCONTRACT),
  subInvoiceId: invoice,
  amount: '450.13',
  currency: 'USD',
  date: calendarDate('2026-09-20'),
  method: 'check',
  methodNumber: '1007',
  invoiceNumber: 'F-17',
  ...more,
});
const payment = (more: Partial<PaymentNotice> = {}): Write =>
  only({ kind: 'record-payment', notice: notice(more) });
const payments = async () =>
  ((await company.sim('GET', 'state')) as { contract_payments: { id: number; amount: string }[] })
    .contract_payments;

describe('recording a payment', () => {
  it('shows it on commitment and pay application, and finds it as it was sent', async () => {
    const write = payment();
    expect(await matches(write)).toEqual([]);
    const outcome = await send(write);
    const [made] = await payments();
    expect(outcome).toEqual({ kind: 'posted', id: String(made?.id) });
    expect(made).toMatchObject({
      amount: '450.13',
      requisition_id: Number(invoice),
      check_number: '1007',
      payment_method: 'check',
      date: '2026-09-20',
    });
    expect(await matches(write)).toEqual([{ id: String(made?.id), state: 'posted', hash: write.targetHash }]);
  });

  it('is found after its answer was lost, and stands once when it is sent once more', async () => {
    const write = payment();
    await company.faults([
      { kind: 'lost-reply', match: { path_regex: 'contract_payments', method: 'POST' } },
    ]);
    expect((await send(write)).kind).toBe('unknown');
    await company.faults([]);
    expect(await matches(write)).toMatchObject([{ hash: write.targetHash }]);
    // A refusal that does not say that nothing stands: the look after it finds our own.
    expect(await send(write)).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining('already been taken'),
    });
    expect(await payments()).toHaveLength(1);
  });

  it('tells two payments of one invoice apart, and one that stands with other content', async () => {
    await send(payment());
    expect(await matches(payment({ originId: 'SBO/46/8/40' }))).toEqual([]);
    const other = payment({ amount: '450.14' });
    const [match] = await matches(other);
    expect(match?.hash).not.toBe(other.targetHash);
    const [same] = await matches(payment({ amount: '450.130' }));
    expect(same?.hash).toBe(payment().targetHash);
  });

  it('of a pay application that is not there is refused', async () => {
    expect(await send(payment({ subInvoiceId: '4711' }))).toMatchObject({
      kind: 'refused',
      errors: [{ field: 'requisition_id' }],
    });
  });

  it.each(['', '<html>', '{}'])('was answered by a 201 with "%s", which proves nothing', (body) => {
    expect(payment().classify({ status: 201, headers: {}, body }).kind).toBe('unknown');
  });
});

describe('withdrawing a payment', () => {
  async function recorded(): Promise<{ id: string; writes: readonly Write[] }> {
    const outcome = await send(payment());
    const paymentId = outcome.kind === 'posted' ? outcome.id : '';
    const operation: Operation = { kind: 'withdraw-payment', paymentId, notice: notice() };
    return { id: paymentId, writes: company.hub.writes(operation) };
  }

  it('frees it from its lock, deletes it, and knows both afterwards', async () => {
    const { id, writes } = await recorded();
    expect(writes.map(({ name }) => name)).toEqual(['unlock-payment', 'delete-payment']);
    for (const write of writes) {
      expect(await standing(write)).toBe('at-base');
      expect(await send(write)).toEqual({ kind: 'posted', id });
      expect(await standing(write)).toBe('at-target');
    }
    expect(await payments()).toEqual([]);
    for (const write of writes) expect(await standing(write)).toBe('at-target');
  });

  it('leaves alone what somebody changed once it was free, or what another integration took', async () => {
    const { id, writes } = await recorded();
    const [unlock, remove] = writes;
    await send(unlock!);
    const change = async (fields: object) => {
      const path = `/rest/v1.0/contract_payments/${id}`;
      const ids = { project_id: PROJECT, contract_id: SUBCONTRACT };
      const body = JSON.stringify({ ...ids, contract_payment: fields });
      await company.hub.send(committedIntent('p', 1), { method: 'PATCH', path, body });
    };
    await change({ amount: '1.00' });
    expect(await standing(remove!)).toBe('elsewhere');
    await change({ amount: '450.13', origin_id: 'SAGE-1' });
    expect([await standing(unlock!), await standing(remove!)]).toEqual(['elsewhere', 'elsewhere']);
  });

  it('is refused while the lock stands', async () => {
    const { writes } = await recorded();
    expect(await standing(writes[1]!)).toBe('elsewhere');
    expect((await send(writes[1]!)).kind).toBe('refused');
    expect(await payments()).toHaveLength(1);
  });
});

describe('what goes back of an invoice', () => {
  it('has a settle rule for every write, and a payment is taken once', () => {
    const table = procoreSettle(company.config);
    for (const write of [only(confirm()), payment()]) expect(table[write.object]).toBeDefined();
    expect(table.payment).toMatchObject({ uniquenessEnforced: true, requestLifeMs: null });
  });

  it('is checked before it is sent', () => {
    const check = (more: Partial<PaymentNotice>) =>
      procorePreflight({ kind: 'record-payment', notice: notice(more) }).map(({ field }) => field);
    expect(check({})).toEqual([]);
    expect(check({ originId: '', amount: '' })).toEqual(['origin_id', 'amount']);
    expect(check({ methodNumber: 'x'.repeat(256) })).toEqual(['check_number']);
    expect(procorePreflight(confirm({ originId: ' ' }))).toMatchObject([{ field: 'origin_id' }]);
  });
});
