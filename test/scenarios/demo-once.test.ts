import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the story of the demo holds under faults, as its command judges it', { timeout: 420_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tiebeam-demo-once-'));
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [resolve(import.meta.dirname, '../../bin/tiebeam'), 'demo', '--once', '--json', '--seed', '1'],
      { env: { ...process.env, NODE_OPTIONS: '', TIEBEAM_DATA_DIR: folder }, maxBuffer: 16 * 1024 * 1024 },
    );
    expect(JSON.parse(stdout)).toMatchObject({
      duplicates: 0,
      lost: 0,
      residualMinor: '0',
      auditVerified: true,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
