import { expect, test } from 'vitest';
import { type DetailRow, detailRow } from '../wire.ts';
import type { ReadItem } from './erp-requests.ts';
import { awaitsAnswer, foundAgain, isUnreadable, itemPerDetail } from './lost-details.ts';

const item = (index: number, more: Partial<ReadItem> = {}): ReadItem => ({
  key: `9/${index}`,
  event: 'create_requisitions',
  subject: null,
  detailId: null,
  erpCode: null,
  accountingDate: null,
  projectOriginId: null,
  ...more,
});
const about = (id: string, detailId: string | null = null): Partial<ReadItem> => ({
  subject: { object: 'sub-invoice', id, projectId: '4', type: null, parentId: null, originId: null },
  detailId,
});
const detail = (id: string, more: object = {}): DetailRow =>
  detailRow.parse({ id, status: 'in_progress', item_type: 'requisition', erp_request_id: '9', ...more });
const detailsOf = (items: readonly ReadItem[], rows: readonly DetailRow[]) => {
  const lost = new Set(items.filter(({ detailId }) => detailId === null));
  return foundAgain({ id: '9', named: new Set() }, items, lost, rows).map(
    ({ key, detailId }) => `${key} ${detailId}`,
  );
};

test('answers every open detail of a request of which nothing else can be read', () => {
  const rows = [
    detail('1'),
    detail('2', { status: 'failed' }),
    detail('3', { erp_request_id: '8' }),
    detail('4', { erp_request_id: null }),
    detail('5', { status: null }),
  ];
  const left = itemPerDetail('9', [item(0)], rows);
  expect(left.map(({ key, detailId, closed }) => [key, detailId, closed])).toEqual([
    ['9/0', '1', undefined],
    ['9/1', '2', true],
    ['9/2', '5', undefined],
  ]);
  const closed = rows.filter(({ status }) => status === 'failed');
  expect(itemPerDetail('9', [item(0)], closed)).toEqual([item(0)]);
  expect(
    [item(0), item(0, about('50')), item(0, { event: 'sync_vendors' })].map((one) => isUnreadable([one])),
  ).toEqual([true, false, false]);
});

test('gives the one item that lost its detail the one that is left', () => {
  const items = [item(0, about('50', '1')), item(1), item(2, about('52', '3'))];
  expect(detailsOf(items, [detail('1'), detail('2'), detail('3')])).toEqual(['9/0 1', '9/1 2', '9/2 3']);
  expect(detailsOf([item(0, about('99'))], [detail('7')])).toEqual(['9/0 7']);
});

test('guesses between no two', () => {
  const known = item(0, about('50', '1'));
  const rows = [detail('1'), detail('2'), detail('3')];
  expect(detailsOf([known, item(1), item(2)], rows)).toEqual(['9/0 1', '9/1 null', '9/2 null']);
  expect(detailsOf([known, item(1)], rows)).toEqual(['9/0 1', '9/1 null']);
  expect(detailsOf([item(0, about('99'))], rows)).toEqual(['9/0 null']);
  expect(detailsOf([item(0, { event: 'sync_vendors' })], rows)).toEqual(['9/0 null']);
  const others = { id: '9', named: new Set(['1', '2']) };
  const last = item(9, about('99'));
  expect(foundAgain(others, [last], new Set([last]), rows)).toMatchObject([{ detailId: '3' }]);
});

test('looks for none where Procore opens none', () => {
  const events = ['create_hologram', 'sync_vendors', 'unlink_commitment', 'delete_cost_codes'];
  expect(events.map((event) => awaitsAnswer({ event }))).toEqual([true, true, true, true]);
  const without = [
    'sync_standard_categories',
    'sync_metadata',
    'link_vendor',
    'reset_payment',
    'sync_single_job',
  ];
  expect(without.map((event) => awaitsAnswer({ event }))).toEqual(without.map(() => false));
});
