import pg from 'pg';
import type { World } from './world.ts';

export type Backup = { readonly restore: () => Promise<void> };

/**
 * A backup of the world's database and the way back to it, as an operator has them: every row of every table and the
 * sequences, nothing of what came later. No worker may run at either moment.
 */
export async function backUp(world: World): Promise<Backup> {
  const tables = await asOwner(world, async (owner) => {
    const { rows } = await owner.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
         and relname <> 'schema_version' order by relname`,
    );
    await owner.query('create schema backup');
    for (const { name } of rows) await owner.query(`create table backup.${name} as table public.${name}`);
    await owner.query(
      'create table backup.sequences as select schemaname, sequencename, last_value from pg_sequences',
    );
    return rows.map(({ name }) => name);
  });
  return {
    restore: () =>
      asOwner(world, async (owner) => {
        // No trigger and no foreign key has a say: this is what the disk once held.
        await owner.query('begin');
        await owner.query("set local session_replication_role = 'replica'");
        await owner.query(`truncate ${tables.map((name) => `public.${name}`).join(', ')}`);
        for (const name of tables)
          await owner.query(`insert into public.${name} overriding system value table backup.${name}`);
        await owner.query(
          `select setval(format('%I.%I', schemaname, sequencename), greatest(last_value, 1), last_value is not null)
           from backup.sequences where schemaname = 'public'`,
        );
        await owner.query('commit');
      }),
  };
}

async function asOwner<T>(world: World, work: (owner: pg.Client) => Promise<T>): Promise<T> {
  const owner = new pg.Client({ connectionString: world.db.ownerUrl });
  await owner.connect();
  try {
    return await work(owner);
  } finally {
    await owner.end();
  }
}
