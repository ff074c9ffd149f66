import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { line, order, startTestCompany } from '../company/test-company.ts';

let company: Awaited<ReturnType<typeof startTestCompany>>;
beforeAll(async () => {
  company = await startTestCompany();
});
afterAll(() => company?.stop());

let id: string;
beforeEach(async () => {
  await company.reset();
  await company.run(order('R1', { lines: [line, { ...line, key: 'b', amount: '-20.00' }] }));
  id = (await company.control.state()).orders[0]!.id;
});

const billed = (number: string, more: object) => ({
  reference: `R-${number}`,
  revision: 1,
  vendor_number: number,
  title: 'Application',
  date: '2026-02-20',
  invoice_date: '2026-02-19',
  order: id,
  vendor: 'V1',
  currency: 'USD',
  ...more,
});
const drawn = (amount: string, at = 1) => ({ key: 'a', order_line: at, description: 'Walls', amount });
const invoice = (number: string, more: object = {}) =>
  billed(number, { type: 'invoice', lines: [drawn('60.00')], ...more });
const kept = (amount: string, account = '2050') => ({ retainage: { account, amount } });
const release = (number: string, amount: string, account?: string) =>
  billed(number, { type: 'retainage-release', ...kept(amount, account) });

const invoiced = async () => (await company.control.state()).orders[0]!.invoiced;
const act = (deed: object) => company.control.post('act', deed);

describe('an invoice in the Ledgerline simulator', () => {
  it('draws lines of its order and keeps the retainage off what is payable', async () => {
    expect(await company.run(invoice('1', kept('6.00')))).toMatchObject({ status: 'done' });
    expect((await company.control.state()).invoices).toMatchObject([
      { order: id, payable: '54.00', retainage: { account: '2050', amount: '6.00' }, status: 'posted' },
    ]);
    expect(await invoiced()).toEqual({ 1: '60.00' });
  });

  it('draws a line below zero in its own direction', async () => {
    const both = [drawn('60.00'), drawn('-20.00', 2)];
    expect(await company.run(invoice('1', { lines: both }))).toMatchObject({ status: 'done' });
    expect((await company.control.state()).invoices).toMatchObject([{ payable: '40.00' }]);
  });

  it.each([
    ['a cent more than is open', { lines: [drawn('100.01')] }, 'over-open', 1],
    ['more than is open, on two lines', { lines: [drawn('60.00'), drawn('40.01')] }, 'over-open', 2],
    ['a draw against the direction of its line', { lines: [drawn('-1.00')] }, 'over-open', 1],
    ['a draw of nothing', { lines: [drawn('0.00')] }, 'over-open', 1],
    ['a line that the order does not have', { lines: [drawn('1.00', 9)] }, 'unknown', 1],
    ['another vendor than the order has', { vendor: 'V2' }, 'not-of-order', null],
    ['more retainage than work', kept('60.01'), 'not-a-part', null],
    ['retainage below zero', kept('-1.00'), 'not-a-part', null],
    ['retainage on a heading', kept('1.00', '5000'), 'not-postable', null],
    ['a date outside every period', { date: '2026-05-01' }, 'no-period', null],
    ['a number of 31 characters', { vendor_number: 'x'.repeat(31) }, 'too-long', null],
  ])('is refused for %s, and draws nothing', async (_, more, code, at) => {
    expect(await company.run(invoice('1', more))).toMatchObject({
      status: 'refused',
      errors: [{ code, line: at }],
    });
    expect(await invoiced()).toEqual({});
  });

  it('is refused under a number that the vendor used, until that invoice is cancelled', async () => {
    await company.run(invoice('1', { lines: [drawn('10.00')] }));
    const second = { ...invoice('1', { lines: [drawn('10.00')] }), reference: 'R-other' };
    expect(await company.run(second)).toMatchObject({ errors: [{ code: 'number-taken' }] });
    const [first] = (await company.control.state()).invoices;
    await act({ action: 'cancel_invoice', id: first!.id });
    expect(await invoiced()).toEqual({ 1: '0.00' });
    expect(await company.run(second)).toMatchObject({ status: 'done' });
  });

  it('cannot be drawn from a closed order, whose retainage is paid out all the same', async () => {
    await company.run(invoice('1', kept('6.00')));
    await act({ action: 'close_order', id });
    expect(await company.run(invoice('2'))).toMatchObject({ errors: [{ code: 'not-open' }] });
    expect(await company.run(release('2', '6.00'))).toMatchObject({ status: 'done' });
  });

  it('can be drawn from a line that a change opened', async () => {
    const { lines: _, vendor: __, project: ___, currency: ____, ...header } = order('R2');
    const more = { type: 'order-change', order: id, based_on: 'v1', lines: [{ ...line, key: 'c' }] };
    expect(await company.run({ ...header, ...more })).toMatchObject({ status: 'done' });
    await company.run(invoice('1', { lines: [drawn('99.99', 3)] }));
    expect(await invoiced()).toEqual({ 3: '99.99' });
  });

  it('makes a change that was based on the order before it stale', async () => {
    await company.run(invoice('1'));
    expect((await company.control.state()).orders).toMatchObject([{ version: 'v2' }]);
  });
});

