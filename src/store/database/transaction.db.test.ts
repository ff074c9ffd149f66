import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { openPools } from './pools.ts';
import { inTenant, inTransaction, type Tx } from './transaction.ts';

let database: TestDatabase;
let owner: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query(`
    SET ROLE tiebeam_owner;
    CREATE TABLE note (tenant_id text NOT NULL, text text NOT NULL, n int NOT NULL DEFAULT 0);
    ALTER TABLE note ENABLE ROW LEVEL SECURITY;
    ALTER TABLE note FORCE ROW LEVEL SECURITY;
    CREATE POLICY own_rows ON note USING (tenant_id = current_tenant());
    GRANT SELECT, INSERT, UPDATE, DELETE ON note TO tiebeam_app;
    RESET ROLE;
    INSERT INTO note (tenant_id, text) VALUES ('one', 'first'), ('two', 'canary');
  `);
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

const texts = async (tx: Tx): Promise<string[]> =>
  (await tx.query<{ text: string }>('SELECT text FROM note ORDER BY text')).rows.map((row) => row.text);

describe('a transaction in a tenant', () => {
  it('sees the rows of its tenant only', async () => {
    expect(await inTenant(database.pools.app, 'one', texts)).toEqual(['first']);
    expect(await inTenant(database.pools.app, 'two', texts)).toEqual(['canary']);
  });

  it('cannot write a row of another tenant', async () => {
    const write = inTenant(database.pools.app, 'one', (tx) =>
      tx.query("INSERT INTO note (tenant_id, text) VALUES ('two', 'smuggled')"),
    );
    await expect(write).rejects.toThrow('row-level security');
  });

  it('leaves no tenant behind on the connection it used', async () => {
    const pools = openPools(database.ownerUrl, database.secret, { sizes: { app: 1, dispatch: 1, door: 1 } });
    try {
      for (let round = 0; round < 200; round++) {
        expect(await inTenant(pools.app, round % 2 === 0 ? 'one' : 'two', texts)).toHaveLength(1);
        expect(await inTransaction(pools.app, texts)).toEqual([]);
      }
    } finally {
      await pools.close();
    }
  });

  it('asks a prepared statement with the tenant of each transaction, whoever prepared it', async () => {
    const pools = openPools(database.ownerUrl, database.secret, { sizes: { app: 1, dispatch: 1, door: 1 } });
    const counted = async (tx: Tx) =>
      (await tx.query<{ text: string }>('SELECT text FROM note WHERE n = $1', [0])).rows.map(
        ({ text }) => text,
      );
    try {
      // More rounds than PostgreSQL plans a statement anew before it keeps one plan for all.
      for (let round = 0; round < 20; round++) {
        const [tenant, text] = round % 2 === 0 ? ['one', 'first'] : ['two', 'canary'];
        expect(await inTenant(pools.app, tenant!, counted)).toEqual([text]);
      }
      const prepared = await inTenant(pools.app, 'one', (tx) =>
        tx.query("SELECT 1 FROM pg_prepared_statements WHERE statement LIKE '%FROM note WHERE n%'"),
      );
      expect(prepared.rowCount).toBe(1);
    } finally {
      await pools.close();
    }
  });

  it('refuses an empty tenant id', () => {
    expect(() => inTenant(database.pools.app, '', texts)).toThrow('needs the id');
  });
});

