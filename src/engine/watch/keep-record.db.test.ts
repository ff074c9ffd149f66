import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import type { ContextRecord } from '../../domain/context-record.ts';
import { inTenant, type Tx } from '../../store/database/transaction.ts';
import { markGone } from '../../store/records/record.ts';
import { keepRecords } from './keep-record.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await inTenant(db.pools.app, 'acme', (tx) =>
    tx.query("insert into tenant (tenant, name) values ('acme', 'Acme')"),
  );
});
afterAll(() => db.drop());

const rfi = (id: string, status: string): ContextRecord => ({
  object: 'rfi',
  id,
  projectId: '4',
  number: id,
  title: 'Which anchor?',
  status,
  facts: {},
  about: [],
});

/** What a look at these made of them, and how many statements that took. */
async function look(...rows: readonly (readonly [ContextRecord, raw?: string])[]) {
  return inTenant(db.pools.app, 'acme', async (tx) => {
    let statements = 0;
    const counting = {
      ...tx,
      query: (...given: Parameters<Tx['query']>) => {
        statements += 1;
        return tx.query(...given);
      },
    } as Tx;
    const page = rows.map(([record, raw = JSON.stringify(record)]) => ({ record, raw }));
    const changed = await keepRecords(counting, 'hub', page);
    return { changed: changed.map(({ record }) => record.id), statements };
  });
}

const stands = () =>
  inTenant(db.pools.app, 'acme', async (tx) => {
    const { rows } = await tx.query<{ is: string }>(
      "select native_id || ' ' || version || ' ' || (body ->> 'status') as is from record where not gone order by native_id",
    );
    return rows.map((row) => row.is);
  });

test('a page that says what stood there costs one statement, however long it is', async () => {
  const page = Array.from({ length: 50 }, (_, index) => [rfi(`a${index}`, 'open')] as const);
  expect((await look(...page)).changed).toHaveLength(50);
  expect(await look(...page)).toEqual({ changed: [], statements: 1 });
  const moved = page.with(7, [rfi('a7', 'closed')]);
  expect((await look(...moved)).changed).toEqual(['a7']);
  expect(await stands()).toContain('a7 2 closed');
});

test('the same content in other words is kept as evidence, and is no change', async () => {
  const words = () =>
    inTenant(db.pools.app, 'acme', async (tx) => (await tx.query('select hash from payload')).rows.length);
  await look([rfi('b', 'open')]);
  const before = await words();
  expect((await look([rfi('b', 'open'), '{"id":"b","seen":"today"}'])).changed).toEqual([]);
  expect(await words()).toBe(before + 1);
});

test('of two that a page says of one record the later counts, and what was gone is new', async () => {
  await look([rfi('c', 'open')]);
  await look([rfi('c', 'closed')], [rfi('c', 'open')]);
  expect(await stands()).toContain('c 3 open');
  await inTenant(db.pools.app, 'acme', (tx) =>
    markGone(tx, { connection: 'hub', object: 'rfi', nativeId: 'c' }),
  );
  expect((await look([rfi('c', 'open')])).changed).toEqual(['c']);
});
