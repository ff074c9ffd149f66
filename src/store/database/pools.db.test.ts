import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { urlFor } from './role-passwords.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('the pools', () => {
  it('log in as roles that neither own anything nor pass by row-level security', async () => {
    for (const role of ['app', 'dispatch', 'door'] as const) {
      const found = await database.pools[role].query(
        `SELECT current_user AS name, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
                EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) AS owns,
                pg_has_role(current_user, 'tiebeam_owner', 'MEMBER') AS is_owner
           FROM pg_roles r WHERE rolname = current_user`,
      );
      expect(found.rows).toEqual([
        {
          name: `tiebeam_${role}`,
          rolsuper: false,
          rolbypassrls: false,
          rolcreaterole: false,
          rolcreatedb: false,
          owns: false,
          is_owner: false,
        },
      ]);
    }
  });

  it('let no role create a table, lasting or temporary', async () => {
    for (const role of ['app', 'dispatch', 'door'] as const) {
      await expect(database.pools[role].query('CREATE TABLE public.mine (x int)')).rejects.toThrow('denied');
      await expect(database.pools[role].query('CREATE TEMPORARY TABLE mine (x int)')).rejects.toThrow(
        'denied',
      );
    }
  });

  it('refuse a password derived from another secret', async () => {
    const client = new pg.Client({
      connectionString: urlFor(database.ownerUrl, 'tiebeam_app', 'another secret'),
    });
    await expect(client.connect()).rejects.toThrow('password authentication failed');
    await client.end();
  });

  it('hand out amounts and calendar dates as text, also inside arrays', async () => {
    const found = await database.pools.app.query(
      `SELECT 9007199254740993::bigint AS big, 0.10::numeric AS rate, '2026-08-31'::date AS day,
              ARRAY[0.10, NULL]::numeric[] AS rates, ARRAY[9007199254740993]::bigint[] AS bigs,
              ARRAY['2026-08-31']::date[] AS days`,
    );
    expect(found.rows).toEqual([
      {
        big: '9007199254740993',
        rate: '0.10',
        day: '2026-08-31',
        rates: ['0.10', null],
        bigs: ['9007199254740993'],
        days: ['2026-08-31'],
      },
    ]);
  });

  it('bound every statement and every rest inside a transaction', async () => {
    const found = await database.pools.app.query(
      `SELECT current_setting('statement_timeout') AS statement,
              current_setting('idle_in_transaction_session_timeout') AS rest,
              current_setting('application_name') AS name`,
    );
    expect(found.rows).toEqual([{ statement: '1min', rest: '30s', name: 'tiebeam_app' }]);
  });
});
