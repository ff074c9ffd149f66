import { expect, test } from 'vitest';
import { pairFields, pairInvoiceLines, pairLines } from './both-sides.ts';
import { invoiceBodyOf, type OrderBody, type SourceCommitment } from './stored-json.ts';

const source: SourceCommitment = {
  number: 'SC-1',
  title: 'Concrete',
  status: 'approved',
  vendorId: '7',
  vendorName: 'Acme',
  projectId: 'p1',
  currency: 'USD',
  total: '100.5',
  contractDate: null,
  lines: [
    { id: 'a', description: 'Pour', amount: '60.50', costCode: { code: '03-100', name: '' }, costType: null },
    { id: 'b', description: 'Cure', amount: '40.00', costCode: null, costType: { code: 'S', name: 'Sub' } },
  ],
};
const line = { description: 'Pour', amount: '60.50', costCode: '03-100', costType: '' };
const target: OrderBody = {
  kind: 'purchase-order',
  number: 'SC-1',
  title: 'Concrete works',
  vendorCode: 'V100',
  projectCode: 'P-1',
  currency: 'USD',
  accountingDate: '2026-08-31',
  total: '100.50',
  lines: [
    { ...line, key: 'a', coding: { kind: 'account', code: '5010' } },
    { ...line, key: 'gone', coding: { kind: 'item', code: 'I1' } },
  ],
};

test('says of every field whether both sides agree, and of codes that it cannot say', () => {
  const same = Object.fromEntries(pairFields(source, target).map((pair) => [pair.field, pair.same]));
  expect(same).toEqual({
    Number: true,
    Title: false,
    Project: null,
    Vendor: null,
    Date: null,
    Currency: true,
    Total: true,
    Status: null,
  });
});

test('says nothing about sameness while one side is missing', () => {
  expect(pairFields(source, null).every((pair) => pair.same === null && pair.target === null)).toBe(true);
  expect(pairFields(null, null)).toEqual([]);
});

test('joins lines by key, keeps those without a partner and shows dropped ones as zero', () => {
  expect(pairLines(source, target, { a: '0' })).toMatchObject([
    { key: 'a', costCode: '03-100', coding: 'account 5010', targetAmount: '60.50', targetLine: '0' },
    { key: 'b', costCode: 'S', coding: null, targetAmount: null, targetLine: null },
    { key: 'gone', sourceAmount: '0.00', targetAmount: '60.50', coding: 'item I1' },
  ]);
});

test('shows what a line counts, and where that does not come to its amount', () => {
  const counted = { quantity: '2', unitPrice: '30.00', unit: 'EA' };
  const [pour, cure] = pairLines(
    { ...source, lines: [{ ...source.lines[0]!, ...counted }, source.lines[1]!] },
    target,
    {},
  );
  expect(pour?.units).toEqual({ ...counted, comesTo: '60.00' });
  expect(cure?.units).toBeUndefined();
});

test('shows which goods receipts a line of an invoice draws on, and nothing of it where it draws on none', () => {
  const billed = { description: 'Doors', coding: { kind: 'account', code: '5010' }, orderLine: '0' };
  const invoice = invoiceBodyOf({
    kind: 'ap-invoice',
    purpose: 'progress',
    ...{ invoiceNumber: '1001', vendorCode: 'V1', projectCode: 'P-1', currency: 'USD', orderId: '7' },
    ...{ accountingDate: '2026-08-31', total: '350.00', retainage: [] },
    lines: [
      {
        ...{ ...billed, key: 'a', amount: '300.00' },
        received: [
          { receipt: '9', number: '7001', line: '0', amount: '200.00' },
          { receipt: '10', number: '7002', line: '0', amount: '50.00' },
        ],
      },
      { ...billed, key: 'b', amount: '50.00' },
    ],
  });
  expect(pairInvoiceLines(null, invoice!, {}).map(({ drawnOn }) => drawnOn)).toEqual([
    [
      { receipt: '7001', amount: '200.00' },
      { receipt: '7002', amount: '50.00' },
    ],
    undefined,
  ]);
});
