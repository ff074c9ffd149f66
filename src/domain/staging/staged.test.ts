import { expect, test } from 'vitest';
import type { VendorRecord } from '../records.ts';
import { type Offered, planStaging, type StandingRow } from './staged.ts';

const offered = (id: string, is: Offered['is'], more: Partial<VendorRecord> = {}): Offered => ({
  is,
  record: {
    object: 'vendor',
    id,
    name: `Vendor ${id}`,
    originId: null,
    code: id,
    taxId: null,
    email: null,
    phone: null,
    zip: '1000',
    active: true,
    ...more,
  },
});
const standing = (
  originId: string,
  status: StandingRow['status'],
  name = `Vendor ${originId}`,
): StandingRow => ({
  originId,
  status,
  data: { name, zip: '1000', note: 'of the source' },
});
const rowsOf = (...input: Parameters<typeof planStaging>) =>
  planStaging(...input).rows.map(({ originId, status }) => `${originId} ${status}`);

test('offers what is new, and nothing that is known, doubtful or closed', () => {
  const list = [
    offered('A', 'new'),
    offered('B', 'known'),
    offered('C', 'doubtful'),
    offered('D', 'new', { active: false }),
  ];
  const { rows, figures } = planStaging(list, []);
  expect(rows).toEqual([
    { originId: 'A', originCode: 'A', status: 'staged', data: { name: 'Vendor A', zip: '1000' } },
  ]);
  expect(figures).toEqual({ read: 4, staged: 1, changed: 0, archived: 0, known: 1, doubtful: 1 });
});

test('writes a second time only what changed since', () => {
  const list = [offered('A', 'new'), offered('B', 'new')];
  expect(rowsOf(list, [standing('A', 'staged'), standing('B', 'staged', 'An older name')])).toEqual([
    'B staged',
  ]);
  expect(rowsOf(list, [standing('A', 'staged'), standing('B', 'staged')])).toEqual([]);
});

test('takes off the list what was linked or closed meanwhile, once, and leaves imported rows alone', () => {
  const list = [
    offered('A', 'known'),
    offered('B', 'new', { active: false }),
    offered('C', 'known'),
    offered('D', 'new'),
  ];
  const there = [
    standing('A', 'staged'),
    standing('B', 'staged'),
    standing('C', 'archived'),
    standing('D', 'imported'),
  ];
  expect(rowsOf(list, there)).toEqual(['A archived', 'B archived']);
});

test('offers again what was opened again', () => {
  expect(rowsOf([offered('A', 'new')], [standing('A', 'archived')])).toEqual(['A staged']);
});
