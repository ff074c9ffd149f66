import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { inTenant } from '../database/transaction.ts';
import { appendAudit, verifyAudit } from './audit.ts';

let db: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  db = await createTestDatabase();
  await inTenant(db.pools.app, 'acme', (tx) =>
    tx.query("insert into tenant (tenant, name) values ('acme', 'Acme')"),
  );
  owner = new pg.Client({ connectionString: db.ownerUrl });
  await owner.connect();
  // What a database administrator could do: the triggers and the row security are out of the way.
  await owner.query('alter table audit disable trigger all');
});
afterAll(async () => {
  await owner.end();
  await db.drop();
});

const entry = (note: string) => ({
  kind: 'note',
  actor: 'ann@acme.example',
  at: new Date('2026-08-31T10:00:00Z'),
  body: { note },
});
const append = (...notes: string[]) =>
  inTenant(db.pools.app, 'acme', (tx) => appendAudit(tx, notes.map(entry)));
const verify = () => inTenant(db.pools.app, 'acme', verifyAudit);

/** Tampers, looks, and puts everything back. */
async function tampered(...statements: string[]): Promise<Awaited<ReturnType<typeof verify>>> {
  await owner.query('create table kept_audit as select * from audit');
  await owner.query('create table kept_head as select * from audit_head');
  try {
    for (const statement of statements) await owner.query(statement);
    return await verify();
  } finally {
    await owner.query(
      'delete from audit; insert into audit select * from kept_audit; delete from audit_head; insert into audit_head select * from kept_head; drop table kept_audit; drop table kept_head',
    );
  }
}

test('names the first entry that a database administrator changed, removed, inserted or cut off', async () => {
  await append('one', 'two', 'three');
  await append('four', 'five');
  expect(await verify()).toMatchObject({ verified: true, entries: 5n });
  const brokenAt = (at: bigint) => ({ verified: false, brokenAt: at });
  expect(await tampered("update audit set entry = replace(entry, 'two', 'TWO') where seq = 2")).toMatchObject(
    brokenAt(2n),
  );
  expect(await tampered("update audit set actor = 'somebody@else.example' where seq = 3")).toMatchObject(
    brokenAt(3n),
  );
  expect(await tampered("update audit set kind = 'other' where seq = 4")).toMatchObject(brokenAt(4n));
  expect(await tampered("update audit set at = at + interval '1 day' where seq = 1")).toMatchObject(
    brokenAt(1n),
  );
  expect(await tampered('delete from audit where seq = 3')).toMatchObject(brokenAt(3n));
  expect(await tampered('delete from audit where seq = 5')).toMatchObject(brokenAt(5n));
  expect(
    await tampered(
      'update audit set seq = 99 where seq = 4',
      'update audit set seq = 4 where seq = 3',
      'update audit set seq = 3 where seq = 99',
    ),
  ).toMatchObject(brokenAt(3n));
  expect(await verify()).toMatchObject({ verified: true });
});

test('keeps one gapless chain when many append at once', async () => {
  await Promise.all(Array.from({ length: 30 }, (_, index) => append(`parallel ${index}`)));
  expect(await verify()).toMatchObject({ verified: true, entries: 35n });
});

test('lets the service append and read, and nothing else', async () => {
  for (const statement of ["update audit set kind = 'x'", 'delete from audit', 'truncate audit']) {
    await expect(inTenant(db.pools.app, 'acme', (tx) => tx.query(statement))).rejects.toThrow(
      /permission denied/,
    );
  }
});
