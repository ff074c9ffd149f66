import { createServer } from 'node:net';
import pg from 'pg';
import type { Engine } from '../../src/engine/engine.ts';
import { serviceOf } from '../../src/engine/service.ts';
import { openPools, type Pools } from '../../src/store/database/pools.ts';
import { openTestEngine } from '../scenarios/test-engine.ts';
import { ATTACK_SECRET, type AttackedDatabase, type Cluster } from './cluster.ts';
import { drawFrom } from './draw.ts';
import type { AttackedErp } from './erp.ts';
import { businessOneUnderAttack } from './erp-business-one.ts';
import { ledgerlineUnderAttack } from './erp-ledgerline.ts';
import { type Looks, moveIn } from './move-in.ts';
import { type Attacked, startAttacked } from './processes.ts';
import type { Simulators } from './simulators.ts';
import { OURS, type Party, THEIRS } from './tenants.ts';
import type { Witness } from './witness.ts';

/** A database, a tenant with its connections, and the people who decide; what is attacked comes beside it. */
export type World = Tenancy & {
  readonly cluster: Cluster;
  readonly database: AttackedDatabase;
  readonly service: ReturnType<typeof serviceOf>;
  readonly pools: Pools;
  /** The other tenant in the same database, by whose eyes this one is the other. */
  readonly neighbour: World;
  /** Where the attacked service listens for webhooks, in every one of its lives. */
  readonly servicePort: number;
  readonly start: (as: 'worker' | 'service', process?: Attacked) => Promise<Attacked>;
  /** What all processes of the product wrote into their logs. */
  readonly logged: () => readonly string[];
  /** Reads as the owner, past the proxy: what is judged is not disturbed. */
  readonly read: <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]>;
  readonly stop: () => Promise<void>;
};

/** What a tenant has of its own. */
type Tenancy = {
  readonly party: Party;
  readonly simulators: Simulators;
  readonly erp: AttackedErp;
  readonly witness: Witness;
  readonly looks: Looks;
};

export async function startWorld(
  cluster: Cluster,
  simulators: Simulators,
  { onSmallDisk, seed }: { readonly onSmallDisk: boolean; readonly seed: number },
): Promise<World> {
  const { erp, theirs } = erpsOf(simulators, seed);
  const isOurs = erp.simulator === simulators.businessOne;
  await simulators.startAnew({
    businessOne: isOurs ? OURS : THEIRS,
    ledgerline: isOurs ? THEIRS : OURS,
  });
  await theirs.drawSettings(drawFrom(seed));
  const database = await cluster.createDatabase({ onSmallDisk });
  const servicePort = await freePort();
  const pools = openPools(database.url, ATTACK_SECRET, { sizes: { app: 4, dispatch: 2, door: 2 } });
  const engine = openTestEngine(pools);
  const ours = await moveIn(engine, { party: OURS, procore: simulators.procore, erp, servicePort });
  const procore = simulators.neighbours;
  const other = await moveIn(engine, { party: THEIRS, procore, erp: theirs, servicePort });
  const processes: Attacked[] = [];
  const { read, end } = ownerOf(database);
  const shared = {
    cluster,
    database,
    service: serviceOf(engine, []),
    pools,
    servicePort,
    read,
    logged: () => processes.flatMap((each) => each.logged()),
    async start(as: 'worker' | 'service', process = startAttacked()) {
      processes.push(process);
      const { isUnique } = erp;
      const port = as === 'service' ? { port: servicePort } : {};
      await process.begin({ as, url: database.url, isUnique, ...port });
      return process;
    },
    async stop() {
      for (const each of processes) each.signal('SIGKILL');
      await Promise.all(processes.map(({ ended }) => ended));
      await closeEngine(engine);
      await end();
      await database.drop();
    },
  };
  const noContracts = { next: () => null };
  const world: World = {
    ...shared,
    ...ours,
    simulators,
    get neighbour() {
      return neighbour;
    },
  };
  const neighbour: World = {
    ...shared,
    ...other,
    simulators: { ...simulators, procore, neighbours: simulators.procore, ownerContracts: noContracts },
    neighbour: world,
  };
  return world;
}

/** The owner of a database, wherever it is by now: its port changes at a restart. */
function ownerOf({ directUrl }: AttackedDatabase): { read: World['read']; end: () => Promise<void> } {
  let reader: pg.Pool | null = null;
  let readFrom = '';
  return {
    async read<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
      if (readFrom !== directUrl()) {
        await reader?.end().catch(() => undefined);
        readFrom = directUrl();
        reader = new pg.Pool({ connectionString: readFrom, max: 3 });
        reader.on('error', () => undefined);
      }
      return (await reader!.query<Row>(text, values)).rows;
    },
    end: async () => reader?.end(),
  };
}

/**
 * Which ERP a world has, and the other one for the other tenant. Drawn beside everything else, so that a seed means
 * the same plan for all of them.
 */
function erpsOf({ businessOne, ledgerline }: Simulators, seed: number) {
  const draw = drawFrom(seed * 31 + 7);
  const isLedgerline = draw.chance(1 / 3);
  const isUnique = draw.chance(0.5);
  const one = businessOneUnderAttack(businessOne, isUnique);
  const other = ledgerlineUnderAttack(ledgerline, isUnique);
  return isLedgerline ? { erp: other, theirs: one } : { erp: one, theirs: other };
}

async function closeEngine({ systems, pools }: Engine): Promise<void> {
  await systems.close();
  await pools.close();
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
