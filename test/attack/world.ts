import { createServer } from 'node:net';
import pg from 'pg';
import { z } from 'zod';
import { procoreTruth } from '../../src/demo/truth.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { serviceOf } from '../../src/engine/service.ts';
import { addHook } from '../../src/engine/set-up/tenant.ts';
import { startSweeps } from '../../src/engine/watch/sweep.ts';
import { parseJson } from '../../src/lib/decimal-json.ts';
import { openPools, type Pools } from '../../src/store/pools.ts';
import { COMPANY, OTHER_PROJECT, PROJECT, people } from '../scenarios/seeds.ts';
import { setUpTenant } from '../scenarios/set-up-tenant.ts';
import { openTestEngine } from '../scenarios/test-engine.ts';
import { ATTACK_SECRET, type AttackedDatabase, type Cluster } from './cluster.ts';
import { drawFrom } from './draw.ts';
import { type AttackedErp, RETAINAGE } from './erp.ts';
import { businessOneUnderAttack } from './erp-business-one.ts';
import { ledgerlineUnderAttack } from './erp-ledgerline.ts';
import { patiently } from './patience.ts';
import { type Attacked, startAttacked } from './processes.ts';
import { sharedLook } from './shared-look.ts';
import { REQUEST_LIFE_MS, type Simulator, type Simulators } from './simulators.ts';
import { Witness } from './witness.ts';

export const TENANT = 'harbor';
export const HOOK_SECRET = 'hook-secret';
// People look again after about as long.
const LOOK_EVERY_MS = 400;

/** A database, a tenant with its connections, and the people who decide; what is attacked comes beside it. */
export type World = {
  readonly cluster: Cluster;
  readonly simulators: Simulators;
  readonly erp: AttackedErp;
  readonly database: AttackedDatabase;
  readonly service: ReturnType<typeof serviceOf>;
  readonly pools: Pools;
  readonly witness: Witness;
  /** The systems as people see them who wait for something: one look serves all. */
  readonly looks: {
    readonly procore: () => Promise<ReturnType<typeof procoreTruth> & { openRequests: readonly string[] }>;
    readonly erp: AttackedErp['books'];
  };
  /** Where the attacked service listens for webhooks, in every one of its lives. */
  readonly servicePort: number;
  readonly start: (as: 'worker' | 'service', process?: Attacked) => Promise<Attacked>;
  /** Reads as the owner, past the proxy: what is judged is not disturbed. */
  readonly read: <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]>;
  readonly stop: () => Promise<void>;
};

export async function startWorld(
  cluster: Cluster,
  simulators: Simulators,
  { onSmallDisk, seed }: { readonly onSmallDisk: boolean; readonly seed: number },
): Promise<World> {
  await simulators.startAnew();
  const database = await cluster.createDatabase({ onSmallDisk });
  const servicePort = await freePort();
  const pools = openPools(database.url, ATTACK_SECRET, { sizes: { app: 4, dispatch: 2, door: 2 } });
  const engine = openTestEngine(pools);
  const service = serviceOf(engine, []);
  const erp = erpOf(simulators, seed);
  await setUpTenant(engine, TENANT, {
    users: Object.values(people),
    procoreUrl: simulators.procore.url,
    procoreApiUrl: simulators.procore.url,
    companyId: COMPANY,
    lifeMs: REQUEST_LIFE_MS,
    erp: erp.connection,
    phase: 'one-way',
  });
  await addHook(engine, TENANT, {
    id: 'hook-1',
    connection: 'procore',
    secret: HOOK_SECRET,
    companyId: String(COMPANY),
  });
  await subscribe(simulators.procore, `http://127.0.0.1:${servicePort}/webhooks/procore/hook-1`);
  await startSweeps(engine, TENANT, ['procore', erp.connection.id]);
  const processes: Attacked[] = [];
  let reader: pg.Pool | null = null;
  let readFrom = '';
  const read = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> => {
    if (readFrom !== database.directUrl()) {
      await reader?.end().catch(() => undefined);
      readFrom = database.directUrl();
      reader = new pg.Pool({ connectionString: readFrom, max: 3 });
      reader.on('error', () => undefined);
    }
    return (await reader!.query<Row>(text, values)).rows;
  };
  const world: World = {
    cluster,
    simulators,
    erp,
    database,
    service,
    pools,
    witness: new Witness(),
    looks: {
      procore: sharedLook(async () => {
        const truth = parseJson(await simulators.procore.truth());
        return { ...procoreTruth(truth), openRequests: openRequests(truth) };
      }, LOOK_EVERY_MS),
      erp: sharedLook(erp.books, LOOK_EVERY_MS),
    },
    servicePort,
    read,
    async start(as, process = startAttacked()) {
      processes.push(process);
      await process.begin({
        as,
        url: database.url,
        isUnique: erp.isUnique,
        ...(as === 'service' ? { port: servicePort } : {}),
      });
      return process;
    },
    async stop() {
      for (const each of processes) each.signal('SIGKILL');
      await Promise.all(processes.map(({ ended }) => ended));
      await closeEngine(engine);
      await reader?.end();
      await database.drop();
    },
  };
  return world;
}

