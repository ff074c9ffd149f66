import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { inTenant } from '../database/transaction.ts';
import { appendAudit } from './audit.ts';
import { exportAudit } from './audit-export.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  for (const tenant of ['acme', 'other'])
    await inTenant(db.pools.app, tenant, async (tx) => {
      await tx.query('insert into tenant (tenant, name) values ($1, $1)', [tenant]);
      await appendAudit(
        tx,
        Array.from({ length: 2_345 }, (_, index) => entry(`${tenant} ${index} Łódź "\u0000\ud83d`)),
      );
    });
});
afterAll(() => db.drop());

const entry = (note: string) => ({
  kind: 'note',
  actor: 'ann@acme.example',
  at: new Date('2026-08-31T10:00:00.123Z'),
  body: { note },
});

test('gives an auditor everything to make the chain again with a program of their own', async () => {
  const lines: Record<string, string>[] = [];
  for await (const page of exportAudit(db.pools.app, 'acme'))
    for (const line of page.trimEnd().split('\n')) lines.push(JSON.parse(line));
  expect(lines).toHaveLength(2_345);
  expect(lines.every(({ tenant }) => tenant === 'acme')).toBe(true);
  let hash = '0'.repeat(64);
  // Written here a second time, from the words of the decision record and not from the code.
  for (const [index, { seq, entry: text, previous, hash: claimed }] of lines.entries()) {
    expect([seq, previous]).toEqual([String(index + 1), hash]);
    const said = ['tiebeam.audit.v1', 'acme', seq, previous, text].join('\n');
    hash = createHash('sha256').update(said, 'utf8').digest('hex');
    expect(hash).toBe(claimed);
  }
  const { rows } = await inTenant(db.pools.app, 'acme', (tx) => tx.query('select hash from audit_head'));
  expect(rows).toEqual([{ hash }]);
});

test('is empty for a tenant without a chain', async () => {
  const pages: string[] = [];
  for await (const page of exportAudit(db.pools.app, 'nobody')) pages.push(page);
  expect(pages).toEqual([]);
});
