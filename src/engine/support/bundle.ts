import { type ArchivedFile, tarGz } from '../../lib/tar.ts';
import { inTenant, inTransaction, type Tx } from '../../store/database/transaction.ts';
import type { Vault } from '../../store/people/secrets.ts';
import { lastAnchorFacts, serverFacts, supportConnections } from '../../store/views/support-view.ts';
import type { Engine } from '../engine.ts';
import { checkConnection } from '../set-up/check.ts';
import type { SystemForm } from '../set-up/connection.ts';
import { verifyAnchored } from '../watch/anchor.ts';
import { type Environment, installation, processSecrets } from './installation.ts';
import { readMe } from './read-me.ts';
import { finding, tenantSections } from './tenant-sections.ts';
import { type Telling, telling } from './told.ts';
import { withoutSecrets } from './without-secrets.ts';

export type BundleWish = {
  /** Whose rows are shown; without it all of the installation. */
  readonly tenant: string | null;
  /** How far back it looks for what is over by now. */
  readonly days: number;
  readonly withNames: boolean;
  /** Figures of the running service, as it gives them to Prometheus; null where none was reached. */
  readonly metrics: string | null;
};

/** What a main knows and a bundle shows: forms that say what is a setting, and the process it runs in. */
export type Surroundings = {
  readonly systems: readonly SystemForm[];
  readonly vault: Pick<Vault, 'open'>;
  readonly environment: Environment;
};

type Content = readonly [name: string, value: unknown];

const DAY_MS = 86_400_000;
const STATEMENT_MS = 15_000;
const CHECK_MS = 30_000;
const VERIFY_MS = 60_000;
const MOST_TENANTS = 20;

/**
 * One archive for whoever helps: what runs here, how it is set, what stands in trouble and why. It reads in transactions
 * that cannot write; what cannot be read says so in its place and keeps nothing else from being shown.
 */
export async function supportBundle(engine: Engine, around: Surroundings, wish: BundleWish): Promise<Buffer> {
  const told = telling(wish.withNames);
  const database = await tried(told, () => inTransaction(engine.pools.app, (tx) => looking(tx, serverFacts)));
  const contents: Content[] = [
    ['installation', await installation(around.environment)],
    ['database', database],
    ['metrics', figures(wish.metrics)],
  ];
  if (isFailed(database))
    return archive(engine.clock.now(), contents, wish, processSecrets(around.environment));
  const secrets = [...processSecrets(around.environment)];
  const tenants = wish.tenant === null ? await engine.systems.tenants() : [wish.tenant];
  for (const [place, tenant] of tenants.slice(0, MOST_TENANTS).entries()) {
    const folder = /^[a-z0-9][a-z0-9_-]{0,40}$/i.test(tenant) ? tenant : `tenant-${place + 1}`;
    for (const [name, value] of await ofTenant(engine, around, wish, tenant))
      contents.push([`${folder}/${name}`, value]);
    secrets.push(...(await sealedSecrets(engine, around, tenant)));
  }
  if (tenants.length > MOST_TENANTS)
    contents.push([
      'tenants-left-out',
      { shown: MOST_TENANTS, of: tenants.length, remedy: 'Name one with --tenant.' },
    ]);
  return archive(engine.clock.now(), contents, wish, secrets);
}

/** What is left to say where not even the database could be opened. */
export async function bundleWithoutDatabase(
  now: Date,
  { environment }: Pick<Surroundings, 'environment'>,
  wish: BundleWish,
  error: unknown,
): Promise<Buffer> {
  const contents: Content[] = [
    ['installation', await installation(environment)],
    ['database', failed(telling(wish.withNames), error)],
    ['metrics', figures(wish.metrics)],
  ];
  return archive(now, contents, wish, processSecrets(environment));
}

