import { expect, it } from 'vitest';
import { partOfOrder } from './part-of-order.ts';
import type { OrderBody } from './stored-json.ts';

const line = (key: string, amount: string, changeOrder?: string): OrderBody['lines'][number] => ({
  ...{ key, amount, description: key, costCode: '', costType: '', coding: { kind: 'account', code: '5100' } },
  ...(changeOrder === undefined ? {} : { changeOrder }),
});
const order: OrderBody = {
  ...{ kind: 'purchase-order', number: 'SC-1', title: '', vendorCode: 'V1', projectCode: 'P1' },
  ...{ currency: 'USD', accountingDate: '2026-09-01', total: '112.50' },
  lines: [line('1', '100.00'), line('change-order:1', '20.00', '9'), line('change-order:2', '-7.50', '8')],
};
const lineKeys = { '1': '0', 'change-order:1': '1', 'change-order:2': '2' };

it('shows a contract beside its own lines, and each change order beside its own', () => {
  const shown = (changeOrder?: string) => {
    const { part, keys } = partOfOrder(order, lineKeys, changeOrder);
    return [part.total, part.lines.map(({ key }) => key), keys];
  };
  expect(shown()).toEqual(['100.00', ['1'], { '1': '0' }]);
  expect(shown('9')).toEqual(['20.00', ['1'], { '1': '1' }]);
  expect(shown('8')).toEqual(['-7.50', ['2'], { '2': '2' }]);
});
