import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const fileIn = (dataDir: string) => join(dataDir, 'served-at');

/**
 * Remembers where the web app was last served, for links that are printed by another process. Behind a proxy
 * people use an address that we do not know, so nothing is kept then.
 */
export async function rememberServedAt(
  dataDir: string,
  { url, host, https }: { readonly url: string; readonly host: string; readonly https: boolean },
): Promise<void> {
  if (https || !isLoopback(host)) await rm(fileIn(dataDir), { force: true });
  else await writeFile(fileIn(dataDir), `${url}\n`);
}

/** The address of the web app on this machine, if it was served from this data folder without a proxy. */
export async function servedAt(dataDir: string): Promise<string | null> {
  try {
    return (await readFile(fileIn(dataDir), 'utf8')).trim() || null;
  } catch {
    return null;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
