import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { inTenant } from '../database/transaction.ts';
import { addLinks, type Link, linkedSource } from './link.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await inTenant(db.pools.app, 'acme', (tx) =>
    tx.query("insert into tenant (tenant, name) values ('acme', 'Acme')"),
  );
});
afterAll(() => db?.drop());

const link = (vendor: string, code: string): Link => ({
  sourceConnection: 'erp',
  sourceObject: 'vendor',
  sourceId: code,
  sourceLine: '',
  targetConnection: 'procore',
  targetObject: 'vendor',
  targetId: vendor,
  targetLine: '',
});
const add = (...links: Link[]) => inTenant(db.pools.app, 'acme', (tx) => addLinks(tx, links));

it('the same link made by many at once is made once, and nobody fails', async () => {
  const refused = await Promise.all(Array.from({ length: 20 }, () => add(link('1', 'V1'), link('2', 'V2'))));
  expect(refused.flat()).toEqual([]);
  const { rowCount } = await inTenant(db.pools.app, 'acme', (tx) => tx.query('select 1 from link'));
  expect(rowCount).toBe(2);
});

it('of two different links for one record, made at once, one stands and the other is named', async () => {
  const both = [link('3', 'V3'), link('3', 'V4')];
  const refused = (await Promise.all(both.map((each) => add(each)))).flat();
  expect(refused).toHaveLength(1);
  expect(both).toContainEqual(refused[0]);
  const standing = await inTenant(db.pools.app, 'acme', (tx) =>
    linkedSource(tx, 'erp', { targetConnection: 'procore', targetObject: 'vendor', targetId: '3' }),
  );
  expect([refused[0]!.sourceId, standing?.sourceId].sort()).toEqual(['V3', 'V4']);
});

it('a code that stands for one record already is not given to a second one', async () => {
  expect(await add(link('5', 'V1'))).toEqual([link('5', 'V1')]);
});
