import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApInvoiceBody } from '../documents.ts';
import type { PaymentRecord } from '../records.ts';
import { calendarDate } from '../values/calendar-date.ts';
import { formatMoney, money, parseMoney, sum } from '../values/money.ts';
import { ownPayments } from './own-payments.ts';
import { type PostedInvoice, planVendorPayment, type VendorPaymentInput } from './plan-vendor-payment.ts';
import type { ContractPaymentRecord, PayableInvoice } from './vendor-payment.ts';

const RECORD: ContractPaymentRecord = {
  ...({ object: 'contract-payment', id: '7', projectId: '1', contractId: '5', subInvoiceId: '9' } as const),
  ...{ vendorId: '3', vendorName: 'Steel', number: '1', status: 'paid', amount: '100.00', currency: 'USD' },
  ...{ retainageReleased: '0.00', method: 'ach', methodNumber: null, originId: null, url: 'https://p' },
  date: calendarDate('2026-08-20'),
};

const invoice = (purpose: ApInvoiceBody['purpose'], id: string): PostedInvoice => ({
  id,
  body: { purpose, invoiceNumber: `N-${id}` } as ApInvoiceBody,
});
const WORK = invoice('progress', '11');
const RELEASE = invoice('retainage-release', '12');

const payable = (open: string, more: Partial<PayableInvoice> = {}): PayableInvoice => {
  return { vendorCode: 'V1', currency: 'USD', open, blocked: null, ...more };
};

const AUGUST = { from: calendarDate('2026-08-01'), to: calendarDate('2026-08-31') };

function input(more: Partial<VendorPaymentInput> = {}, record: Partial<ContractPaymentRecord> = {}) {
  return {
    record: { ...RECORD, ...record },
    exported: { erpCode: null, accountingDate: null },
    originMayBeOurs: false,
    making: 'draft',
    vendorCode: 'V1',
    vendorBlocked: null,
    invoices: [WORK],
    payable: () => payable('1000.00'),
    promised: () => money(0n, 'USD'),
    posted: null,
    identity: { revision: 1, reference: 'TB1PAY' },
    preflight: () => [],
    periods: [{ object: 'period', id: '8', name: 'August', ...AUGUST, open: true }],
    frozenDate: null,
    today: calendarDate('2026-08-25'),
    ...more,
  } satisfies VendorPaymentInput;
}

function planned(of: VendorPaymentInput) {
  const plan = planVendorPayment(of);
  if (plan.kind !== 'document') throw new Error(plan.why);
  return plan.document;
}
const codes = (of: VendorPaymentInput) => planned(of).reasons.map(({ code }) => code);

