import pg from 'pg';
import { type MigrationFile, readMigrations } from './migration-files.ts';
import { setRolePasswords } from './set-role-passwords.ts';

export interface MigrateOptions {
  migrationsDir: string;
  secret: string;
}

const OLDEST_SERVER = 150_000;
// Any number will do as long as every Tiebeam uses the same.
const LOCK_KEY = 7_237_331_101;

/** Brings the database to the newest schema and sets the role passwords; returns the version. */
export async function migrate(ownerUrl: string, options: MigrateOptions): Promise<number> {
  const files = await readMigrations(options.migrationsDir);
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'tiebeam migrate' });
  await owner.connect();
  try {
    await requireServer(owner);
    // A second process waits here while the first migrates; it also bounds the wait.
    await owner.query("SET lock_timeout = '300s'");
    await owner.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    const applied = await appliedMigrations(owner);
    requireKnown(applied, files);
    for (const file of files.slice(applied.length)) await apply(owner, file);
    await setRolePasswords(owner, ownerUrl, options.secret);
    return files.length;
  } finally {
    await owner.end();
  }
}

/** The schema version a service finds, for refusing to run on one outside its range. */
export async function schemaVersion(db: Pick<pg.ClientBase, 'query'>): Promise<number> {
  const found = await db.query<{ version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM schema_version',
  );
  return found.rows[0]?.version ?? 0;
}

interface Applied {
  version: number;
  name: string;
  sha256: string;
}

async function requireServer(owner: pg.Client): Promise<void> {
  const found = await owner.query<{ number: number; text: string }>(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS text`,
  );
  const server = found.rows[0];
  if (server === undefined || server.number < OLDEST_SERVER) {
    throw new Error(`Tiebeam needs PostgreSQL 15 or newer; this server is ${server?.text ?? 'unknown'}.`);
  }
}

async function appliedMigrations(owner: pg.Client): Promise<Applied[]> {
  await owner.query(`CREATE TABLE IF NOT EXISTS schema_version (
    version integer PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`);
  return (await owner.query<Applied>('SELECT version, name, sha256 FROM schema_version ORDER BY version'))
    .rows;
}

function requireKnown(applied: Applied[], files: MigrationFile[]): void {
  if (applied.length > files.length) {
    throw new Error(
      `The database has schema version ${applied.length}, this Tiebeam knows only up to ${files.length}. ` +
        'Start the newer Tiebeam that migrated it, or restore a backup made before the upgrade.',
    );
  }
  for (const [index, row] of applied.entries()) {
    const file = files[index];
    if (file !== undefined && row.version === file.version && row.sha256 === file.sha256) continue;
    throw new Error(
      `Migration ${row.name} was changed after this database applied it. Put the file back and write a new ` +
        'migration instead (while developing: remove the data folder).',
    );
  }
}

async function apply(owner: pg.Client, file: MigrationFile): Promise<void> {
  await owner.query('BEGIN');
  try {
    // A lock on a busy table is given up before the queue behind it stops the running service.
    await owner.query("SET LOCAL lock_timeout = '10s'");
    // The first file makes the owner role; objects of all later ones belong to it, no superuser.
    if (file.version > 1) await owner.query('SET LOCAL ROLE tiebeam_owner');
    await owner.query(file.sql);
    await owner.query('RESET ROLE');
    await owner.query('INSERT INTO schema_version (version, name, sha256) VALUES ($1, $2, $3)', [
      file.version,
      file.name,
      file.sha256,
    ]);
    await owner.query('COMMIT');
  } catch (error) {
    await owner.query('ROLLBACK').catch(() => undefined);
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Migration ${file.name} failed and left nothing behind: ${why}`, { cause: error });
  }
}
