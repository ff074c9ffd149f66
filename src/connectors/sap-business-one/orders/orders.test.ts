import { describe, expect, it } from 'vitest';
import type { PostedBase, PurchaseOrderBody } from '../../../domain/documents.ts';
import type { Outcome } from '../../../domain/posting/outcomes.ts';
import type { ProbeResult, Write } from '../../../domain/posting/writes.ts';
import { calendarDate } from '../../../domain/values/calendar-date.ts';
import { committedIntent } from '../../../lib/door.ts';
import { CHANGED_ORDER, SAMPLE_ORDER, sampleLine } from '../fixtures/orders.ts';
import { runningCompany } from '../fixtures/running-company.ts';

const company = runningCompany();

const act = (body: object) => company.control.post('act', body);
const createOf = (body: PurchaseOrderBody) => company.connection.writes({ kind: 'create-order', body })[0]!;
const updateOf = (body: PurchaseOrderBody, base: PostedBase) =>
  company.connection.writes({ kind: 'update-order', body, base })[0]!;
const probe = (write: Write) => write.probe(company.connection.read, { earlierIds: {} });

async function deliver(write: Write, guard?: string): Promise<Outcome> {
  const request = write.encode({ earlierIds: {}, ...(guard ? { guard } : {}) });
  const sent = await company.connection.send(committedIntent('p', 1), request);
  return sent.kind === 'answered' ? write.classify(sent.response) : { kind: sent.kind, why: sent.why };
}

async function standing(write: Write): Promise<ProbeResult & { kind: 'standing' }> {
  const result = await probe(write);
  if (result.kind !== 'standing') throw new Error('expected a standing');
  return result;
}

async function post(body: PurchaseOrderBody): Promise<PostedBase> {
  const outcome = await deliver(createOf(body));
  const found = await probe(createOf(body));
  if (outcome.kind !== 'posted' || found.kind !== 'found') throw new Error(JSON.stringify(outcome));
  return { id: outcome.id, body, lineKeys: found.matches[0]?.lineKeys ?? {} };
}

describe('a created order', () => {
  it('that needs approval is found as a pending draft, later as an order of another number', async () => {
    await company.control.post('settings', { approvalProcedure: true });
    await deliver(createOf(SAMPLE_ORDER));
    const pending = await probe(createOf(SAMPLE_ORDER));
    expect(pending).toMatchObject({
      matches: [{ state: 'pending', hash: createOf(SAMPLE_ORDER).targetHash }],
    });

    const [draft] = (await company.control.truth()).drafts;
    await act({ action: 'approve_draft', docEntry: draft?.docEntry });
    const approved = await probe(createOf(SAMPLE_ORDER));
    expect(approved).toMatchObject({
      matches: [{ state: 'posted', hash: createOf(SAMPLE_ORDER).targetHash }],
    });
  });

  it('whose draft was rejected is found as cancelled', async () => {
    await company.control.post('settings', { approvalProcedure: true });
    await deliver(createOf(SAMPLE_ORDER));
    const [draft] = (await company.control.truth()).drafts;
    await act({ action: 'reject_draft', docEntry: draft?.docEntry });
    expect(await probe(createOf(SAMPLE_ORDER))).toMatchObject({ matches: [{ state: 'cancelled' }] });
  });

  it('that was posted twice under one reference is found twice', async () => {
    await deliver(createOf(SAMPLE_ORDER));
    await deliver(createOf(SAMPLE_ORDER));
    expect(await probe(createOf(SAMPLE_ORDER))).toMatchObject({
      matches: [{ state: 'posted' }, { state: 'posted' }],
    });
  });

  it('stays unknown when the company makes the reference unique and has it already', async () => {
    await company.control.post('settings', { uniqueUdf: 'U_TiebeamRef' });
    await deliver(createOf(SAMPLE_ORDER));
    expect(await deliver(createOf(SAMPLE_ORDER))).toMatchObject({ kind: 'unknown' });
  });

  it('of items reads back equal, amounts as quantities', async () => {
    const lines = [
      sampleLine('1', 'Pump', '749.25', 'PUMP', 'item'),
      sampleLine('2', 'Rebar', '0.00', 'REBAR', 'item'),
    ];
    const body = { ...SAMPLE_ORDER, lines, total: '749.25' };
    const base = await post(body);
    expect(base.lineKeys).toEqual({ 1: '0', 2: '1' });
    const changed = {
      ...body,
      revision: 2,
      total: '12.50',
      lines: [sampleLine('2', 'Rebar', '12.50', 'REBAR', 'item')],
    };
    const write = updateOf(changed, base);
    const { guard } = await standing(write);
    expect(await deliver(write, guard)).toMatchObject({ kind: 'posted' });
    expect(await standing(write)).toMatchObject({ standing: 'at-target', lineKeys: { 2: '1' } });
  });

  it.each([
    [{ vendorCode: "V'9" }, 'vendorCode', /on hold/],
    [{ projectCode: 'P-200' }, 'projectCode', /inactive/],
    [{ accountingDate: calendarDate('2026-07-15') }, 'accountingDate', /locked/],
    [{ accountingDate: calendarDate('2027-01-15') }, 'accountingDate', /range/],
    [{ currency: 'EUR' }, 'currency', /currency|rate/i],
  ])('is refused by field for %o', async (more, field, said) => {
    const outcome = await deliver(createOf({ ...SAMPLE_ORDER, ...more }));
    expect(outcome).toMatchObject({
      kind: 'refused',
      errors: [{ field, message: expect.stringMatching(said) }],
    });
  });
});