describe('a release of retainage in the Ledgerline simulator', () => {
  it('pays out what is held on its account, and never more', async () => {
    await company.run(invoice('1', kept('6.00')));
    expect(await company.run(release('2', '6.01'))).toMatchObject({ errors: [{ code: 'over-held' }] });
    expect(await company.run(release('2', '1.00', '5100'))).toMatchObject({
      errors: [{ code: 'over-held' }],
    });
    expect(await company.run(release('2', '4.00'))).toMatchObject({ status: 'done' });
    expect(await company.run(release('3', '2.01'))).toMatchObject({ errors: [{ code: 'over-held' }] });
    expect(await company.run(release('3', '2.00'))).toMatchObject({ status: 'done' });
    expect((await company.control.state()).invoices.map(({ payable }) => payable)).toEqual([
      '54.00',
      '4.00',
      '2.00',
    ]);
    expect(await invoiced()).toEqual({ 1: '60.00' });
  });

  it('keeps the invoice that it pays out of from being cancelled', async () => {
    await company.run(invoice('1', kept('6.00')));
    await company.run(release('2', '1.00'));
    const [first] = (await company.control.state()).invoices;
    await expect(act({ action: 'cancel_invoice', id: first!.id })).rejects.toThrow(/paid out already/);
  });

  it('has no lines', async () => {
    const { status } = await company.send({ ...release('1', '1.00'), lines: [drawn('1.00')] });
    expect(status).toBe(400);
  });
});

describe('a bill in the Ledgerline simulator', () => {
  const on = (more: object = {}) => ({
    key: 'a',
    description: 'Bolts',
    account: '5100',
    amount: '10.05',
    ...more,
  });
  const bill = (number: string, more: object = {}) => {
    const { order: _, ...header } = billed(number, { type: 'bill', lines: [on({ project: 'P1' }), on()] });
    return { ...header, ...more };
  };

  it('bears accounts and projects on its lines, and draws on no order', async () => {
    expect(await company.run(bill('1'))).toMatchObject({ status: 'done' });
    expect((await company.control.state()).invoices).toMatchObject([
      {
        order: null,
        payable: '20.10',
        lines: [
          { account: '5100', project: 'P1', amount: '10.05' },
          { account: '5100', project: null },
        ],
      },
    ]);
    expect(await invoiced()).toEqual({});
  });

  it.each([
    ['a vendor that is not there', { vendor: 'V9' }, 'unknown', null],
    ['another currency', { currency: 'EUR' }, 'foreign', null],
    ['an account that takes no bookings', { lines: [on({ account: '5000' })] }, 'not-postable', 1],
    ['a project that is none', { lines: [on(), on({ project: 'P9' })] }, 'closed', 2],
    ['a line of nothing', { lines: [on({ amount: '0.00' })] }, 'nothing', 1],
    ['a credit', { lines: [on({ amount: '-0.01' })] }, 'below-zero', null],
  ])('is refused for %s', async (_, more, code, at) => {
    expect(await company.run(bill('1', more))).toMatchObject({
      status: 'refused',
      errors: [{ code, line: at }],
    });
    expect((await company.control.state()).invoices).toEqual([]);
  });

  it('shares the numbers of the vendor with invoices', async () => {
    await company.run(invoice('1'));
    expect(await company.run({ ...bill('1'), reference: 'R-other' })).toMatchObject({
      errors: [{ code: 'number-taken' }],
    });
  });
});

