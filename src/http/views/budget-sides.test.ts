import { expect, test } from 'vitest';
import { budgetOf, pairBudget } from './budget-sides.ts';

const body = {
  ...{ kind: 'budget', number: 'Budget change 1', title: 'Change of the budget', projectCode: 'JOB-4' },
  ...{ currency: 'USD', accountingDate: '2026-11-20', total: '-40.00' },
  lines: [
    {
      ...{ key: '7', description: '05-100 S', amount: '-40.00', costCode: '05-100', costType: 'S' },
      coding: { kind: 'account', code: '5200' },
    },
  ],
};

test('shows an approver each move beside the line that it becomes', () => {
  const source = { projectId: '11', moves: [{ id: '7', amount: '-40.00' }] };
  const { fields, lines } = pairBudget(budgetOf(body)!, source, { 7: '1' });
  expect(fields.map(({ field, source: from, target }) => [field, from, target])).toContainEqual([
    'Project',
    '11',
    'JOB-4',
  ]);
  expect(lines).toEqual([
    {
      ...{ key: '7', description: '05-100 S', costCode: '05-100 S', coding: 'account 5200' },
      ...{ sourceAmount: '-40.00', targetAmount: '-40.00', targetLine: '1' },
    },
  ]);
  expect(budgetOf({ kind: 'purchase-order', lines: [] })).toBeNull();
});
