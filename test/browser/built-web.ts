import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { builtWeb } from '../../src/demo/commands/built-web.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const BUILD_LIMIT_MS = 90_000;
const LOOK_AGAIN_MS = 100;

/**
 * The folder of the web app as its sources are now, built only when they changed. Test files run side by side,
 * so one of them builds while the others wait.
 */
export async function buildWeb(say: (text: string) => void = () => undefined): Promise<string> {
  const lock = join(
    tmpdir(),
    `tiebeam-web-build-${createHash('sha256').update(ROOT).digest('hex').slice(0, 12)}`,
  );
  const until = Date.now() + BUILD_LIMIT_MS;
  while (!(await taken(lock))) {
    if (Date.now() > until) throw new Error(`another build of the web app has held ${lock} for too long`);
    await wait(LOOK_AGAIN_MS);
  }
  // Vitest says NODE_ENV=test, which would bundle React's slow half.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await builtWeb(ROOT, say);
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
    await rm(lock, { recursive: true, force: true });
  }
  return join(ROOT, 'web/dist');
}

async function taken(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    // A killed run leaves its lock behind; no build takes this long.
    const found = await stat(lock).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > BUILD_LIMIT_MS / 2)
      await rm(lock, { recursive: true, force: true });
    return false;
  }
}