describe('a credit memo in the Ledgerline simulator', () => {
  const on = (amount: string) => ({ key: 'a', description: 'Bolts', account: '5100', project: 'P1', amount });
  const credit = (number: string, more: object = {}) => {
    const { order: _, ...header } = billed(number, {
      type: 'credit-memo',
      lines: [on('10.05'), on('-0.05')],
    });
    return { ...header, ...more };
  };

  it('owes the vendor less, credits the accounts of its lines, and is paid by nobody', async () => {
    expect(await company.run(credit('C1'))).toMatchObject({ status: 'done' });
    const { invoices, journal } = (await company.control.state()) as unknown as {
      readonly invoices: readonly { readonly id: string; readonly payable: string }[];
      readonly journal: readonly { readonly kind: string; readonly lines: readonly object[] }[];
    };
    expect(invoices).toMatchObject([{ type: 'credit-memo', payable: '-10.00', order: null }]);
    expect(journal).toMatchObject([
      {
        kind: 'credit-memo',
        lines: [
          { account: '5100', project: 'P1', amount: '-10.05' },
          { amount: '0.05' },
          { amount: '10.00' },
        ],
      },
    ]);
    const paid = { invoices: [{ id: invoices[0]!.id, amount: '1.00' }], method: 'check', number: '1' };
    await expect(act({ action: 'pay_invoices', ...paid })).rejects.toThrow(/less to pay/);
  });

  it.each([
    ['an amount below zero', { lines: [on('-10.00')] }, 'nothing-back'],
    ['nothing', { lines: [on('1.00'), on('-1.00')] }, 'nothing-back'],
    ['an account that takes no bookings', { lines: [{ ...on('1.00'), account: '5000' }] }, 'not-postable'],
  ])('is refused for %s', async (_, more, code) => {
    expect(await company.run(credit('C1', more))).toMatchObject({ status: 'refused', errors: [{ code }] });
  });

  it('has no due date, and shares the numbers of the vendor with invoices', async () => {
    expect((await company.send(credit('C1', { due_date: '2026-03-01' }))).status).toBe(400);
    await company.run(invoice('1'));
    expect(await company.run(credit('1', { reference: 'R-other' }))).toMatchObject({
      errors: [{ code: 'number-taken' }],
    });
  });
});

describe('an imported payment in the Ledgerline simulator', () => {
  const payment = async (amount: string, more: object = {}) => {
    const [found] = (await company.control.state()).invoices;
    return company.run({
      ...{
        type: 'payment',
        reference: 'R-pay',
        revision: 1,
        date: '2026-02-25',
        vendor: 'V1',
        currency: 'USD',
      },
      ...{ method: 'transfer', invoices: [{ invoice: found!.id, amount }], ...more },
    });
  };

  it('settles its invoice, and is found by its reference', async () => {
    await company.run(invoice('1', kept('6.00')));
    expect(await payment('50.00')).toMatchObject({ status: 'done' });
    const [paid] = (await company.control.state()).invoices;
    expect((await company.call('GET', `/invoices/${paid!.id}`)).body).toMatchObject({
      payable: '54.00',
      paid: '50.00',
    });
    const found = await company.call('GET', '/payments?reference=R-pay');
    expect(found.body.records).toMatchObject([
      { vendor: 'V1', number: null, invoices: [{ amount: '50.00' }] },
    ]);
  });

  it.each([
    ['a cent more than is payable', '54.01', {}, 'over-payable'],
    ['nothing', '0.00', {}, 'over-payable'],
    ['another vendor', '1.00', { vendor: 'V9' }, 'unknown'],
    ['another currency', '1.00', { currency: 'EUR' }, 'foreign'],
    ['a date outside every period', '1.00', { date: '2026-05-01' }, 'no-period'],
  ])('is refused for %s', async (_, amount, more, code) => {
    await company.run(invoice('1', kept('6.00')));
    const { status, errors } = await payment(amount, more);
    expect([status, (errors as { code: string }[])[0]!.code]).toEqual(['refused', code]);
    expect((await company.control.state()).payments).toEqual([]);
  });

  it('waits until a hold is lifted', async () => {
    await company.run(invoice('1', { hold: 'No waiver' }));
    expect(await payment('1.00')).toMatchObject({ errors: [{ code: 'on-hold', line: 1 }] });
  });
});