async function ofTenant(
  engine: Engine,
  { systems }: Surroundings,
  wish: BundleWish,
  tenant: string,
): Promise<Content[]> {
  const told = telling(wish.withNames);
  const since = new Date(engine.clock.now().getTime() - wish.days * DAY_MS);
  const look = (read: (tx: Tx) => Promise<unknown>) =>
    tried(told, () => inTenant(engine.pools.app, tenant, (tx) => looking(tx, read)));
  const contents: Content[] = [];
  for (const [name, section] of Object.entries(tenantSections(told, { since, systems })))
    contents.push([name, await look(section)]);
  contents.push(['check', await checks(engine, told, tenant)]);
  const anchor = await look(lastAnchorFacts);
  const verified = await tried(told, () =>
    within(engine, VERIFY_MS, verifyAnchored(engine, tenant, engine.anchors ?? null)),
  );
  contents.push(['audit', { lastAnchor: anchor, verified }]);
  return contents;
}

/** Every connection is tried at once: systems that are down cost their time together and not one after the other. */
async function checks(engine: Engine, told: Telling, tenant: string): Promise<unknown> {
  return tried(told, async () => {
    const rows = await inTenant(engine.pools.app, tenant, (tx) => looking(tx, supportConnections));
    return Promise.all(
      rows.map(async ({ id }) => ({ connection: id, ...(await checked(engine, told, tenant, id)) })),
    );
  });
}

async function checked(engine: Engine, told: Telling, tenant: string, id: string): Promise<object> {
  const findings: object[] = [];
  const all = (async () => {
    for await (const each of checkConnection(engine, tenant, id)) findings.push(finding(each, told.words));
    return 'ended';
  })();
  const check = await tried(told, () => within(engine, CHECK_MS, all));
  const rateWindows = engine.systems.peek(tenant, id)?.hub?.rateWindows() ?? [];
  return { check, findings: [...findings], rateWindows };
}

async function looking<Value>(tx: Tx, read: (tx: Tx) => Promise<Value>): Promise<Value> {
  await tx.query('set transaction read only');
  await tx.query(`set local statement_timeout = ${STATEMENT_MS}`);
  return read(tx);
}

async function within<Value>(engine: Engine, ms: number, work: Promise<Value>): Promise<Value> {
  const done = new AbortController();
  const late = engine.clock.sleep(ms, done.signal).then(() => {
    throw new Error(`not finished within ${ms / 1_000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
    late.catch(() => {});
    work.catch(() => {});
  }
}

type Failed = { readonly failed: string };

async function tried<Value>(told: Telling, work: () => Promise<Value>): Promise<Value | Failed> {
  try {
    return await work();
  } catch (error) {
    return failed(told, error);
  }
}

function failed({ words }: Telling, error: unknown): Failed {
  const message = error instanceof Error ? error.message : String(error);
  // A refused connection to several addresses has its reason in its code alone.
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return { failed: words(message || code) ?? 'without a word' };
}

function isFailed(value: unknown): value is Failed {
  return typeof value === 'object' && value !== null && 'failed' in value;
}

/** Series of ours and of the process: their labels are names of routes. */
function figures(metrics: string | null): unknown {
  if (metrics === null) return { failed: 'No running service was reached on this machine.' };
  return metrics.split('\n').filter((line) => /^(tiebeam|process|nodejs)_[a-z_]+[ {]/.test(line));
}

async function sealedSecrets(engine: Engine, { vault }: Surroundings, tenant: string): Promise<string[]> {
  try {
    const rows = await inTenant(engine.pools.app, tenant, (tx) => looking(tx, supportConnections));
    return rows.flatMap(({ id, secrets }) => Object.values(vault.open(tenant, id, secrets)));
  } catch {
    // Sealed under another key: nothing here could have read them either.
    return [];
  }
}

function archive(
  now: Date,
  contents: readonly Content[],
  wish: BundleWish,
  secrets: readonly string[],
): Buffer {
  const files = contents.map(
    ([name, value]): ArchivedFile => ({ path: `${name}.json`, text: jsonOf(value) }),
  );
  const clean = withoutSecrets(files, secrets);
  const folder = 'tiebeam-support';
  const all = [{ path: 'README.txt', text: readMe(now, wish, clean) }, ...clean];
  return tarGz(
    all.map(({ path, text }) => ({ path: `${folder}/${path}`, text })),
    now,
  );
}

function jsonOf(value: unknown): string {
  const text = (_key: string, each: unknown) => (typeof each === 'bigint' ? each.toString() : each);
  return `${JSON.stringify(value, text, 2)}\n`;
}
