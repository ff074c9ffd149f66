import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface MigrationFile {
  version: number;
  name: string;
  sql: string;
  sha256: string;
}

/** Reads 0001-name.sql, 0002-name.sql, ... and refuses gaps and doubles, which merges produce. */
export async function readMigrations(migrationsDir: string): Promise<MigrationFile[]> {
  const names = (await readdir(migrationsDir)).filter((name) => name.endsWith('.sql')).sort();
  const files: MigrationFile[] = [];
  for (const name of names) {
    const version = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1]);
    if (version !== files.length + 1) {
      const expected = String(files.length + 1).padStart(4, '0');
      throw new Error(
        `Migration ${name} should be ${expected}-some-name.sql: numbers run without gap or double.`,
      );
    }
    const sql = await readFile(join(migrationsDir, name), 'utf8');
    files.push({ version, name, sql, sha256: createHash('sha256').update(sql).digest('hex') });
  }
  return files;
}