describe('an imported hold in the Ledgerline simulator', () => {
  const shown = async () => (await company.control.state()).invoices[0]!;
  const change = async (hold: string | null, more: object = {}) => {
    const { id: of, version } = await shown();
    const said = { type: 'invoice-hold', reference: 'R-1', revision: 1, invoice: of, based_on: version };
    return company.run({ ...said, hold, ...more });
  };

  it('sets, changes and lifts what holds an invoice, under its own reference again', async () => {
    await company.control.post('settings', { sameReference: 'refused' });
    await company.run(invoice('1'));
    for (const hold of ['No waiver', 'No waiver; no insurance', null]) {
      expect(await change(hold)).toMatchObject({ status: 'done' });
      expect(await shown()).toMatchObject({ hold });
    }
  });

  it.each([
    ['an invoice that is not there', { invoice: 'LI-9' }, 'unknown'],
    ['words beyond their field', { hold: 'x'.repeat(201) }, 'too-long'],
  ])('is refused for %s', async (_, more, code) => {
    await company.run(invoice('1'));
    expect(await change('No waiver', more)).toMatchObject({ status: 'refused', errors: [{ code }] });
    expect(await shown()).toMatchObject({ hold: null });
  });

  it('is stale once a person changed the hold, and refused of a cancelled invoice', async () => {
    await company.run(invoice('1'));
    const { id: named, version: based_on } = await shown();
    await act({ action: 'hold_invoice', id: named, hold: 'Ask Mary' });
    expect(await change(null, { based_on })).toMatchObject({ errors: [{ code: 'stale' }] });
    expect(await shown()).toMatchObject({ hold: 'Ask Mary' });
    await act({ action: 'cancel_invoice', id: named });
    expect(await change(null)).toMatchObject({ errors: [{ code: 'not-open' }] });
  });
});

describe('a payment in the Ledgerline simulator', () => {
  const pay = async (amount: string) => {
    const [found] = (await company.control.state()).invoices;
    await act({
      action: 'pay_invoices',
      method: 'check',
      number: '771',
      invoices: [{ id: found!.id, amount }],
    });
  };

  it('never goes beyond what is payable, and counts as never made once it is voided', async () => {
    await company.run(invoice('1', kept('6.00')));
    await expect(pay('54.01')).rejects.toThrow(/less to pay/);
    await pay('54.00');
    await expect(pay('0.01')).rejects.toThrow(/less to pay/);
    const seen = (await company.call('GET', '/payments?changed_after=0')).body.records as {
      code: string;
      change: number;
    }[];
    expect(seen).toMatchObject([{ number: '771', cancelled: false, invoices: [{ amount: '54.00' }] }]);
    await act({ action: 'void_payment', id: seen[0]!.code });
    const later = await company.call('GET', `/payments?changed_after=${seen[0]!.change}`);
    expect(later.body.records).toMatchObject([{ code: seen[0]!.code, cancelled: true }]);
    await pay('54.00');
  });

  it('waits until a hold is lifted', async () => {
    await company.run(invoice('1', { hold: 'No waiver' }));
    await expect(pay('1.00')).rejects.toThrow(/cannot be paid/);
    const [held] = (await company.control.state()).invoices;
    await act({ action: 'lift_hold', id: held!.id });
    await pay('1.00');
  });
});
