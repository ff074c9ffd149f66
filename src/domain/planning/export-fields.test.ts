import { expect, test } from 'vitest';
import { EXPORT_FIELD, exportFields } from './export-fields.ts';

test('a setting names the record, the field and the most that it holds', () => {
  expect(exportFields(['commitment:cost_center:8', 'owner-invoice:voucher'])).toEqual([
    { of: 'commitment', key: 'cost_center', label: 'Cost center', maxLength: 8 },
    { of: 'owner-invoice', key: 'voucher', label: 'Voucher', maxLength: 100 },
  ]);
});

test('what the tool asks for itself, and what no record has, is no setting', () => {
  const refused = [
    'commitment:accounting_date',
    'commitment:transaction_date:8',
    'budget:voucher',
    'commitment:Voucher',
    'commitment:voucher:0',
  ];
  expect(refused.filter((setting) => EXPORT_FIELD.test(setting))).toEqual([]);
  expect(EXPORT_FIELD.test('commitment:accounting_date_2')).toBe(true);
});