const requests = z.object({
  erp_request_details: z.array(z.object({ erp_request_id: z.string(), status: z.string() })),
});

/** Whatever they are about. */
function openRequests(truth: unknown): string[] {
  const { erp_request_details: details } = requests.parse(truth);
  return details.flatMap(({ erp_request_id: id, status }) => (status === 'in_progress' ? [id] : []));
}

/** Which ERP a world has. Drawn beside everything else, so that a seed means the same plan for all of them. */
function erpOf({ businessOne, ledgerline }: Simulators, seed: number): AttackedErp {
  const draw = drawFrom(seed * 31 + 7);
  const isLedgerline = draw.chance(1 / 3);
  const isUnique = draw.chance(0.5);
  return isLedgerline
    ? ledgerlineUnderAttack(ledgerline, isUnique)
    : businessOneUnderAttack(businessOne, isUnique);
}

async function closeEngine({ systems, pools }: Engine): Promise<void> {
  await systems.close();
  await pools.close();
}

/** Maps what the seeded commitments need; one account is one that the ERP refuses when an order names it. */
export async function addMappings({ service, erp }: World): Promise<void> {
  const rows = [
    ['project', String(PROJECT), 'JOB-4'],
    ['project', String(OTHER_PROJECT), 'JOB-5'],
    ['cost', '05-100|S', '5200'],
    ['cost', '03-100|S', '5100'],
    ['cost', '08-100|S', '5300'],
    ['retainage', '', RETAINAGE.payable],
    ['retainage-receivable', '', RETAINAGE.receivable],
    ['revenue', '', '4000'],
  ] as const;
  for (const [kind, key, code] of rows) {
    const value = { kind: kind === 'project' ? 'project' : 'account', code } as const;
    // A code can be named as soon as the masters of the ERP are read.
    await patiently(`${kind} ${code} is known`, 30_000, async () => {
      const mapping = { kind, scope: '', key, value } as const;
      const done = await service.setMapping({ tenant: TENANT, user: people.accountant, mapping });
      if (!done.ok && done.status !== 422) throw new Error(done.detail);
      return done.ok;
    });
  }
  await erp.closeOverhead();
}

/** The subscription that a customer makes in Procore, to the address at which the attacked service listens. */
async function subscribe(procore: Simulator, destination_url: string): Promise<void> {
  const call = async (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${procore.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  const login = { grant_type: 'client_credentials', client_id: 'tiebeam', client_secret: 'secret' };
  const { access_token } = await call('/oauth/token', login);
  const identity = { authorization: `Bearer ${access_token}`, 'procore-company-id': String(COMPANY) };
  const hooks = '/rest/v1.0/webhooks/hooks';
  const hook = await call(
    hooks,
    {
      company_id: COMPANY,
      hook: {
        api_version: 'v2',
        namespace: 'tiebeam',
        destination_url,
        destination_headers: { Authorization: `Bearer ${HOOK_SECRET}` },
      },
    },
    identity,
  );
  for (const [resource_name, event_type] of [
    ['ERP Requests', 'create'],
    ['Work Order Contracts', 'update'],
    ['Company Vendors', 'update'],
  ]) {
    const trigger = { resource_name, event_type };
    await call(`${hooks}/${hook.id}/triggers`, { company_id: COMPANY, api_version: 'v2', trigger }, identity);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
