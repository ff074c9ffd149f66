import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Builds the web app when it is missing or older than its sources: a clone needs no build step by hand. */
export async function builtWeb(root: string, say: (text: string) => void): Promise<void> {
  const built = join(root, 'web', 'dist', 'index.html');
  const builtAt = existsSync(built) ? statSync(built).mtimeMs : 0;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  if (builtAt > (await newest(join(root, 'web'))) || !existsSync(vite)) return;
  say('Building the web app ...');
  await new Promise<void>((done, fail) => {
    const child = spawn(process.execPath, [vite, 'build', join(root, 'web'), '--logLevel', 'warn'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.on('error', fail);
    child.on('exit', (code) =>
      code === 0 ? done() : fail(new Error(`the web app could not be built (vite ended with ${code})`)),
    );
  });
}

async function newest(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    (entry) => entry.isFile() && !join(entry.parentPath, entry.name).includes(`${join('web', 'dist')}`),
  );
  return files.reduce(
    (latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs),
    0,
  );
}
