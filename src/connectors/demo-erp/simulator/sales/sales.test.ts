import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestCompany } from '../company/test-company.ts';

let company: Awaited<ReturnType<typeof startTestCompany>>;
beforeAll(async () => {
  company = await startTestCompany();
});
afterAll(() => company?.stop());
beforeEach(() => company.reset());

const billed = (number: string, more: object = {}) => ({
  type: 'sales-invoice',
  reference: `R-${number}`,
  revision: 1,
  number,
  title: 'Application',
  date: '2026-02-20',
  invoice_date: '2026-02-19',
  customer: 'C1',
  project: 'P1',
  currency: 'USD',
  lines: [{ key: 'a', description: 'Walls', account: '4000', amount: '100.00' }],
  ...more,
});
const kept = (amount: string, account = '1250') => ({ retainage: { account, amount } });
const { lines: _, ...release } = billed('2', { type: 'sales-release' });
const act = (deed: object) => company.control.post('act', deed);

describe('an invoice to a customer in the Ledgerline simulator', () => {
  it('keeps the retainage off what is due, until a release makes it due and never more', async () => {
    expect(await company.run(billed('1', kept('10.00')))).toMatchObject({ status: 'done' });
    expect(await company.run({ ...release, ...kept('10.01') })).toMatchObject({
      errors: [{ code: 'over-held' }],
    });
    expect(await company.run({ ...release, ...kept('10.00') })).toMatchObject({ status: 'done' });
    const { salesInvoices } = await company.control.state();
    expect(salesInvoices.map(({ due }) => due)).toEqual(['90.00', '10.00']);
    await expect(act({ action: 'cancel_sales_invoice', id: salesInvoices[0]!.id })).rejects.toThrow(
      /made due/,
    );
  });

  it.each([
    ['a customer that there is not', { customer: 'C9' }, 'unknown'],
    ['a project that there is not', { project: 'P9' }, 'closed'],
    ['another currency', { currency: 'EUR' }, 'foreign'],
    ['more retainage than work', kept('100.01'), 'not-a-part'],
    ['retainage on a heading', kept('1.00', '5000'), 'not-postable'],
    ['less than nothing', { lines: [{ description: 'x', account: '4000', amount: '-1.00' }] }, 'negative'],
    ['a line of nothing', { lines: [{ description: 'x', account: '4000', amount: '0.00' }] }, 'zero'],
    ['a date in no period', { date: '2026-05-01' }, 'no-period'],
  ])('is refused for %s', async (_title, more, code) => {
    expect(await company.run(billed('1', more))).toMatchObject({ status: 'refused', errors: [{ code }] });
    expect((await company.control.state()).salesInvoices).toEqual([]);
  });

  it('is paid up to what is due, and owed again once the receipt is voided', async () => {
    await company.run(billed('1', kept('10.00')));
    const { id } = (await company.control.state()).salesInvoices[0]!;
    const receive = (amount: string) =>
      act({ action: 'receive_payment', method: 'check', number: '7', invoices: [{ id, amount }] });
    await expect(receive('90.01')).rejects.toThrow(/less due/);
    await receive('90.00');
    await expect(act({ action: 'cancel_sales_invoice', id })).rejects.toThrow(/paid/);
    const [receipt] = (await company.call('GET', '/receipts?changed_after=0')).body.records as {
      code: string;
      change: number;
    }[];
    await act({ action: 'void_receipt', id: receipt!.code });
    const later = await company.call('GET', `/receipts?changed_after=${receipt!.change}`);
    expect(later.body.records).toMatchObject([{ cancelled: true, invoices: [{ amount: '90.00' }] }]);
    await receive('90.00');
  });
});

describe('a change of an owner contract in the Ledgerline simulator', () => {
  const change = (number: string, more: object = {}) => ({
    type: 'contract-change',
    reference: `X-${number}`,
    revision: 1,
    number,
    title: 'Railing',
    date: '2026-02-20',
    contract: 'OC-1',
    lines: [{ key: 'l', description: 'Railing', account: '4000', amount: '50.00' }],
    ...more,
  });
  const contract = async () => (await company.call('GET', '/contracts?changed_after=0')).body.records;

  it('adds lines of its own, once under its number, until it is cancelled', async () => {
    expect(await company.run(change('1'))).toMatchObject({
      status: 'done',
      documents: [{ order_id: 'OC-1' }],
    });
    expect(await contract()).toMatchObject([{ original: '1000.00', changed: '50.00' }]);
    expect(await company.run(change('1', { reference: 'X-again' }))).toMatchObject({
      errors: [{ code: 'number-taken' }],
    });
    const { id } = (await company.control.state()).contractChanges[0]!;
    await act({ action: 'cancel_contract_change', id });
    expect(await contract()).toMatchObject([{ original: '1000.00', changed: '0.00', changes: [] }]);
    expect(await company.run(change('1', { reference: 'X-again' }))).toMatchObject({ status: 'done' });
  });

  it('is refused on a contract that there is not, or that is closed', async () => {
    expect(await company.run(change('1', { contract: 'OC-9' }))).toMatchObject({
      errors: [{ code: 'unknown' }],
    });
    await act({ action: 'close_contract', code: 'OC-1' });
    expect(await company.run(change('1'))).toMatchObject({ errors: [{ code: 'not-open' }] });
  });
});
