import { writeFile } from 'node:fs/promises';
import { type BundleWish, bundleWithoutDatabase, supportBundle } from '../engine/support/bundle.ts';
import { systemClock } from '../lib/clock.ts';
import { openDoor } from '../lib/door.ts';
import { servedAt } from './served-at.ts';
import { type Command, exit, type House, type Shell, tenantFlag, UsageError } from './shell.ts';

const USUAL_DAYS = 7;
const MOST_DAYS = 90;
const METRICS_WITHIN_MS = 3_000;

export const supportBundleCommand: Command = {
  usage: 'tiebeam support-bundle --out FILE [--days N] [--with-names] [--tenant ID] [--json]',
  summary:
    'Put into one file what whoever helps you needs: versions, settings, checks, what stands in trouble and why. No credentials, and no names and amounts unless told otherwise. Writes nothing anywhere else.',
  flags: {
    ...tenantFlag,
    out: { type: 'string', help: 'the file to make, a tar.gz; it must not be there yet' },
    days: {
      type: 'string',
      help: `how far to look back for what is over by now (default ${USUAL_DAYS}, at most ${MOST_DAYS})`,
    },
    'with-names': { type: 'boolean', help: 'with vendors, people, amounts and whole sentences' },
  },
  async run(shell) {
    const { out } = shell.flags;
    if (typeof out !== 'string' || out === '') throw new UsageError('name the file to make with --out FILE');
    const days = Number(shell.flags.days ?? USUAL_DAYS);
    if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS)
      throw new UsageError(`--days takes a whole number from 1 to ${MOST_DAYS}`);
    const wish: BundleWish = {
      tenant: typeof shell.flags.tenant === 'string' ? shell.flags.tenant : null,
      days,
      withNames: shell.flags['with-names'] === true,
      metrics: await metricsOf(shell),
    };
    const bundle = await made(shell, wish);
    await kept(out, bundle);
    if (shell.json)
      shell.print(JSON.stringify({ file: out, bytes: bundle.length, withNames: wish.withNames }));
    else shell.print(`Made ${out} (${Math.ceil(bundle.length / 1_024)} KB). ${advice(wish)}`);
    return exit.ok;
  },
};

async function made(shell: Shell, wish: BundleWish): Promise<Buffer> {
  let house: House;
  try {
    house = await shell.open({ asItStands: true });
  } catch (error) {
    shell.say('The database cannot be opened: the bundle says so, and holds the rest.');
    return bundleWithoutDatabase(systemClock.now(), { environment: process.env }, wish, error);
  }
  try {
    const { engine, vault } = house;
    const known = await engine.systems.tenants().catch(() => null);
    if (wish.tenant !== null && known?.includes(wish.tenant) === false)
      throw new UsageError(`there is no tenant "${wish.tenant}"; known are: ${known.join(', ') || 'none'}`);
    return await supportBundle(engine, { systems: shell.systems, vault, environment: process.env }, wish);
  } finally {
    await house.close();
  }
}

async function kept(file: string, bundle: Buffer): Promise<void> {
  try {
    await writeFile(file, bundle, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new UsageError(`${file} is there already: name another file`);
  }
}

function advice({ withNames }: BundleWish): string {
  return withNames
    ? 'Vendors, people and amounts stand in it: give it only to whom you would show your books.'
    : 'Names, amounts and credentials are left out; its README.txt says what is in it. Look through it before you send it.';
}

/** Figures of the service that runs on this machine, if one does. */
async function metricsOf({ dataDir }: Shell): Promise<string | null> {
  const baseUrl = await servedAt(dataDir);
  if (baseUrl === null) return null;
  const door = openDoor({ baseUrl, readPosts: [], writesAllowed: () => false, timeoutMs: METRICS_WITHIN_MS });
  try {
    const { status, body } = await door.read({ method: 'GET', path: '/metrics' });
    return status === 200 ? body : null;
  } catch {
    return null;
  } finally {
    await door.close();
  }
}