describe('a change of an order', () => {
  it('is guarded: an edit between look and write is refused by the server and not overwritten', async () => {
    const base = await post(SAMPLE_ORDER);
    const write = updateOf(CHANGED_ORDER, base);
    const { guard } = await standing(write);
    await act({ action: 'edit_order', docEntry: Number(base.id), changes: { Comments: 'call me' } });
    expect(await deliver(write, guard)).toMatchObject({ kind: 'unknown' });
    // Comments are not compared, so the order still stands as we left it, under a new version.
    const again = await standing(write);
    expect(again.standing).toBe('at-base');
    expect(again.guard).not.toBe(guard);
    expect(await deliver(write, again.guard)).toMatchObject({ kind: 'posted' });
  });

  it.each([
    ['close_order', {}, /order is closed/],
    ['cancel_order', {}, /was cancelled/],
    ['close_line', { lineNum: 1 }, /Line 2 \(Walls\) must change but is closed/],
    [
      'invoice_line',
      { lineNum: 1, amount: '10.00' },
      /Line 2 \(Walls\) must change but is partly invoiced on account 5100 of project P-100\./,
    ],
    [
      'invoice_line',
      { lineNum: 2, amount: '10.00' },
      /Line 3 \(.+\) must change but becomes 0\.00, and 10\.00 of it is invoiced\./,
    ],
    ['edit_order', { changes: { NumAtCard: 'X' } }, /The reference number is X, we left SC-001\./],
    [
      'edit_order_line',
      { lineNum: 1, changes: { AccountCode: '5200' } },
      /Line 2 \(Walls\): the coding is account 5200, we left account 5100\./,
    ],
    [
      'edit_order',
      { changes: { DocumentLines: [{ ItemDescription: 'Extra', AccountCode: '5100', LineTotal: 5 }] } },
      /Line 4 \(Extra\) of 5 was added\./,
    ],
  ])('stops at what a person did: %s %o', async (action, more, words) => {
    const base = await post(SAMPLE_ORDER);
    await act({ action, docEntry: Number(base.id), ...more });
    const result = await standing(updateOf(CHANGED_ORDER, base));
    expect(result).toMatchObject({ standing: 'elsewhere', difference: expect.stringMatching(words) });
  });

  it('goes on when the fixed line is not the one to change, or stays at what is invoiced on it', async () => {
    const base = await post(SAMPLE_ORDER);
    await act({ action: 'invoice_line', docEntry: Number(base.id), lineNum: 2, amount: '1000.00' });
    await act({ action: 'invoice_line', docEntry: Number(base.id), lineNum: 0, amount: '99999.99' });
    const body = { ...SAMPLE_ORDER, revision: 2, total: '151001.50' };
    const lines = body.lines.map((line) => (line.key === '11' ? { ...line, amount: '100001.00' } : line));
    const write = updateOf({ ...body, lines }, base);
    const { standing: where, guard } = await standing(write);
    expect(where).toBe('at-base');
    expect(await deliver(write, guard)).toMatchObject({ kind: 'posted' });
    expect(await standing(write)).toMatchObject({ standing: 'at-target' });
  });

  it('of an order that is gone says so', async () => {
    const result = await standing(updateOf(CHANGED_ORDER, { id: '99999', body: SAMPLE_ORDER, lineKeys: {} }));
    expect(result).toMatchObject({
      standing: 'elsewhere',
      difference: expect.stringContaining('not in SAP'),
    });
  });
});

describe('committed cost', () => {
  it('counts every order of the project before tax, ours or not, but no cancelled one', async () => {
    const base = await post(SAMPLE_ORDER);
    const { id } = await post({ ...SAMPLE_ORDER, reference: 'TACOTHEROTHEROT2', number: 'SC-002' });
    await act({ action: 'cancel_order', docEntry: Number(id) });
    const documents = await Array.fromAsync(company.connection.committed!('P-100'));
    expect(documents).toMatchObject([
      { reference: null, vendorCode: 'V1000', amount: '10.00', state: 'posted' },
      {
        id: base.id,
        reference: SAMPLE_ORDER.reference,
        amount: '151000.50',
        currency: 'USD',
        state: 'posted',
      },
    ]);
    expect(await Array.fromAsync(company.connection.committed!("P'none"))).toEqual([]);
  });

  it('shows drafts that wait for approval as pending', async () => {
    await company.control.post('settings', { approvalProcedure: true });
    await deliver(createOf(SAMPLE_ORDER));
    const documents = await Array.fromAsync(company.connection.committed!('P-100'));
    expect(documents.filter(({ state }) => state === 'pending')).toMatchObject([{ amount: '151000.50' }]);
  });
});
