import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DirectInvoiceBody } from '../../domain/documents.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { formatMoney, money } from '../../domain/values/money.ts';
import { preflight } from './constraints.ts';
import { formHash } from './form.ts';
import { formOfInvoice, formOfInvoiceBody } from './invoice-form.ts';
import { createInvoice } from './invoice-writes.ts';
import { type Invoice, invoice as invoiceSchema } from './wire.ts';

const line = (key: string, amount: string, more: Partial<DirectInvoiceBody['lines'][number]> = {}) => ({
  key,
  description: `Line ${key}`,
  amount,
  coding: { kind: 'account', code: '5100' } as const,
  ...{ projectId: '1', projectCode: 'P-100', costCode: '05-100', costType: 'M', ...more },
});

const BODY: DirectInvoiceBody = {
  ...{ kind: 'ap-invoice', purpose: 'direct-cost', reference: 'TACBILL', revision: 1 },
  ...{ invoiceNumber: 'SS-17', title: 'Bolts', vendorCode: 'V1', currency: 'USD' },
  accountingDate: calendarDate('2026-08-31'),
  documentDate: calendarDate('2026-08-25'),
  dueDate: null,
  lines: [line('a', '100.10'), line('b', '-0.35', { projectCode: 'P-200' })],
  total: '99.75',
  sourceUrl: 'https://example.com/7',
};

/** Books a bill as Ledgerline does, written for this test alone. */
function booked(body: DirectInvoiceBody): Invoice {
  const request = createInvoice(body).encode({ earlierIds: {} });
  const [sent] = JSON.parse(request.body ?? '').documents;
  const lines = sent.lines.map((each: object, index: number) => {
    return { ...each, line: index + 1, order_line: null };
  });
  return invoiceSchema.parse({ retainage: null, order: null, ...sent, id: 'LI-1', status: 'posted', lines });
}

const objections = (body: DirectInvoiceBody) =>
  preflight({ kind: 'create-direct-invoice', body }).map(({ field, code }) => [field, code]);

it('reads back as it was sent, whatever its lines are', () => {
  const bodies = fc
    .uniqueArray(
      fc.record({
        key: fc.constantFrom('1', '2', '3', '4'),
        cents: fc.bigInt({ min: -99_999_999n, max: 99_999_999n }),
        projectCode: fc.constantFrom('P-100', 'P-200'),
        code: fc.constantFrom('5100', '5200'),
      }),
      { selector: ({ key }) => key, minLength: 1 },
    )
    .map((lines): DirectInvoiceBody => {
      const billed = lines.map(({ key, cents, projectCode, code }) => {
        const coding = { kind: 'account', code } as const;
        return line(key, formatMoney(money(cents, 'USD')), { projectCode, coding });
      });
      return { ...BODY, lines: billed };
    });
  fc.assert(
    fc.property(bodies, (body) => {
      expect(formHash(formOfInvoice(booked(body)))).toBe(formHash(formOfInvoiceBody(body)));
    }),
  );
});

it('shows a line that a person moved to another project as another form', () => {
  const stands = booked(BODY);
  const [first, second] = stands.lines;
  const moved = { ...stands, lines: [{ ...first!, project: 'P-200' }, second!] };
  expect(formOfInvoice(moved)).not.toEqual(formOfInvoiceBody(BODY));
});

it('says what comes back as a credit memo above zero, due on no day', () => {
  const credit = {
    ...BODY,
    ...{ lines: [line('a', '-100.10'), line('b', '0.35')], total: '-99.75' },
  };
  const request = createInvoice(credit).encode({ earlierIds: {} });
  const [sent] = JSON.parse(request.body ?? '').documents;
  expect(sent).toMatchObject({ type: 'credit-memo', lines: [{ amount: '100.10' }, { amount: '-0.35' }] });
  expect(sent).not.toHaveProperty('due_date');
  expect(createInvoice(credit).object).toBe('vendor-credit');
  expect(formHash(formOfInvoice(booked(credit)))).toBe(formHash(formOfInvoiceBody(credit)));
  expect(preflight({ kind: 'create-vendor-credit', body: credit })).toEqual([]);
});

it('is objected to where Ledgerline would refuse it', () => {
  expect(objections(BODY)).toEqual([]);
  expect(objections({ ...BODY, lines: [line('a', '1.00'), line('b', '-1.01')] })).toEqual([
    ['total', 'total'],
  ]);
  expect(objections({ ...BODY, lines: [line('a', '0.00')] })).toEqual([['lines', 'required']]);
  expect(objections({ ...BODY, invoiceNumber: ' ' })).toEqual([['invoiceNumber', 'required']]);
  const stocked = line('a', '1.00', { coding: { kind: 'item', code: 'REBAR' } });
  expect(objections({ ...BODY, lines: [stocked], total: '1.00' })).toEqual([
    ['lines[a].coding', 'coding-kind'],
  ]);
});
