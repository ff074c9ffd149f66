import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { ZodError } from 'zod';
import type { Connector } from './connectors/connector.ts';
import { connectorOf, connectors } from './connectors/registry.ts';
import { startWorker } from './engine/dispatch/dispatch.ts';
import type { Engine, Pace } from './engine/engine.ts';
import { serviceOf } from './engine/service.ts';
import type { Connectable, SystemForm } from './engine/set-up/connection.ts';
import { type OpenSystem, openSystems } from './engine/systems.ts';
import { type Anchors, startAnchoring } from './engine/watch/anchor.ts';
import { openAnchors } from './engine/watch/anchor-place.ts';
import { startSweeps } from './engine/watch/sweep.ts';
import { buildServer } from './http/server.ts';
import type { Clock } from './lib/clock.ts';
import { openDoor } from './lib/door.ts';
import type { FailPoint } from './lib/fail-point.ts';
import { formFields } from './lib/form-fields.ts';
import type { Log } from './lib/log.ts';
import { type MailOptions, openMail } from './lib/mail.ts';
import { procore, windowsByAccount } from './procore/index.ts';
import { migrate } from './store/database/migrate.ts';
import { openPools, type Pools } from './store/database/pools.ts';
import { inTenant } from './store/database/transaction.ts';
import { ClusterInUse } from './store/embedded/cluster-lock.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './store/embedded/embedded-postgres.ts';
import { runningPostgres } from './store/embedded/running-postgres.ts';
import { openVault, type Vault } from './store/people/secrets.ts';
import { listConnections } from './store/settings/connection.ts';

const root = resolve(import.meta.dirname, '..');

export type HouseOptions = {
  /** A PostgreSQL of one's own; without it the embedded one runs in `dataDir`. */
  readonly databaseUrl?: string;
  readonly dataDir: string;
  /** Beside a running service: uses its embedded database instead of refusing to start a second one. */
  readonly join?: boolean;
  /** Takes the database as it stands: nothing is migrated, and nothing can be written to it. */
  readonly asItStands?: boolean;
  /** Starts from an empty database of its own: for the demo, whose simulators forget everything as well. */
  readonly fresh?: boolean;
  readonly secretKey?: string;
  readonly anchors?: AnchorOptions;
  /** Without it nobody is told anything by mail. */
  readonly mail?: MailOptions;
  readonly clock: Clock;
  readonly log: Log;
  readonly pace: Pace;
  readonly failPoint: FailPoint;
};

/** Where anchors of the audit chain go; what is left out stands in `dataDir`. */
export type AnchorOptions = {
  readonly folder?: string;
  /** Private Ed25519 key as PEM. */
  readonly keyFile?: string;
  /** Public keys of earlier times as PEM. */
  readonly trustFile?: string;
};

/** Everything that stands once the process runs: database, pools, open systems, the engine on top of them. */
export type House = {
  readonly engine: Engine;
  readonly pools: Pools;
  readonly vault: Vault;
  readonly close: () => Promise<void>;
};

