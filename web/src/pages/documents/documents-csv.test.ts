import { expect, it } from 'vitest';
import type { DocumentRow } from '../../api/types.ts';
import { csvOf } from './documents-csv.ts';

const row: DocumentRow = {
  id: 'd1',
  kind: 'commitment',
  number: 'SC-1',
  title: 'Steel, "heavy"',
  revision: 1,
  state: 'posted',
  project: null,
  vendor: '=HYPERLINK("x")',
  amount: '-1250.00',
  currency: 'USD',
  accountingDate: '2026-08-31',
  source: { system: 'procore', object: 'commitment', id: '7', url: null },
  target: { system: 'sap-business-one', company: 'East', id: '12', number: '1001', url: null },
  waitsFor: '',
  owner: null,
  held: false,
  updatedAt: '2026-08-31T00:00:00Z',
};

it('writes amounts as exact decimals and quotes what needs quoting', () => {
  expect(csvOf([row]).split('\r\n')[1]).toContain('"Steel, ""heavy"""');
  expect(csvOf([row])).toContain(',East,');
  expect(csvOf([row])).toContain(',-1250.00,USD,2026-08-31,7,1001,12');
});
it('disarms a vendor name that a spreadsheet would run', () =>
  expect(csvOf([row])).toContain(`"'=HYPERLINK(""x"")"`));
