import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
// The roles belong to the whole test cluster, so this must be the secret of the other test files.
import { TEST_SECRET as secret } from '../../../test/setup/cluster-address.ts';
import { createEmptyDatabase } from '../../../test/setup/database.ts';
import { migrate, schemaVersion } from './migrate.ts';
import { openPools } from './pools.ts';

let database: { ownerUrl: string; drop(): Promise<void> };
let migrationsDir: string;

beforeEach(async () => {
  database = await createEmptyDatabase();
  migrationsDir = await mkdtemp(join(tmpdir(), 'tiebeam-migrations-'));
  await cp('migrations/0001-roles.sql', join(migrationsDir, '0001-roles.sql'));
});
afterEach(async () => {
  await database.drop();
  await rm(migrationsDir, { recursive: true });
});

const add = (name: string, sql: string) => writeFile(join(migrationsDir, name), sql);
const run = () => migrate(database.ownerUrl, { migrationsDir, secret });

async function ask(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('migrate', () => {
  it('applies each file once, in order, and opens the database to the service roles', async () => {
    await add('0002-item.sql', 'CREATE TABLE item (id int); GRANT SELECT ON item TO tiebeam_app;');
    expect(await run()).toBe(2);
    await add('0003-more.sql', 'ALTER TABLE item ADD COLUMN name text;');
    expect(await run()).toBe(3);
    expect(await run()).toBe(3);
    const pools = openPools(database.ownerUrl, secret);
    try {
      expect((await pools.app.query('SELECT id, name FROM item')).rows).toEqual([]);
      await expect(pools.door.query('SELECT id FROM item')).rejects.toThrow('permission denied');
      expect(await schemaVersion(pools.dispatch)).toBe(3);
    } finally {
      await pools.close();
    }
  });

  it('gives what it creates to an owner that is no superuser', async () => {
    await add('0002-item.sql', 'CREATE TABLE item (id int);');
    await run();
    expect(await ask(`SELECT tableowner FROM pg_tables WHERE tablename = 'item'`)).toEqual([
      { tableowner: 'tiebeam_owner' },
    ]);
  });

  it('does not let everybody execute a new function', async () => {
    await add('0002-f.sql', 'CREATE FUNCTION secret_door() RETURNS int LANGUAGE sql RETURN 1;');
    await run();
    const pools = openPools(database.ownerUrl, secret);
    try {
      await expect(pools.door.query('SELECT secret_door()')).rejects.toThrow('permission denied');
    } finally {
      await pools.close();
    }
  });

  it('leaves nothing of a file that fails and continues there next time', async () => {
    await add('0002-item.sql', 'CREATE TABLE item (id int); SELECT 1/0;');
    await expect(run()).rejects.toThrow('0002-item.sql failed');
    expect(await ask(`SELECT to_regclass('item') AS item`)).toEqual([{ item: null }]);
    await add('0002-item.sql', 'CREATE TABLE item (id int);');
    expect(await run()).toBe(2);
  });

  it('applies each file once when several processes start together', async () => {
    await add('0002-item.sql', 'CREATE TABLE item (id int);');
    expect(await Promise.all([run(), run(), run(), run()])).toEqual([2, 2, 2, 2]);
  });

  it('creates the roles once when several databases are migrated together', async () => {
    const others = await Promise.all([createEmptyDatabase(), createEmptyDatabase(), createEmptyDatabase()]);
    try {
      const versions = await Promise.all(
        others.map(({ ownerUrl }) => migrate(ownerUrl, { migrationsDir, secret })),
      );
      expect(versions).toEqual([1, 1, 1]);
    } finally {
      for (const other of others) await other.drop();
    }
  });

  it('refuses a database of a newer Tiebeam', async () => {
    await add('0002-item.sql', 'CREATE TABLE item (id int);');
    await run();
    await rm(join(migrationsDir, '0002-item.sql'));
    await expect(run()).rejects.toThrow('schema version 2, this Tiebeam knows only up to 1');
  });

  it('refuses a file that was edited after it was applied', async () => {
    await add('0002-item.sql', 'CREATE TABLE item (id int);');
    await run();
    await add('0002-item.sql', 'CREATE TABLE item (id bigint);');
    await expect(run()).rejects.toThrow('0002-item.sql was changed');
  });

  it('refuses a gap in the numbers before it touches the database', async () => {
    await add('0003-late.sql', 'SELECT 1;');
    await expect(run()).rejects.toThrow('0003-late.sql should be 0002-');
    expect(await ask(`SELECT to_regclass('schema_version') AS found`)).toEqual([{ found: null }]);
  });
});