describe('a payment of the source', () => {
  it('pays the invoice that its application became, on the day it was paid', () => {
    expect(planned(input()).body).toMatchObject({
      making: 'draft',
      vendorCode: 'V1',
      accountingDate: '2026-08-20',
      method: 'transfer',
      invoices: [{ invoiceId: '11', amount: '100.00' }],
      total: '100.00',
    });
  });

  it('pays retainage out on its release, and the rest on the work', () => {
    const both = input({ invoices: [WORK, RELEASE] }, { retainageReleased: '40.00' });
    expect(planned(both).body?.invoices.map(({ invoiceId, amount }) => [invoiceId, amount])).toEqual([
      ['11', '60.00'],
      ['12', '40.00'],
    ]);
    expect(planned(input({ invoices: [RELEASE] })).body?.invoices).toMatchObject([{ invoiceId: '12' }]);
  });

  it('adds up to the cent, and takes of no invoice more than it has open, whatever is paid', () => {
    const cents = fc.bigInt({ min: 1n, max: 99_999_999n });
    const text = (minor: bigint) => formatMoney(money(minor, 'USD'));
    fc.assert(
      fc.property(cents, cents, cents, cents, cents, (paid, released, work, release, taken) => {
        const open = new Map([
          ['11', work],
          ['12', release],
        ]);
        const plan = planned(
          input(
            {
              invoices: [WORK, RELEASE],
              payable: (id) => payable(text(open.get(id)!)),
              promised: (id) => money(id === '11' ? taken : 0n, 'USD'),
            },
            { amount: text(paid), retainageReleased: text(released) },
          ),
        );
        if (plan.body === null) {
          expect(plan.reasons).not.toEqual([]);
          return;
        }
        const parts = plan.body.invoices.map(({ amount }) => parseMoney(amount, 'USD'));
        expect(sum(parts, 'USD').minor).toBe(paid);
        for (const { invoiceId, amount } of plan.body.invoices) {
          const left = open.get(invoiceId)! - (invoiceId === '11' ? taken : 0n);
          expect(parseMoney(amount, 'USD').minor).toBeLessThanOrEqual(left);
        }
      }),
    );
  });

  it.each<[string, Partial<VendorPaymentInput>, Partial<ContractPaymentRecord>, string]>([
    ['an invoice that is not posted yet', { invoices: [] }, {}, 'invoice-not-posted'],
    ['retainage whose release is not posted', {}, { retainageReleased: '1.00' }, 'invoice-not-posted'],
    ['no invoice', {}, { subInvoiceId: null }, 'invoice-not-named'],
    ['a cent more than is open', { payable: () => payable('99.99') }, {}, 'over-payment'],
    ['what another payment takes', { promised: () => money(90_001n, 'USD') }, {}, 'over-payment'],
    ['an invoice that is gone', { payable: () => null }, {}, 'invoice-not-payable'],
    ['a held invoice', { payable: () => payable('100.00', { blocked: 'held.' }) }, {}, 'invoice-not-payable'],
    ['a foreign invoice', { payable: () => payable('100.00', { currency: 'EUR' }) }, {}, 'currency-mismatch'],
    ['another vendor', { payable: () => payable('100.00', { vendorCode: 'V2' }) }, {}, 'vendor-changed'],
    ['an unlinked vendor', { vendorCode: null }, {}, 'vendor-unlinked'],
    ['a blocked vendor', { vendorBlocked: 'frozen' }, {}, 'target-refuses'],
    ['more retainage than money', {}, { retainageReleased: '100.01' }, 'amounts-disagree'],
    ['nothing', {}, { amount: '0.00' }, 'amounts-disagree'],
    ['money that is not paid', {}, { status: 'initiated' }, 'not-paid'],
    ['what another integration synced', {}, { originId: 'OTHER-1' }, 'foreign-origin'],
    ['a day without an open period', { periods: [] }, { date: calendarDate('2026-07-01') }, 'period-closed'],
  ])('waits in words where it pays %s', (_, more, record, code) => {
    const closed = { object: 'period', id: '7', name: 'July', from: '2026-07-01', to: '2026-07-31' } as const;
    const periods = [
      { ...closed, from: calendarDate(closed.from), to: calendarDate(closed.to), open: false },
    ];
    const of = input({ ...more, ...(more.periods === undefined ? {} : { periods }) }, record);
    expect(codes(of)).toEqual([code]);
    expect(planned(of).body).toBeNull();
    expect(planned(of).waits).toHaveLength(1);
  });

  it('is over once it stands, and a conflict when it says something else afterwards', () => {
    const posted = planned(input()).body;
    expect(planVendorPayment(input({ posted }))).toEqual({ kind: 'nothing', why: 'unchanged' });
    expect(planned(input({ posted }, { amount: '100.01' }))).toMatchObject({ conflict: true, body: null });
    expect(planVendorPayment(input({ exported: null }))).toEqual({ kind: 'nothing', why: 'not-exported' });
  });
});

describe('payments that come back from the ERP', () => {
  const body = planned(input()).body!;
  const payment = (id: string, amount: string, reference?: string): PaymentRecord => ({
    ...({
      object: 'payment',
      id,
      number: id,
      vendorId: 'V1',
      method: 'transfer',
      methodNumber: null,
    } as const),
    date: calendarDate('2026-08-25'),
    currency: 'USD',
    cancelled: false,
    invoices: [{ invoiceId: '11', amount }],
    ...(reference === undefined ? {} : { reference }),
  });
  const ids = (found: readonly PaymentRecord[], ours = [body]) => [...ownPayments('11', ours, found).keys()];

  it('are ours by their reference, whatever a person changed of them', () => {
    expect(ids([payment('1', '100.00'), payment('2', '99.00', 'TB1PAY')])).toEqual(['2']);
  });

  it('are ours, each draft once, where its release dropped the reference', () => {
    expect(ids([payment('10', '100.00'), payment('9', '100.00'), payment('8', '1.00')])).toEqual(['9']);
  });

  it('are not ours where the ERP itself was asked to post', () => {
    expect(ids([payment('9', '100.00')], [{ ...body, making: 'post' }])).toEqual([]);
  });
});
