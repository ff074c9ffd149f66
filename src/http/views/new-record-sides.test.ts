import { expect, test } from 'vitest';
import { newRecordFields } from './new-record-sides.ts';

test('shows an approver all that a new vendor would be, and that the ERP numbers it', () => {
  const address = { street: '4 Quay', city: 'Harbor', state: null, zip: '90001', country: 'US' };
  const body = { kind: 'vendor', code: null, name: 'Roofers', taxId: '12-3', email: null, address };
  expect(newRecordFields(body)?.map(({ field, target }) => [field, target])).toEqual([
    ['Code', 'given by the ERP'],
    ['Name', 'Roofers'],
    ['Tax id', '12-3'],
    ['E-mail', null],
    ['Telephone', null],
    ['Address', '4 Quay, Harbor, 90001, US'],
  ]);
  expect(newRecordFields({ kind: 'purchase-order', code: 'x', name: 'y' })).toBeNull();
});
