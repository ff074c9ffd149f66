import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceRole } from '../../src/store/database/role-passwords.ts';
import { inTenant, inTransaction, type Tx } from '../../src/store/database/transaction.ts';
import { createTestDatabase, type TestDatabase } from '../setup/database.ts';
import { storeStatements } from './store-statements.ts';

const { statements, calls } = await storeStatements();
const files = [...new Set(statements.map(({ file }) => file))];

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

/** Preparing checks names and types; only a plan that starts checks what the role may do. Nothing is run. */
async function prepare(tx: Tx, sql: string): Promise<void> {
  await tx.query(`prepare checked as ${sql}`);
  const { rows } = await tx.query<{ count: number }>(
    "select cardinality(parameter_types) as count from pg_prepared_statements where name = 'checked'",
  );
  const nulls = Array.from({ length: rows[0]?.count ?? 0 }, () => 'null').join(', ');
  await tx.query(`explain execute checked${nulls === '' ? '' : `(${nulls})`}`);
  await tx.query('deallocate checked');
}

function prepareAs(role: ServiceRole, sql: string): Promise<void> {
  if (role === 'tiebeam_app') return inTenant(db.pools.app, 'acme', (tx) => prepare(tx, sql));
  const pool = role === 'tiebeam_door' ? db.pools.door : db.pools.dispatch;
  return inTransaction(pool, (tx) => prepare(tx, sql));
}

describe('the statements of the store', () => {
  it('are all found where they are run', () => {
    process.stdout.write(`${statements.length} statements of ${files.length} store files are prepared\n`);
    expect(calls).toBeGreaterThan(100);
    expect(statements.length).toBeGreaterThanOrEqual(calls);
    expect(new Set(statements.map(({ role }) => role)).size).toBe(3);
  });

  it.each(files)('of %s fit the schema and what their role may do', async (file) => {
    const broken: string[] = [];
    for (const { role, sql, calledIn } of statements.filter((each) => each.file === file))
      await prepareAs(role, sql).catch((error: unknown) => {
        broken.push(`${calledIn} as ${role}: ${error instanceof Error ? error.message : String(error)}`);
      });
    expect(broken).toEqual([]);
  });

  it('would be caught with a column that does not exist', async () => {
    await expect(prepareAs('tiebeam_app', 'select nme from tenant where tenant = $1')).rejects.toThrow(/nme/);
  });

  it('would be caught with a grant that is missing', async () => {
    await expect(prepareAs('tiebeam_door', 'select tenant from tenant')).rejects.toThrow(/permission denied/);
    await expect(prepareAs('tiebeam_app', 'delete from audit where seq = $1')).rejects.toThrow(
      /permission denied/,
    );
  });
});
