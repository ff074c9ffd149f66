import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import type { ContextRecord } from '../../domain/context-record.ts';
import { inTenant, type Tx } from '../../store/database/transaction.ts';
import {
  type BusinessEventRow,
  type EventPlace,
  listBusinessEvents,
  listVersions,
} from '../../store/views/business-event-view.ts';
import { keepRecord } from './keep-record.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  for (const tenant of ['acme', 'other'])
    await inTenant(db.pools.app, tenant, (tx) =>
      tx.query('insert into tenant (tenant, name) values ($1, $1)', [tenant]),
    );
});
afterAll(() => db.drop());

const changeEvent = (id: string, status: string, title = `Rock ${id}`): ContextRecord => ({
  object: 'change-event',
  id,
  projectId: Number(id) % 2 === 0 ? 'even' : 'odd',
  number: id,
  title,
  status,
  facts: {},
  about: [],
});
const keep = (tenant: string, ...records: readonly ContextRecord[]) =>
  inTenant(db.pools.app, tenant, async (tx) => {
    for (const record of records) await keepRecord(tx, 'hub', { record, raw: JSON.stringify(record) });
  });
const read = <T>(tenant: string, run: (tx: Tx) => Promise<T>) => inTenant(db.pools.app, tenant, run);

test('each thing that happened is listed once, page by page, of the own tenant, in all projects or in one', async () => {
  const many = Array.from({ length: 25 }, (_, index) => changeEvent(String(index), 'Open'));
  await keep('acme', ...many);
  await keep('acme', ...many.slice(0, 5).map((record) => ({ ...record, status: 'Closed' })));
  await keep('acme', ...many.map((record) => ({ ...record, facts: { note: 'nothing happened' } })));
  await keep('other', changeEvent('99', 'Open', 'of another tenant'));
  const pages: BusinessEventRow[] = [];
  let below: EventPlace | null = null;
  for (let page = 0; page < 10; page += 1) {
    const rows: BusinessEventRow[] = await read('acme', (tx) =>
      listBusinessEvents(tx, { project: null, below, limit: 7 }),
    );
    pages.push(...rows);
    const last = rows.at(-1);
    if (last === undefined) break;
    below = [last.seen_at, last.connection, last.object, last.native_id, last.version];
  }
  // Records of the third time are open again: those that were closed were opened once more.
  const said = pages.map(({ native_id, version, events }) => `${native_id} ${version} ${events.join()}`);
  expect(new Set(said).size).toBe(said.length);
  expect(pages.filter(({ events }) => events.includes('change event closed'))).toHaveLength(5);
  expect(pages.filter(({ events }) => events.includes('change event opened'))).toHaveLength(30);
  expect(pages.some(({ title }) => title === 'of another tenant')).toBe(false);
  const odd = await read('acme', (tx) => listBusinessEvents(tx, { project: 'odd', below: null, limit: 100 }));
  expect(new Set(odd.map(({ project }) => project))).toEqual(new Set(['odd']));
});

test('a record shows its versions, also those that meant nothing', async () => {
  const of = { object: 'change-event', nativeId: '3', connection: null };
  const versions = await read('acme', (tx) => listVersions(tx, of, 10));
  expect(versions.map(({ version, events }) => [version, ...events])).toEqual([
    [3, 'change event opened'],
    [2, 'change event closed'],
    [1, 'change event opened'],
  ]);
  const other = await read('acme', (tx) => listVersions(tx, { ...of, nativeId: '7' }, 10));
  expect(other.map(({ version, events }) => [version, ...events])).toEqual([[2], [1, 'change event opened']]);
});
