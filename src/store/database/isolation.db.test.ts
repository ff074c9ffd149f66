import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { inTenant, inTransaction } from './transaction.ts';

// Walks the catalogue of the migrated schema, so that a table added later is covered by itself.
let database: TestDatabase;
let owner: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

async function names(sql: string): Promise<string[]> {
  return (await owner.query<{ name: string }>(sql)).rows.map((row) => row.name);
}

const TENANT_TABLES = `
  SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`;

describe('tenant isolation', () => {
  it('is forced, with a policy, on every table that has a tenant', async () => {
    const found = await names(`SELECT t.relname AS name FROM (${TENANT_TABLES}) t`);
    expect(found.length).toBeGreaterThan(10);
    expect(
      await names(`
        SELECT t.relname AS name FROM (${TENANT_TABLES}) t
         WHERE NOT t.relrowsecurity OR NOT t.relforcerowsecurity
            OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid)`),
    ).toEqual([]);
  });

  it('lets no policy that binds the app role, or everybody, look past the tenant', async () => {
    expect(
      await names(`
        SELECT tablename || '.' || policyname AS name FROM pg_policies
         WHERE schemaname = 'public' AND roles && '{public,tiebeam_app}'::name[]
           AND (coalesce(qual, '') || coalesce(with_check, '')) !~ 'tiebeam.tenant|current_tenant'`),
    ).toEqual([]);
  });

  it('shows no tenant to the app role before one is named, and then only that one', async () => {
    await owner.query(`INSERT INTO tenant (tenant, name) VALUES ('one', 'One'), ('canary', 'Canary')`);
    const select = 'SELECT tenant FROM tenant';
    expect((await inTransaction(database.pools.app, (tx) => tx.query(select))).rows).toEqual([]);
    expect((await inTenant(database.pools.app, 'one', (tx) => tx.query(select))).rows).toEqual([
      { tenant: 'one' },
    ]);
  });

  it('holds for everything that is not a superuser: no object belongs to a service role', async () => {
    expect(
      await names(`
        SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
           AND relkind IN ('r', 'p', 'v', 'm', 'S') AND relname <> 'schema_version'
           AND relowner <> 'tiebeam_owner'::regrole`),
    ).toEqual([]);
  });

  it('has no definer function that everybody may call or whose search path the caller chooses', async () => {
    expect(
      await names(`
        SELECT proname AS name FROM pg_proc p
         WHERE pronamespace = 'public'::regnamespace AND prosecdef
           AND (proconfig IS NULL OR NOT EXISTS (
                  SELECT FROM unnest(proconfig) AS setting WHERE setting LIKE 'search_path=%')
                OR has_function_privilege('public', p.oid, 'EXECUTE'))`),
    ).toEqual([]);
  });

  it('gives door no table to read and dispatch none but its own', async () => {
    const readable = (role: string) =>
      names(`
        SELECT relname AS name FROM pg_class c
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
           AND has_table_privilege('${role}', c.oid, 'SELECT') ORDER BY relname`);
    expect(await readable('tiebeam_door')).toEqual(['schema_version']);
    expect(await readable('tiebeam_dispatch')).toEqual(['account_lease', 'lane', 'schema_version']);
  });
});
