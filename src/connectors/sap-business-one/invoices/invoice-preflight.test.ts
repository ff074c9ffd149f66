import { expect, it } from 'vitest';
import type { ApInvoiceBody, OpenOrderLine } from '../../../domain/documents.ts';
import { draw, sampleInvoice, withheld } from '../fixtures/invoices.ts';
import { SAMPLE_ORDER, sampleLine } from '../fixtures/orders.ts';
import { preflight } from '../preflight.ts';

const ORDER = { id: '7', body: SAMPLE_ORDER, lineKeys: { 11: '0', 12: '1', 13: '2' } };
const codes = (more: Partial<ApInvoiceBody>, orderLines?: OpenOrderLine[]) =>
  preflight({
    kind: 'create-invoice',
    body: sampleInvoice(ORDER, more),
    ...(orderLines ? { orderLines } : {}),
  }).map(({ field, code }) => `${field} ${code}`);

it('finds nothing against an invoice that the ERP takes', () => {
  expect(codes({})).toEqual([]);
  expect(codes({ invoiceNumber: 'x'.repeat(100) })).toEqual([]);
});

const item = {
  ...ORDER,
  body: { ...SAMPLE_ORDER, lines: [sampleLine('11', 'Pump', '9.00', 'PUMP', 'item')] },
};

it.each<[Partial<ApInvoiceBody>, string[]]>([
  [{ invoiceNumber: 'x'.repeat(101) }, ['invoiceNumber max-length']],
  [{ invoiceNumber: '  ' }, ['invoiceNumber required']],
  [{ reference: 'T'.repeat(17) }, ['reference max-length']],
  [{ projectCode: '' }, ['projectCode required']],
  [{ lines: [], retainage: [], total: '0.00' }, ['lines required']],
  [{ retainage: [{ ...withheld('-5000.05'), account: '' }] }, ['retainage[retainage].coding required']],
  [{ total: '45000.46' }, ['total total']],
  [{ lines: [], total: '-5000.05' }, ['total negative']],
  [
    { lines: [draw(ORDER, '11', 'Footings', '0.005')], retainage: [], total: '0.01' },
    ['lines[11].amount max-decimals'],
  ],
  [{ orderId: '' }, ['lines.orderLine not-linked']],
  [
    { lines: [draw(item, '11', 'Pump', '9.00')], retainage: [withheld('-1.00')], total: '8.00' },
    ['lines mixed-coding'],
  ],
])('tells beforehand what would be refused: %o', (more, expected) => {
  expect(codes(more)).toEqual(expected);
});

const open = (key: string, amount: string, closed = false) => ({ key, open: amount, closed });

it('tells what goes beyond the order as it stands', () => {
  const whole = [open('0', '40000'), open('1', '10000.5')];
  expect(codes({}, whole)).toEqual([]);
  expect(codes({}, [open('0', '39999.99'), open('1', '10000.5')])).toEqual(['lines[11].amount over-open']);
  expect(codes({}, [open('0', '40000', true), open('1', '10000.5')])).toEqual(['lines[11].amount closed']);
  expect(codes({}, [open('0', '40000')])).toEqual(['lines[12].amount missing']);
  expect(codes({}, [open('0', '-40000'), open('1', '10000.5')])).toEqual(['lines[11].amount sign']);
});

it('counts what several lines draw from one line of the order together, and lets a deduction be drawn', () => {
  const twice = ['30000.00', '10000.01'].map((amount, index) => ({
    ...draw(ORDER, '11', 'Footings', amount),
    key: String(index),
  }));
  const lines = { lines: twice, retainage: [], total: '40000.01' };
  expect(codes(lines, [open('0', '40000')])).toEqual(['lines[1].amount over-open']);
  expect(codes(lines, [open('0', '40000.01')])).toEqual([]);
  const deduction = [draw(ORDER, '11', 'Footings', '100.00'), draw(ORDER, '12', 'Credit', '-25.00')];
  const netted = { lines: deduction, retainage: [], total: '75.00' };
  expect(codes(netted, [open('0', '100'), open('1', '-25')])).toEqual([]);
  expect(codes(netted, [open('0', '100'), open('1', '-24.99')])).toEqual(['lines[12].amount over-open']);
});