describe('a transaction', () => {
  it('keeps nothing when its function throws', async () => {
    const broken = inTenant(database.pools.app, 'one', async (tx) => {
      await tx.query("INSERT INTO note (tenant_id, text) VALUES ('one', 'half')");
      throw new Error('half way');
    });
    await expect(broken).rejects.toThrow('half way');
    expect(await inTenant(database.pools.app, 'one', texts)).toEqual(['first']);
  });

  it('does not report success when a swallowed error rolled it back', async () => {
    const swallowed = inTenant(database.pools.app, 'one', async (tx) => {
      await tx.query('SELECT 1/0').catch(() => undefined);
      return 'fine';
    });
    await expect(swallowed).rejects.toThrow('swallowed');
  });

  it('runs again as a whole after a deadlock when asked to', async () => {
    await owner.query("INSERT INTO note (tenant_id, text) VALUES ('lock', 'a'), ('lock', 'b')");
    let runs = 0;
    const met = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const crossing = (own: 0 | 1, first: string, second: string) =>
      inTenant(
        database.pools.app,
        'lock',
        async (tx) => {
          runs++;
          await tx.query('UPDATE note SET n = n + 1 WHERE text = $1', [first]);
          met[own].resolve();
          await met[own === 0 ? 1 : 0].promise;
          await tx.query('UPDATE note SET n = n + 1 WHERE text = $1', [second]);
        },
        { retry: true },
      );
    await Promise.all([crossing(0, 'a', 'b'), crossing(1, 'b', 'a')]);
    // One of the two runs again; when it is quicker than the other wakes up, they cross once more.
    expect(runs).toBeGreaterThanOrEqual(3);
    const counts = await owner.query<{ n: number }>("SELECT n FROM note WHERE tenant_id = 'lock'");
    expect(counts.rows.map((row) => row.n)).toEqual([2, 2]);
  });

  it('gives a serialization failure to the caller unless retry was asked for, and stops after 5 runs', async () => {
    const fail = async (retry: boolean): Promise<number> => {
      let runs = 0;
      const failing = inTransaction(
        database.pools.app,
        async (tx) => {
          runs++;
          await tx.query("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
        },
        { retry },
      );
      await expect(failing).rejects.toThrow('again');
      return runs;
    };
    expect(await fail(false)).toBe(1);
    expect(await fail(true)).toBe(5);
  });

  it('keeps the order of statements that travel together', async () => {
    const texts = await inTenant(database.pools.app, 'order', async (tx) => {
      const said = [1, 2, 3, 4].map((n) =>
        tx.query('INSERT INTO note (tenant_id, text, n) VALUES ($1, $2, (SELECT count(*) FROM note))', [
          'order',
          `${n}`,
        ]),
      );
      const told = tx.query<{ text: string }>('SELECT text FROM note ORDER BY n');
      await Promise.all(said);
      const answer = await told;
      return answer.rows.map(({ text }) => text);
    });
    expect(texts).toEqual(['1', '2', '3', '4']);
  });

  it('takes back all that travelled together when one of it failed', async () => {
    const failing = inTenant(database.pools.app, 'one', (tx) =>
      Promise.all([
        tx.query('UPDATE note SET n = 9 WHERE text = $1', ['first']),
        tx.query('SELECT 1/0'),
        tx.query('UPDATE note SET n = 8 WHERE text = $1', ['first']),
      ]),
    );
    await expect(failing).rejects.toThrow('division by zero');
    const { rows } = await owner.query("SELECT n FROM note WHERE text = 'first'");
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('lets nothing be said after its end, by what was still under way when something failed', async () => {
    const failed = Promise.withResolvers<void>();
    let late: Promise<unknown> = Promise.resolve();
    const failing = inTenant(database.pools.app, 'one', (tx) => {
      late = failed.promise.then(() => tx.query('UPDATE note SET n = 7 WHERE text = $1', ['first']));
      return Promise.all([tx.query('SELECT 1/0'), late]);
    });
    await expect(failing).rejects.toThrow('division by zero');
    failed.resolve();
    await expect(late).rejects.toThrow('over');
  });

  it('runs again when the answer of another statement tells first that it was aborted', async () => {
    let runs = 0;
    const answer = await inTenant(
      database.pools.app,
      'one',
      async (tx) => {
        runs++;
        if (runs > 1) return 'done';
        const conflict = tx.query("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$");
        conflict.catch(() => {});
        await tx.query('SELECT 1');
        return 'not reached';
      },
      { retry: true },
    );
    expect([answer, runs]).toEqual(['done', 2]);
  });

  it('survives the loss of its connection and gives the pool a fresh one', async () => {
    const cut = inTransaction(database.pools.app, async (tx) => {
      const own = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await owner.query('SELECT pg_terminate_backend($1)', [own.rows[0]?.pid]);
      await tx.query('SELECT 1');
    });
    await expect(cut).rejects.toThrow();
    expect(await inTenant(database.pools.app, 'one', texts)).toEqual(['first']);
  });
});
