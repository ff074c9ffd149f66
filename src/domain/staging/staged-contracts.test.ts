import { expect, test } from 'vitest';
import type { PrimeContractRecord } from '../owner/prime-contract.ts';
import type { StagedRow, StandingRow } from './staged.ts';
import { planStagedContracts } from './staged-contracts.ts';

const line = (id: string, amount: string) => ({
  ...{ id, position: Number(id), description: 'Steel', amount },
  ...{ costCode: { code: '05-100', name: '' }, costType: { code: 'S', name: '' } },
  ...{ quantity: null, unitPrice: null, unit: null },
});
const contract = (id: string, more: Partial<PrimeContractRecord> = {}): PrimeContractRecord => ({
  ...{ object: 'prime-contract', id, projectId: 'JOB-4', number: `N-${id}`, title: 'Pier' },
  ...{ status: 'open', open: true, ownerId: 'C1', ownerName: null, currency: 'USD' },
  ...{ total: '10.00', changes: '0.00', retainagePercent: '10.00', originId: null, url: null },
  lines: [line('1', '10.00')],
  ...more,
});
const imported = (row: StagedRow): StandingRow => ({
  ...{ type: 'prime-contract', originId: row.originId, status: 'imported' },
  data: { ...row.data, ...row.numbers },
  lines: row.lines!.map((each) => ({ ...imported({ ...each, lines: [] }), type: 'line' })),
});
const plan = (
  erp: readonly PrimeContractRecord[],
  source: readonly PrimeContractRecord[] = [],
  standing: readonly StandingRow[] = [],
) => planStagedContracts({ erp, source }, standing);
const told = ({ rows }: ReturnType<typeof plan>) =>
  rows.map(({ originId, status }) => `${originId} ${status}`);

test('offers what the source lacks, and nothing that it has, may have, or that is closed', () => {
  const erp = [contract('A'), contract('B'), contract('C'), contract('D', { open: false })];
  const source = [contract('1', { originId: 'B' }), contract('2', { number: 'N-C' })];
  const found = plan(erp, source);
  expect(told(found)).toEqual(['A staged']);
  expect(found.rows[0]).toMatchObject({
    data: { number: 'N-A', project_origin_id: 'JOB-4' },
    lines: [{ originId: 'A/1', data: { cost_code_origin_id: '05-100' }, numbers: { amount: '10.00' } }],
  });
  expect(found.figures).toMatchObject({ read: 4, staged: 1, known: 1, doubtful: 1 });
});

test('offers an imported one once more only when it says something else', () => {
  const there = imported(plan([contract('A')]).rows[0]!);
  expect(told(plan([contract('A')], [], [there]))).toEqual([]);
  const raised = contract('A', { lines: [line('1', '11.00')] });
  expect(told(plan([raised], [], [there]))).toEqual(['A staged']);
  expect(told(plan([contract('A', { lines: [] })], [], [there]))).toEqual(['A staged']);
  expect(told(plan([contract('A', { open: false })], [], [there]))).toEqual([]);
});

test('takes off the list what was closed, or became known, before anybody imported it', () => {
  const there: StandingRow = { ...imported(plan([contract('A')]).rows[0]!), status: 'staged' };
  expect(told(plan([contract('A', { open: false })], [], [there]))).toEqual(['A archived']);
  expect(told(plan([contract('A')], [contract('1', { originId: 'A' })], [there]))).toEqual(['A archived']);
});
