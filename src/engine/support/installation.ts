import { readFile } from 'node:fs/promises';
import { availableParallelism, freemem, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const PACKAGE = join(import.meta.dirname, '../../../package.json');
const Package = z.object({ version: z.string() });

/** Of these the value says nothing about anybody. Of all others only whether they are set. */
const SHOWN = ['TIEBEAM_ANCHOR_MINUTES', 'TIEBEAM_HTTPS', 'TIEBEAM_LOG', 'TIEBEAM_PORT'] as const;
const NAMED = [
  'DATABASE_URL',
  'TIEBEAM_ANCHORS',
  'TIEBEAM_ANCHOR_KEY',
  'TIEBEAM_ANCHOR_TRUST',
  'TIEBEAM_DATA_DIR',
  'TIEBEAM_MAIL_FROM',
  'TIEBEAM_SECRET_KEY',
  'TIEBEAM_SMTP_URL',
  'TIEBEAM_WEB_ADDRESS',
] as const;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Which Tiebeam runs here, on what, and by which settings of its process. */
export async function installation(environment: Environment): Promise<object> {
  const { version } = Package.parse(JSON.parse(await readFile(PACKAGE, 'utf8')));
  const shown = SHOWN.map((name) => [name, shownValue(environment[name])]);
  const named = NAMED.map((name) => [name, environment[name] ? 'set' : 'not set']);
  return {
    tiebeam: version,
    node: process.version,
    system: `${process.platform} ${process.arch} ${release()}`,
    processors: availableParallelism(),
    memory: { totalBytes: totalmem(), freeBytes: freemem(), ownBytes: process.memoryUsage().rss },
    uptimeSeconds: Math.round(process.uptime()),
    environment: Object.fromEntries([...shown, ...named]),
  };
}

/** A number or a short word: whatever else somebody put there by mistake stays here. */
function shownValue(value: string | undefined): string {
  if (value === undefined || value === '') return 'not set';
  return /^[a-z0-9]{1,12}$/.test(value) ? value : 'set to something unusual';
}

/** What of the process must not leave, whatever a server made of it in its messages. */
export function processSecrets(environment: Environment): readonly string[] {
  const passwords = [environment.DATABASE_URL, environment.TIEBEAM_SMTP_URL].flatMap((url) => {
    if (url === undefined || !URL.canParse(url)) return [];
    const { password } = new URL(url);
    return [password, decoded(password)];
  });
  return [environment.TIEBEAM_SECRET_KEY ?? '', ...passwords];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
