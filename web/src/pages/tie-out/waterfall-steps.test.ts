import { expect, it } from 'vitest';
import type { ProjectTieOut } from '../../api/types.ts';
import { waterfallSteps } from './waterfall-steps.ts';

const item = { documentId: null, number: 'SC-1', title: 'Steel', explanation: '', owner: null };
const tieOut: ProjectTieOut = {
  project: { id: '1', name: 'School', number: null, erpCode: null },
  currency: 'USD',
  source: '1000.00',
  target: '850.00',
  difference: '150.00',
  explained: '150.00',
  residual: '0.00',
  items: [
    { ...item, cause: 'waiting', amount: '150.00' },
    { ...item, cause: 'waiting', amount: '50.00' },
    { ...item, cause: 'erp-only', amount: '-50.00' },
  ],
  asOf: '2026-08-31T00:00:00Z',
};

it('walks from the source total to the target total, one bar per cause', () => {
  const { rows, axisFrom, axisTo } = waterfallSteps(tieOut);
  expect(rows.map(({ name, amount }) => `${name} ${amount}`)).toEqual([
    'Procore 1000.00',
    'Waiting here -200.00',
    'Only in the ERP 50.00',
    'ERP 850.00',
  ]);
  expect([axisFrom, axisTo]).toEqual(['800.00', '1000.00']);
  expect(rows.map(({ left, right }) => [left, right])).toEqual([
    [10_000, 10_000],
    [0, 10_000],
    [0, 2_500],
    [2_500, 2_500],
  ]);
});

it('draws what nothing explains as its own bar', () => {
  const { rows } = waterfallSteps({ ...tieOut, items: [], explained: '0.00', residual: '150.00' });
  expect(rows[1]).toMatchObject({ name: 'Unexplained', amount: '-150.00' });
});
