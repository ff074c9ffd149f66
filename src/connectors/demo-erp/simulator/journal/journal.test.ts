import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { order, startTestCompany } from '../company/test-company.ts';

let company: Awaited<ReturnType<typeof startTestCompany>>;
beforeAll(async () => {
  company = await startTestCompany();
});
afterAll(() => company?.stop());

let id: string;
beforeEach(async () => {
  await company.reset();
  await company.run(order('R1'));
  id = (await company.control.state()).orders[0]!.id;
});

const act = (deed: object) => company.control.post('act', deed);
const enter = (document: object) => act({ action: 'enter_document', document });
const dates = { date: '2026-02-20', invoice_date: '2026-02-19' };
const invoice = (more: object = {}) => ({
  ...{ type: 'invoice', order: id, vendor: 'V1', currency: 'USD', vendor_number: '17', title: 'February' },
  ...{ ...dates, lines: [{ order_line: 1, description: 'Walls', amount: '60.00' }] },
  ...more,
});
const bill = {
  ...{ type: 'bill', vendor: 'V1', currency: 'USD', vendor_number: '18', title: 'Bolts', ...dates },
  lines: [
    { description: 'Bolts', account: '5100', amount: '9.00', project: 'P1' },
    { description: 'Office', account: '5100', amount: '1.00' },
  ],
};
const kept = { retainage: { account: '2050', amount: '6.00' } };
const journal = async () => (await company.control.state()).journal;
const booked = async () =>
  (await journal()).map(({ kind, date, lines }) => [
    kind,
    date,
    ...lines.map(({ role, account, project, amount }) => [account ?? role, project, amount].join(' ')),
  ]);
const jobCosts = async (after = 0) =>
  (await company.call('GET', `/job-costs?changed_after=${after}`)).body.records as {
    readonly code: string;
    readonly change: number;
  }[];
const cents = (amount: string) => BigInt(amount.replace('.', ''));

describe('the journal of the Ledgerline simulator', () => {
  it('books an invoice gross by its order, keeps retainage off the vendor, and pays it out without cost', async () => {
    await enter(invoice(kept));
    await enter({ ...invoice(kept), type: 'retainage-release', lines: undefined, vendor_number: '17-R' });
    expect(await booked()).toEqual([
      ['invoice', '2026-02-20', '5100 P1 60.00', '2050 P1 -6.00', 'payables  -54.00'],
      ['retainage-release', '2026-02-20', '2050 P1 6.00', 'payables  -6.00'],
    ]);
    const [entry] = await journal();
    expect(entry).toMatchObject({ order: id, vendor: 'V1', vendor_number: '17' });
    expect(entry!.lines[0]).toMatchObject({ order_line: 1 });
  });

  it('takes the cost of a cancelled invoice back in its month while that is open', async () => {
    await enter(invoice());
    const [{ id: entered }] = (await company.control.state()).invoices as unknown as [{ id: string }];
    await act({ action: 'cancel_invoice', id: entered });
    expect((await booked())[1]).toEqual(['cancellation', '2026-02-20', '5100 P1 -60.00', 'payables  60.00']);
    await enter(invoice());
    const { invoices } = await company.control.state();
    await act({ action: 'lock_period', code: 'Q1' });
    await expect(act({ action: 'cancel_invoice', id: invoices[1]!.id })).rejects.toThrow(/period/);
    expect((await company.control.state()).invoices[1]).toMatchObject({ status: 'posted' });
    expect(await journal()).toHaveLength(3);
  });

  it('books a bill by its lines, a payment and its void; only what names a project is cost of a job', async () => {
    await enter(bill);
    const [{ id: entered }] = (await company.control.state()).invoices as unknown as [{ id: string }];
    const paid = { invoices: [{ id: entered, amount: '4.00' }], method: 'check', number: '1' };
    await act({ action: 'pay_invoices', ...paid });
    const [{ code }] = (await company.control.state()).payments as unknown as [{ code: string }];
    await act({ action: 'void_payment', id: code });
    expect((await booked()).map(([kind, , ...lines]) => [kind, ...lines])).toEqual([
      ['bill', '5100 P1 9.00', '5100  1.00', 'payables  -10.00'],
      ['payment', 'payables  4.00', 'bank  -4.00'],
      ['void', 'payables  -4.00', 'bank  4.00'],
    ]);
    expect(await jobCosts()).toHaveLength(1);
  });

  it('takes manual entries that balance in an open period, and reverses each once', async () => {
    const entry = (amount: string, more: object = {}) => ({
      ...{ action: 'post_entry', date: '2026-03-31', memo: 'Accrual' },
      lines: [
        { account: '5100', project: 'P1', amount },
        { account: '2050', amount: '-5.00' },
      ],
      ...more,
    });
    await act(entry('5.00'));
    await expect(act(entry('5.01'))).rejects.toThrow(/balance/);
    await expect(act(entry('5.00', { date: '2026-04-01' }))).rejects.toThrow(/no accounting period/);
    const [{ code }] = (await journal()) as unknown as [{ code: string }];
    await act({ action: 'reverse_entry', id: code, date: '2026-01-31' });
    await expect(act({ action: 'reverse_entry', id: code, date: '2026-01-31' })).rejects.toThrow(/already/);
    expect(await booked()).toEqual([
      ['manual', '2026-03-31', '5100 P1 5.00', '2050  -5.00'],
      ['reversal', '2026-01-31', '5100 P1 -5.00', '2050  5.00'],
    ]);
  });

  it('is read on from a change number, and every entry of it balances', async () => {
    await enter(invoice(kept));
    const [first] = await jobCosts();
    await enter(bill);
    expect(await jobCosts(first!.change)).toMatchObject([{ kind: 'bill' }]);
    for (const { lines } of await journal())
      expect(lines.reduce((sum, { amount }) => sum + cents(amount), 0n)).toBe(0n);
  });

  it('holds what people type to the rules of an import, and gives it neither reference nor keys', async () => {
    await expect(
      enter(invoice({ lines: [{ order_line: 1, description: '', amount: '100.01' }] })),
    ).rejects.toThrow(/less than that open/);
    await expect(enter({ ...bill, colour: 'red' })).rejects.toThrow(/colour/);
    await expect(enter({ ...bill, type: 'payment' })).rejects.toThrow(/nobody types/);
    const { type, reference: _, revision: __, ...typed } = order('R2') as Record<string, unknown>;
    await enter({ type, ...typed });
    expect((await company.control.state()).orders[1]).toMatchObject({
      reference: null,
      lines: [{ key: null }],
    });
  });
});
