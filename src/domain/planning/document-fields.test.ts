import { expect, test } from 'vitest';
import {
  contradiction,
  documentFields,
  fieldChanges,
  fieldDifferences,
  fieldErrors,
  heldFields,
} from './document-fields.ts';

const SETTINGS = ['commitment:cost_center=U_CostCenter:8', 'commitment:signed_on=U_Signed:date'];
const fields = documentFields(SETTINGS);

test('a setting names the record, the field that is asked for, the field that holds it and what that holds', () => {
  expect(fields).toEqual([
    { of: 'commitment', key: 'cost_center', name: 'U_CostCenter', holds: 'text', maxLength: 8 },
    { of: 'commitment', key: 'signed_on', name: 'U_Signed', holds: 'date', maxLength: 10 },
  ]);
});

test('one field is named once for a record, and holds one thing', () => {
  const also = (setting: string) => contradiction([...SETTINGS, setting]);
  expect(also('sub-invoice:cost_center=U_CostCenter:8')).toBeNull();
  expect(also('commitment:plant=U_CostCenter:8')).toContain('name one field twice');
  expect(also('commitment:cost_center=U_Plant:8')).toContain('name one field twice');
  expect(also('sub-invoice:cost_center=U_CostCenter:9')).toContain('two different things');
  expect(also('change-order:cost_center=U_CostCenter:8')).toContain('which share their order');
  expect(also('change-order:cost_center=U_ChangeCenter:8')).toBeNull();
});

test('what was typed goes to the fields of its own record; what is left blank says nothing', () => {
  const typed = { cost_center: ' A  1 ', signed_on: '  ', plant: 'X' };
  expect(heldFields(fields, 'commitment', typed)).toEqual({ U_CostCenter: 'A 1' });
  expect(heldFields(fields, 'sub-invoice', typed)).toEqual({});
});

test('what is too long or no date is refused in words and never cut', () => {
  const errors = fieldErrors(fields, { U_CostCenter: '123456789', U_Signed: '2026-02-30' });
  expect(errors.map(({ field, code }) => [field, code])).toEqual([
    ['fields.U_CostCenter', 'max-length'],
    ['fields.U_Signed', 'date'],
  ]);
  expect(errors[0]!.message).toContain('"123456789" was typed for cost center, which has 9 characters');
  expect(fieldErrors(fields, { U_CostCenter: '12345678', U_Signed: '2026-02-28' })).toEqual([]);
});

test('only fields that are wanted are compared', () => {
  expect(fieldDifferences({ U_A: '1' }, { U_A: '1', U_B: 'of a person' })).toEqual([]);
  expect(fieldDifferences({ U_A: '1' }, {})).toEqual(['U_A is empty, we left 1.']);
});

test('what a person put into a field is never overwritten, unless it is what was typed', () => {
  const [left, wanted] = [{ U_A: '1' }, { U_A: '2', U_B: '3' }];
  expect(fieldChanges(left, wanted, { U_A: '1' })).toEqual([]);
  expect(fieldChanges(left, wanted, { U_A: '2', U_B: '3' })).toEqual([]);
  expect(fieldChanges(left, wanted, { U_A: '9', U_B: '8' })).toEqual([
    'U_A is 9, we left 1.',
    'U_B is 8, we left empty.',
  ]);
});