export async function openHouse(options: HouseOptions): Promise<House> {
  const { log, clock } = options;
  await mkdir(options.dataDir, { recursive: true });
  const secretKey = options.secretKey ?? (await keptSecret(join(options.dataDir, 'secret-key')));
  // A database that starts empty each time has no past to be held to.
  const anchors = options.fresh ? null : await anchorsOf(options);
  const embedded = options.databaseUrl === undefined ? await embeddedServer(options) : null;
  const ownerUrl =
    options.databaseUrl ?? (options.fresh ? await freshDatabase(embedded!.ownerUrl) : embedded!.ownerUrl);
  const vault = openVault(secretKey);
  try {
    if (!options.asItStands)
      await migrate(ownerUrl, { migrationsDir: join(root, 'migrations'), secret: secretKey });
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
  const pools = openPools(ownerUrl, secretKey, {
    readOnly: options.asItStands === true,
    onConnectionLost: (role, error) => log.warn({ role, err: error }, 'a database connection broke'),
  });
  const systems = openSystems(pools, openSystem(vault, clock), clock.now);
  const engine: Engine = {
    pools,
    systems,
    clock,
    newId: randomUUID,
    random: Math.random,
    log,
    pace: options.pace,
    failPoint: options.failPoint,
    ...(anchors === null ? {} : { anchors }),
    ...(options.mail === undefined ? {} : { mail: openMail(options.mail) }),
  };
  return {
    engine,
    pools,
    vault,
    async close() {
      await systems.close();
      await pools.close();
      await embedded?.stop();
    },
  };
}

function anchorsOf({ dataDir, anchors: given = {} }: HouseOptions): Promise<Anchors> {
  return openAnchors({
    ...given,
    folder: given.folder ?? join(dataDir, 'anchors'),
    keyFile: given.keyFile ?? join(dataDir, 'anchor-key'),
  });
}

async function embeddedServer({
  dataDir,
  join: mayJoin,
  log,
}: HouseOptions): Promise<Pick<EmbeddedPostgres, 'ownerUrl' | 'stop'>> {
  const folder = join(dataDir, 'postgres');
  try {
    return await startEmbeddedPostgres({ dataDir: folder, log: (line) => log.debug(line) });
  } catch (error) {
    if (mayJoin !== true || !(error instanceof ClusterInUse)) throw error;
    const ownerUrl = await runningPostgres(folder);
    if (ownerUrl === null) throw error;
    return { ownerUrl, stop: async () => {} };
  }
}

const DEMO_DATABASE = 'tiebeam_demo';

async function freshDatabase(serverUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`drop database if exists ${DEMO_DATABASE} with (force)`);
    await client.query(`create database ${DEMO_DATABASE}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${DEMO_DATABASE}`;
  return url.href;
}

/** The key that seals credentials: generated once, readable by its owner only. */
async function keptSecret(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    const secret = randomBytes(32).toString('base64url');
    await writeFile(file, `${secret}\n`, { mode: 0o600, flag: 'wx' });
    return secret;
  }
}

/** How a stored connection becomes a live one: the only place that knows Procore from the ERPs. */
export function openSystem(vault: Vault, clock: Clock): OpenSystem {
  const windowOf = windowsByAccount(clock);
  return (tenant, stored, writesAllowed) => {
    const config: unknown = { ...stored.config, ...vault.open(tenant, stored.id, stored.secrets) };
    const { now, sleep } = clock;
    if (stored.system === procore.id) {
      const parsed = procore.config.parse(config);
      const door = openDoor({ ...procore.doorOptions(parsed), writesAllowed });
      const authDoor = openDoor({ ...procore.authDoorOptions(parsed), writesAllowed: () => false });
      const window = windowOf(stored.account, parsed.maxInFlight);
      const hub = procore.connect(parsed, { door, authDoor, now, sleep, random: Math.random, window });
      const closed = async () => {
        await hub.close();
        await Promise.all([door.close(), authDoor.close()]);
      };
      return {
        inFlight: parsed.maxInFlight,
        settle: procore.settle(parsed),
        updateStrategy: procore.updateStrategy,
        constraints: procore.constraints,
        hub,
        connection: { ...hub, close: closed },
        deepLink: (object, id) => procore.deepLink?.(parsed, object, id) ?? null,
      };
    }
    const connector = connectorOf(stored.system);
    if (connector === undefined) throw new Error(`no connector named ${stored.system}`);
    const door = openDoor({ ...connector.doorOptions(config), writesAllowed });
    const connection = connector.connect(config, { door, now, sleep });
    const rate = connector.rate(config);
    return {
      inFlight: rate.kind === 'queue' ? 1 : rate.inFlight,
      settle: connector.settle(config),
      settleBySeen: (seen) => connector.settle(config, seen),
      updateStrategy: connector.updateStrategy,
      constraints: connector.constraints,
      hub: null,
      connection: {
        ...connection,
        async close() {
          await connection.close();
          await door.close();
        },
      },
      deepLink: (object, id) => connector.deepLink?.(config, object, id) ?? null,
    };
  };
}

