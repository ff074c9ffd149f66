import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { setUpQuietTenant } from '../../../test/setup/quiet-tenant.ts';
import { inTenant } from '../../store/database/transaction.ts';
import { stagedCalls } from '../../store/requests/staging.ts';
import { writeStaging } from './write-staging.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.drop());

test('a staging of more rows than ten calls carry writes every row down once', async () => {
  const engine = await setUpQuietTenant(db);
  const hub = await engine.systems.hubOf('acme');
  const rows = Array.from({ length: 10_500 }, (_, index) => {
    const originId = `V${index}`;
    return { originId, originCode: originId, status: 'staged', data: { name: `Vendor ${index}` } } as const;
  });
  const figures = { read: 10_500, staged: 10_500, changed: 0, archived: 0, known: 0, doubtful: 0 };
  const calls = await inTenant(db.pools.app, 'acme', async (tx) => {
    await writeStaging(engine, tx, hub, { object: 'vendor', rows, figures, asked: ['77/0'] });
    return stagedCalls(tx, hub.id, 'staging:vendor', ['77/0']);
  });
  expect(calls.map((call) => call.rows)).toEqual([...Array.from({ length: 10 }, () => 1_000), 500]);
  const { rows: seen } = await inTenant(db.pools.app, 'acme', (tx) =>
    tx.query<{ origins: number }>(
      `select count(distinct r ->> 'originId')::int as origins from posting, jsonb_array_elements(operation -> 'rows') r
       where root = 'staging:vendor'`,
    ),
  );
  expect(seen).toEqual([{ origins: 10_500 }]);
});
