import { expect, it } from 'vitest';
import {
  sampleArInvoice,
  sampleDirectInvoice,
} from '../../connectors/sap-business-one/fixtures/own-invoices.ts';
import { billOf, pairBill } from './bill-sides.ts';

it('shows an invoice to an owner line by line beside what its application bills', () => {
  const bill = billOf(
    sampleArInvoice({
      lines: [{ key: 'contract:81', description: 'Steel', amount: '40000.55', account: '4000' }],
    }),
  )!;
  const source = {
    ownerName: 'Port Authority',
    currentDue: '36000.49',
    lines: [{ id: '5', bills: 'contract', billedLineId: '81', thisPeriod: '40000.55' }],
  };
  const { fields, lines } = pairBill(bill, source, { 'contract:81': '0' });
  expect(fields).toContainEqual({ field: 'Due now', source: '36000.49', target: '36000.49', same: null });
  expect(lines).toMatchObject([
    { sourceAmount: '40000.55', targetAmount: '40000.55', targetLine: '0' },
    { coding: 'account 1250', targetAmount: '-4000.06' },
  ]);
});

it('shows a bill without an order with the project of each line, even where its source cannot be read', () => {
  const { fields, lines } = pairBill(billOf(sampleDirectInvoice())!, null, {});
  expect(fields).toContainEqual({ field: 'Vendor', source: null, target: 'V1003', same: null });
  expect(lines.map(({ coding }) => coding)).toEqual([
    'account 5100, project P-100',
    'account 5100, project P-300',
  ]);
});

it.each([null, {}, { kind: 'purchase-order' }])('leaves other documents to their own pages: %o', (body) => {
  expect(billOf(body)).toBeNull();
});
