import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { line, order, startTestCompany } from './company/test-company.ts';

let company: Awaited<ReturnType<typeof startTestCompany>>;
beforeAll(async () => {
  company = await startTestCompany();
});
afterAll(() => company?.stop());
beforeEach(() => company.reset());

const change = (reference: string, id: string, lines: object[], basedOn = 'v1') => ({
  type: 'order-change',
  reference,
  revision: 2,
  number: 'N1',
  title: 'Walls',
  date: '2026-02-02',
  order: id,
  based_on: basedOn,
  lines,
});
describe('the Ledgerline simulator', () => {
  it('accepts a group first and books it when its job is done', async () => {
    const { status, body } = await company.send(order('R1'));
    expect(status).toBe(202);
    expect((await company.control.state()).orders).toEqual([]);
    expect((await company.call('GET', `/jobs/${body.job}`)).body).toMatchObject({ status: 'running' });
    expect((await company.call('GET', `/jobs/${body.job}`)).body).toMatchObject({
      status: 'done',
      documents: [{ reference: 'R1' }],
    });
    expect((await company.control.state()).orders).toMatchObject([{ reference: 'R1', total: '100.00' }]);
  });

  it('finishes jobs by time when nobody polls', async () => {
    await company.send(order('R1'));
    await company.control.post('clock', { advance_ms: 60_000 });
    expect((await company.control.state()).orders).toEqual([]);
    await company.control.post('clock', { advance_ms: 60_000 });
    expect((await company.control.state()).orders).toHaveLength(1);
  });

  it('refuses the whole group for one bad line, and names every bad one', async () => {
    const bad = order('R2', { lines: [line, { ...line, account: '5000' }, { ...line, account: '9' }] });
    expect(await company.run(order('R1'), bad)).toMatchObject({
      status: 'refused',
      errors: [
        { reference: 'R2', line: 2, field: 'account', code: 'not-postable' },
        { reference: 'R2', line: 3, field: 'account', code: 'unknown' },
      ],
    });
    expect((await company.control.state()).orders).toEqual([]);
  });

  it.each([
    ['an unknown field', order('R1', { colour: 'red' })],
    ['an amount that is a number', order('R1', { lines: [{ ...line, amount: 100 }] })],
    ['an amount without cents', order('R1', { lines: [{ ...line, amount: '100' }] })],
    ['no lines', order('R1', { lines: [] })],
    ['an unknown type', order('R1', { type: 'order-update' })],
    ['a vendor on a change', { ...change('R2', 'LO-1', []), vendor: 'V1' }],
  ])('refuses %s before a job exists', async (_, document) => {
    const { status, body } = await company.send(document);
    expect(status).toBe(400);
    expect(body.error?.code).toBe('malformed');
    expect(body.error?.details.length).toBeGreaterThan(0);
  });

  it.each([
    ['an unknown vendor', { vendor: 'V9' }, 'vendor'],
    ['a foreign currency', { currency: 'EUR' }, 'currency'],
    ['a date outside every period', { date: '2026-05-01' }, 'date'],
    ['an unknown project', { project: 'P9' }, 'project'],
    ['a title of 121 characters', { title: 'x'.repeat(121) }, 'title'],
  ])('refuses %s in the job', async (_, more, field) => {
    expect(await company.run(order('R1', more))).toMatchObject({
      status: 'refused',
      errors: [{ field, line: null }],
    });
  });

  it('refuses a blocked vendor and a closed period, as a person left them', async () => {
    await company.control.post('act', { action: 'freeze_vendor', code: 'V1' });
    await company.control.post('act', { action: 'lock_period', code: 'Q1' });
    expect(await company.run(order('R1'))).toMatchObject({
      errors: [{ code: 'period-closed' }, { code: 'blocked' }],
    });
  });

  it('takes the same reference twice', async () => {
    await company.run(order('R1'));
    await company.run(order('R1'));
    expect((await company.call('GET', '/orders?reference=R1')).body.records).toHaveLength(2);
  });

  it('adds a change to the order, delta by delta', async () => {
    const first = (await company.run(order('R1'))) as { documents: { order_id: string }[] };
    const id = first.documents[0]?.order_id ?? '';
    await company.run(
      change('R2', id, [
        { line: 1, amount: '-25.50' },
        { ...line, key: 'b', amount: '1.00' },
      ]),
    );
    expect((await company.control.state()).orders).toMatchObject([
      {
        id,
        total: '75.50',
        lines: [{ amount: '100.00' }],
        changes: [{ reference: 'R2', lines: [{ line: 1 }, { line: 2 }] }],
      },
    ]);
  });

  it('refuses a change of a closed order and one below what is invoiced', async () => {
    const first = (await company.run(order('R1'))) as { documents: { order_id: string }[] };
    const id = first.documents[0]?.order_id ?? '';
    await company.control.post('act', {
      action: 'enter_document',
      document: {
        ...{ type: 'invoice', order: id, vendor: 'V1', currency: 'USD', vendor_number: '9', title: 'Walls' },
        ...{ date: '2026-02-20', invoice_date: '2026-02-19' },
        lines: [{ order_line: 1, description: 'Walls', amount: '80.00' }],
      },
    });
    expect(await company.run(change('R2', id, [{ line: 1, amount: '-20.01' }], 'v2'))).toMatchObject({
      errors: [{ code: 'invoiced', line: 1 }],
    });
    expect(await company.run(change('R2', id, [{ line: 1, amount: '-20.00' }], 'v2'))).toMatchObject({
      status: 'done',
    });
    await company.control.post('act', { action: 'close_order', id });
    expect(await company.run(change('R3', id, [{ line: 1, amount: '1.00' }], 'v4'))).toMatchObject({
      errors: [{ code: 'not-open' }],
    });
  });

  it('refuses a change that is based on a version gone by, so that none is added twice', async () => {
    const first = (await company.run(order('R1'))) as { documents: { order_id: string }[] };
    const id = first.documents[0]?.order_id ?? '';
    const again = change('R2', id, [{ line: 1, amount: '1.00' }]);
    expect(await company.run(again)).toMatchObject({ status: 'done' });
    expect(await company.run(again)).toMatchObject({ status: 'refused', errors: [{ code: 'stale' }] });
    await company.control.post('act', { action: 'edit_order_line', id, line: 1, amount: '7.00' });
    const late = change('R3', id, [{ line: 1, amount: '1.00' }], 'v2');
    expect(await company.run(late)).toMatchObject({ errors: [{ code: 'stale' }] });
  });

  it('opens to its key only', async () => {
    expect((await company.call('GET', '/vendors', undefined, 'wrong')).status).toBe(401);
    expect((await company.call('POST', '/import-groups', {}, 'wrong')).status).toBe(401);
  });

  it('gives changed vendors after a change number', async () => {
    const first = (await company.call('GET', '/vendors?changed_after=0')).body as {
      records: { change: number }[];
    };
    expect(first.records).toHaveLength(1);
    const after = first.records[0]?.change;
    expect((await company.call('GET', `/vendors?changed_after=${after}`)).body.records).toEqual([]);
    await company.control.post('act', { action: 'edit_vendor', code: 'V1', name: 'Acme II' });
    expect((await company.call('GET', `/vendors?changed_after=${after}`)).body.records).toMatchObject([
      { name: 'Acme II' },
    ]);
  });

  it('takes, warns of or refuses a second document under one reference, as the company is set', async () => {
    const outcomes: unknown[] = [];
    await company.send(order('R1'));
    for (const sameReference of ['taken', 'warned', 'refused']) {
      await company.control.post('settings', { sameReference });
      const { body } = await company.send(order('R1'));
      await company.control.post('clock', { advance_ms: 120_000 });
      const { status, warnings } = (await company.call('GET', `/jobs/${body.job}`)).body;
      outcomes.push([status, (await company.control.state()).orders.length, warnings]);
    }
    expect(outcomes).toEqual([
      ['done', 2, []],
      ['done', 3, ['reference R1 stands already']],
      ['refused', 3, undefined],
    ]);
  });

  it('forgets a job after it ran, or before', async () => {
    const rule = (after: boolean) => ({
      seed: 1,
      rules: [{ kind: 'lost-job', times: 1, params: { after_commit: after } }],
    });
    for (const [after, standing] of [
      [true, 1],
      [false, 1],
    ] as const) {
      const { body } = await company.send(order(`R-${after}`));
      await company.control.post('faults', rule(after));
      expect((await company.call('GET', `/jobs/${body.job}`)).status).toBe(404);
      await company.control.post('clock', { advance_ms: 120_000 });
      expect((await company.control.state()).orders).toHaveLength(standing);
      expect(await company.control.faults()).toEqual({ 'lost-job': { injected: 1, reached: 1 } });
    }
  });

  it('counts a lost reply as reached only when the write was accepted', async () => {
    const rules = [{ kind: 'lost-reply', times: 1 }];
    await company.control.post('faults', { seed: 1, rules });
    await expect(company.send(order('R1', { colour: 'red' }))).rejects.toThrow();
    expect(await company.control.faults()).toEqual({ 'lost-reply': { injected: 1, reached: 0 } });
    await company.control.post('faults', { seed: 1, rules });
    await expect(company.send(order('R1'))).rejects.toThrow();
    expect(await company.control.faults()).toEqual({ 'lost-reply': { injected: 1, reached: 1 } });
  });

  it('takes a late import within the request life, never after it', async () => {
    await company.control.post('settings', { jobStepMs: 100 });
    await company.control.post('faults', {
      seed: 1,
      rules: [{ kind: 'late-commit', params: { delay_ms: 50_000 } }],
    });
    await expect(company.send(order('R1'))).rejects.toThrow();
    expect((await company.control.state()).writes).toMatchObject([{ committed: false }]);
    await company.control.post('clock', { advance_ms: 1_500 });
    const { orders, writes } = await company.control.state();
    expect(orders).toHaveLength(1);
    expect(writes).toMatchObject([{ committed: true }]);
  });

  it('refuses a seed with unknown keys', async () => {
    await expect(
      company.control.post('seed', { company: { id: '1', name: 'x', currency: 'USD' }, keyz: [] }),
    ).rejects.toThrow(/keyz/);
  });
});
