import { expect, test } from 'vitest';
import { itemOrigins } from './item-origins.ts';

test('each billed item bears the line of the invoice that it became, and details of one line bear different ids', () => {
  const items = [
    { id: 'contract_item/1', bills: 'contract', billedLineId: '11' },
    { id: 'contract_detail_item/2', bills: 'contract-detail', billedLineId: '12' },
    { id: 'contract_detail_item/3', bills: 'contract-detail', billedLineId: '12' },
    { id: 'change_order_item/4', bills: 'change-order', billedLineId: '11' },
    { id: 'contract_item/5', bills: 'contract', billedLineId: '99' },
  ] as const;
  expect(itemOrigins(items, { 11: '0', 12: '1', 'change-order:11': '2', retainage: '3' }, 'B1-7')).toEqual({
    'contract_item/1': 'B1-7/0',
    'contract_detail_item/2': 'B1-7/1/2',
    'contract_detail_item/3': 'B1-7/1/3',
    'change_order_item/4': 'B1-7/2',
  });
  const owner = [{ id: '6', bills: 'contract', billedLineId: '11' }] as const;
  expect(itemOrigins(owner, { 'contract:11': '1' }, 'LL-9')).toEqual({ 6: 'LL-9/1' });
});