/** The account and the split of a configuration into what may be shown and what is sealed. */
export function describeConnection(
  system: string,
  config: unknown,
): { account: string; config: Record<string, unknown>; secrets: Record<string, string> } {
  const connector = system === procore.id ? procore : connectorOf(system);
  if (connector === undefined)
    throw new Error(`there is no system "${system}"; known are procore and the folders of src/connectors`);
  const parsed = connector.config.parse(config) as Record<string, unknown>;
  const secrets = Object.fromEntries(connector.secrets.map((name) => [name, String(parsed[name] ?? '')]));
  const shown = Object.fromEntries(
    Object.entries(parsed).filter(([name]) => !connector.secrets.includes(name)),
  );
  return {
    account: `${system} ${(connector.account as (config: unknown) => string)(parsed)}`,
    config: shown,
    secrets,
  };
}

/** The form of every system that can be connected. */
export function systemForms(): SystemForm[] {
  const formOf = (
    system: Pick<Connector, 'id' | 'title' | 'config' | 'secrets'>,
    side: 'procore' | 'erp',
  ) => {
    const { id, title, config, secrets } = system;
    return { id, title, side, fields: formFields(config, secrets) };
  };
  return [formOf(procore, 'procore'), ...connectors.map((each) => formOf(each, 'erp'))];
}

/** Forms and readings of every system that can be connected from the web app. */
export function connectable(vault: Vault): Connectable {
  return {
    systems: systemForms(),
    vault,
    describe(system, config) {
      try {
        return describeConnection(system, config);
      } catch (error) {
        if (!(error instanceof ZodError)) throw error;
        return { faults: error.issues.map(({ path, message }) => ({ field: path.join('.'), message })) };
      }
    },
  };
}

export type ServeOptions = {
  readonly host: string;
  readonly port: number;
  readonly https: boolean;
  /** Systems that are simulated: named on every page, so that nobody takes demo money for real. */
  readonly simulated: readonly string[];
  readonly roles: readonly ('web' | 'worker')[];
  /** How often the audit chain is anchored while it moves. */
  readonly anchorEveryMs?: number;
};

// What was written since the last anchor could still be rewritten without a trace.
const ANCHOR_EVERY_MS = 300_000;

export type Serving = { readonly url: string; readonly stop: () => Promise<void> };

/** Serves the house: web and API, and the workers that carry documents. */
export async function serve(house: House, options: ServeOptions): Promise<Serving> {
  const { engine, pools } = house;
  const deps = {
    ...serviceOf(engine, options.simulated, connectable(house.vault), process.env),
    pools,
    clock: engine.clock,
    randomBytes,
    log: engine.log,
    fingerprint: house.vault.fingerprint,
  };
  const server = options.roles.includes('web')
    ? await buildServer(deps, { https: options.https, webRoot: join(root, 'web/dist') })
    : null;
  await server?.listen({ host: options.host, port: options.port });
  const address = server?.server.address() ?? null;
  const worker = options.roles.includes('worker')
    ? startWorker(engine, { owner: `${process.pid}-${randomUUID()}` })
    : null;
  if (worker !== null) await startAllSweeps(engine);
  const anchoring =
    worker !== null && engine.anchors !== undefined
      ? startAnchoring(engine, engine.anchors, options.anchorEveryMs ?? ANCHOR_EVERY_MS)
      : null;
  return {
    url: address === null || typeof address === 'string' ? '' : `http://${options.host}:${address.port}`,
    async stop() {
      await server?.close();
      await worker?.stop();
      // What the last work left in the chain is anchored as well.
      await anchoring?.stop();
    },
  };
}

/** Starts the regular looks of every tenant; doing it again after a restart is harmless. */
export async function startAllSweeps(engine: Engine): Promise<void> {
  for (const tenant of await engine.systems.tenants()) {
    const connections = await inTenant(engine.pools.app, tenant, listConnections);
    await startSweeps(
      engine,
      tenant,
      connections.map(({ id }) => id),
    );
  }
}
