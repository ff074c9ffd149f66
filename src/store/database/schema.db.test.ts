import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { appendAudit, verifyAudit } from '../audit/audit.ts';
import { claimLanes, releaseLanes, wakeLane } from '../work/lane.ts';
import { inTenant, inTransaction } from './transaction.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  for (const tenant of ['acme', 'other']) {
    await inTenant(db.pools.app, tenant, (tx) =>
      tx.query('insert into tenant (tenant, name) values ($1, $1)', [tenant]),
    );
  }
});
afterAll(() => db.drop());

const entry = (kind: string) => ({
  kind,
  actor: 'ann@example.com',
  at: new Date('2026-08-31T10:00:00Z'),
  body: { note: kind },
});

test('forces row-level security on every table that has a tenant', async () => {
  const { rows } = await inTenant(db.pools.app, 'acme', (tx) =>
    tx.query(`select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant'
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity)`),
  );
  expect(rows).toEqual([]);
});

test('shows a tenant nothing of another', async () => {
  await inTenant(db.pools.app, 'other', (tx) => appendAudit(tx, [entry('canary')]));
  const { rows } = await inTenant(db.pools.app, 'acme', (tx) =>
    tx.query("select * from audit where kind = 'canary'"),
  );
  expect(rows).toEqual([]);
});

test('finds an edited audit entry and names it', async () => {
  await inTenant(db.pools.app, 'acme', (tx) => appendAudit(tx, [entry('one'), entry('two'), entry('three')]));
  expect(await inTenant(db.pools.app, 'acme', verifyAudit)).toMatchObject({ verified: true, entries: 3n });
  await expect(
    inTenant(db.pools.app, 'acme', (tx) => tx.query("update audit set entry = 'x' where seq = 2")),
  ).rejects.toThrow();
});

test('gives a lane to one worker, and again at once when it was woken meanwhile', async () => {
  const lane = { stage: 'source', id: 'p:commitment:1', account: 'procore:x' } as const;
  await inTenant(db.pools.app, 'acme', (tx) => wakeLane(tx, lane));
  const claim = () => inTransaction(db.pools.dispatch, (tx) => claimLanes(tx, lane.account, 5, 10_000));
  const [mine] = await claim();
  expect(mine).toMatchObject({ tenant: 'acme', id: lane.id });
  expect(await claim()).toEqual([]);
  await inTenant(db.pools.app, 'acme', (tx) => wakeLane(tx, lane));
  await inTransaction(db.pools.dispatch, (tx) => releaseLanes(tx, [{ lane: mine!, end: { afterMs: null } }]));
  const [again] = await claim();
  expect(BigInt(again!.fence)).toBeGreaterThan(BigInt(mine!.fence));
  await inTransaction(db.pools.dispatch, (tx) =>
    releaseLanes(tx, [{ lane: again!, end: { afterMs: null } }]),
  );
  expect(await claim()).toEqual([]);
});
