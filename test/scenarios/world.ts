import { randomBytes, randomUUID } from 'node:crypto';
import {
  type Truth as B1Truth,
  openControl,
} from '../../src/connectors/sap-business-one/fixtures/company.ts';
import { sapBusinessOne } from '../../src/connectors/sap-business-one/index.ts';
import { startBusinessOneSimulator } from '../../src/connectors/sap-business-one/simulator/server.ts';
import { startWorker, type Worker } from '../../src/engine/dispatch.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { serviceOf } from '../../src/engine/service.ts';
import { connect, ensureTenant, ensureUsers, setFirstPhase } from '../../src/engine/set-up.ts';
import { startSweeps } from '../../src/engine/sweep.ts';
import { openSystems } from '../../src/engine/systems.ts';
import { buildServer } from '../../src/http/server.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { type FailPoint, noFailPoint } from '../../src/lib/fail-point.ts';
import { openLog } from '../../src/lib/log.ts';
import { openSystem } from '../../src/main.ts';
import { procore } from '../../src/procore/index.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import type { ProcoreSeed } from '../../src/procore/simulator/seed.ts';
import { startProcoreSimulator } from '../../src/procore/simulator/server.ts';
import { openVault } from '../../src/store/secrets.ts';
import { createTestDatabase, type TestDatabase } from '../setup/database.ts';

export const COMPANY = 598134325841112;
export const PROJECT = 562949953500001;
export const OTHER_PROJECT = 562949953500002;
export const PETER = 562949953900001;
export const APPROVER = 562949953900002;

export const people = {
  accountant: { id: 'u-acc', email: 'ada@harbor.example', name: 'Ada', roles: ['accountant'] },
  controller: { id: 'u-con', email: 'cora@harbor.example', name: 'Cora', roles: ['controller'] },
  peter: {
    id: 'u-pm',
    email: 'peter@harbor.example',
    name: 'Peter',
    roles: ['project-manager', 'controller'],
  },
  engineer: { id: 'u-eng', email: 'eli@harbor.example', name: 'Eli', roles: ['engineer'] },
} as const;

export type WorldOptions = {
  readonly requestLifeMs?: number | null;
  readonly failPoint?: FailPoint;
  readonly webhooks?: boolean;
  readonly phase?: 'read-only' | 'one-way';
  readonly mapped?: boolean;
};

/** Both simulators, a tenant that connects them, and the service on a database of its own. */
export type World = Awaited<ReturnType<typeof startWorld>>;

export async function startWorld(options: WorldOptions = {}) {
  const db: TestDatabase = await createTestDatabase();
  const procoreSim = await startProcoreSimulator({ port: 0 });
  const b1Sim = await startBusinessOneSimulator({ port: 0 });
  const b1 = openControl(b1Sim.url);
  await b1.post('seed', businessOneSeed);
  const sim = (method: 'GET' | 'POST', path: string, body?: unknown) =>
    controlCall(procoreSim.url, method, path, body);
  await sim('POST', 'seed', procoreSeed());

  const vault = openVault('test');
  const log = openLog(process.env.TIEBEAM_TEST_LOG ?? 'silent');
  const systems = openSystems(db.pools, openSystem(vault, systemClock), systemClock.now);
  const engine: Engine = {
    pools: db.pools,
    systems,
    clock: systemClock,
    newId: randomUUID,
    random: Math.random,
    log,
    pace: { pullEveryMs: 400, sweepEveryMs: 400 },
    failPoint: options.failPoint ?? noFailPoint,
  };
  const tenant = 'harbor';
  await ensureTenant(engine, tenant, 'Harbor Builders');
  await ensureUsers(engine, tenant, Object.values(people));
  const lifeMs = options.requestLifeMs === undefined ? 300 : options.requestLifeMs;
  const configs = {
    procore: {
      authUrl: procoreSim.url,
      apiUrl: procoreSim.url,
      companyId: String(COMPANY),
      clientId: 'tiebeam',
      clientSecret: 'secret',
      requestLifeMs: lifeMs,
    },
    b1: {
      baseUrl: b1Sim.url,
      companyDb: 'SBO_HARBOR',
      userName: 'tiebeam',
      password: 'right-password',
      requestLifeMs: lifeMs,
    },
  };
  const { clientSecret, ...procoreConfig } = procore.config.parse(configs.procore);
  const { password, ...b1Config } = sapBusinessOne.config.parse(configs.b1);
  await connect(
    engine,
    vault,
    tenant,
    {
      id: 'procore',
      system: 'procore',
      name: 'Procore',
      code: 'PC',
      account: `procore ${procoreSim.url}`,
      config: procoreConfig,
      secrets: { clientSecret },
    },
    'test',
  );
  await connect(
    engine,
    vault,
    tenant,
    {
      id: 'b1',
      system: 'sap-business-one',
      name: 'SAP Business One',
      code: 'B1',
      account: `b1 ${b1Sim.url}`,
      config: b1Config,
      secrets: { password },
    },
    'test',
  );
  await setFirstPhase(engine, tenant, 'procore', 'one-way', 'test');
  await setFirstPhase(engine, tenant, 'b1', options.phase ?? 'one-way', 'test');
  const service = serviceOf(engine, []);
  const server = await buildServer(
    { ...service, pools: db.pools, clock: systemClock, randomBytes, log },
    { https: false },
  );
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  if (options.webhooks !== false) await addWebhook(engine, tenant, procoreSim.url, url);
  const workers: Worker[] = [];
  const world = {
    db,
    engine,
    tenant,
    service,
    b1,
    sim,
    url,
    b1Url: b1Sim.url,
    procoreUrl: procoreSim.url,
    act: (act: ProcoreAct) => sim('POST', 'act', act) as Promise<Record<string, number[] | number>>,
    startWorker: () => {
      const worker = startWorker(engine, { owner: randomUUID(), leaseMs: 3_000, pollMs: 200 });
      workers.push(worker);
      return worker;
    },
    sweep: () => startSweeps(engine, tenant, ['procore', 'b1']),
    truth: async () => (await b1.truth()) as B1Truth & Full,
    query: async <Row extends object>(text: string, values: unknown[] = []) => {
      const client = await db.pools.app.connect();
      try {
        await client.query('begin');
        await client.query("select set_config('tiebeam.tenant', $1, true)", [tenant]);
        const { rows } = await client.query<Row>(text, values);
        await client.query('commit');
        return rows;
      } finally {
        client.release();
      }
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await server.close();
      await systems.close();
      await Promise.all([procoreSim.stop(), b1Sim.stop()]);
      await db.drop();
    },
  };
  if (options.mapped !== false) await addMappings(world);
  return world;
}

type Full = {
  readonly orders: readonly {
    readonly docEntry: number;
    readonly docNum: number;
    readonly cardCode: string;
    readonly udfs: Record<string, string | null>;
    readonly document: {
      readonly DocTotal: number;
      readonly DocumentLines: readonly {
        readonly LineNum: number;
        readonly LineTotal: number;
        readonly AccountCode: string;
      }[];
    };
  }[];
  readonly writes: readonly { readonly method: string; readonly path: string; readonly committed: boolean }[];
};

async function addWebhook(
  engine: Engine,
  tenant: string,
  procoreUrl: string,
  serviceUrl: string,
): Promise<void> {
  const { addHook } = await import('../../src/engine/set-up.ts');
  await addHook(engine, tenant, {
    id: 'hook-1',
    connection: 'procore',
    secret: 'hook-secret',
    companyId: String(COMPANY),
  });
  const token = (await controlled(
    await fetch(`${procoreUrl}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'client_credentials',
        client_id: 'tiebeam',
        client_secret: 'secret',
      }),
    }),
  )) as { access_token: string };
  const call = async (path: string, body: unknown) =>
    controlled(
      await fetch(`${procoreUrl}/rest/v1.0/webhooks/${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token.access_token}`,
          'procore-company-id': String(COMPANY),
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      }),
    );
  const hook = (await call('hooks', {
    company_id: COMPANY,
    hook: {
      api_version: 'v2',
      namespace: 'tiebeam',
      destination_url: `${serviceUrl}/webhooks/procore/hook-1`,
      destination_headers: { Authorization: 'Bearer hook-secret' },
    },
  })) as { id: number };
  for (const [resource_name, event_type] of [
    ['ERP Requests', 'create'],
    ['Work Order Contracts', 'update'],
    ['Company Vendors', 'create'],
    ['Company Vendors', 'update'],
  ]) {
    await call(`hooks/${hook.id}/triggers`, {
      company_id: COMPANY,
      api_version: 'v2',
      trigger: { resource_name, event_type },
    });
  }
}

async function addMappings(
  world: Pick<
    Awaited<ReturnType<typeof startWorld>>,
    'service' | 'tenant' | 'query' | 'sweep' | 'startWorker'
  >,
): Promise<void> {
  // Mappings name ERP codes, so the ERP's masters must have been read first.
  await world.sweep();
  world.startWorker();
  await until('the masters are read', async () => {
    const rows = await world.query<{ n: string }>(
      "select count(*) as n from record where connection = 'b1' and object in ('account', 'project')",
    );
    return Number(rows[0]!.n) >= 5;
  });
  const set = (kind: 'project' | 'cost', key: string, code: string) =>
    world.service.setMapping({
      tenant: world.tenant,
      user: people.accountant,
      mapping: { kind, scope: '', key, value: { kind: kind === 'cost' ? 'account' : 'project', code } },
    });
  for (const done of [
    await set('project', String(PROJECT), 'JOB-4'),
    await set('project', String(OTHER_PROJECT), 'JOB-5'),
    await set('cost', '05-100|S', '5200'),
    await set('cost', '03-100|S', '5100'),
  ]) {
    if (!done.ok) throw new Error(done.detail);
  }
}

export async function until<T>(
  what: string,
  look: () => Promise<T | false | null | undefined>,
  timeoutMs = 20_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`timed out waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

async function controlCall(
  base: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<unknown> {
  return controlled(
    await fetch(`${base}/_sim/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }),
  );
}

async function controlled(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

export const businessOneSeed = {
  company: { db: 'SBO_HARBOR', name: 'Harbor Builders', currency: 'USD' },
  users: [{ user: 'tiebeam', password: 'right-password' }],
  vendors: [
    {
      code: 'V1000',
      name: 'Steel and Sons, Inc.',
      federalTaxId: '12-3456789',
      emailAddress: 'office@steel.example',
    },
    {
      code: 'V1001',
      name: 'Concrete Works',
      federalTaxId: '98-7654321',
      emailAddress: 'ap@concrete.example',
    },
  ],
  projects: [
    { code: 'JOB-4', name: 'Pier 4' },
    { code: 'JOB-5', name: 'Depot' },
  ],
  accounts: [
    { code: '5000', name: 'Job cost', postable: false },
    { code: '5100', name: 'Concrete' },
    { code: '5200', name: 'Steel' },
  ],
  udfs: [
    { table: 'OPOR', name: 'TiebeamRef', size: 16 },
    { table: 'OPOR', name: 'TiebeamRev', size: 10 },
  ],
};

const VENDOR = 562949953600001;
export const vendors = { steel: VENDOR, concrete: VENDOR + 1, unknown: VENDOR + 2 };

export function procoreSeed(): ProcoreSeed {
  return {
    company: {
      id: COMPANY,
      name: 'Harbor Builders',
      erp: {
        metadata: {
          settings: {
            entities: { commitments: { configs: { export: { enabled: true, create: true, update: true } } } },
          },
        },
      },
    },
    apps: [{ client_id: 'tiebeam', client_secret: 'secret' }],
    users: [
      { id: PETER, login: 'peter@harbor.example', name: 'Peter' },
      { id: APPROVER, login: 'approver@harbor.example', name: 'Anna', roles: ['accounting_approver'] },
    ],
    projects: [
      { id: PROJECT, name: 'Pier 4', project_number: 'P-004', origin_id: 'JOB-4', origin_code: 'JOB-4' },
      { id: OTHER_PROJECT, name: 'Depot', project_number: 'P-005', origin_id: 'JOB-5', origin_code: 'JOB-5' },
    ],
    vendors: [
      { id: vendors.steel, name: 'Steel & Sons', email_address: 'office@steel.example' },
      { id: vendors.concrete, name: 'Concrete Works LLC', email_address: 'ap@concrete.example' },
      { id: vendors.unknown, name: 'Brand New Roofing' },
    ],
    line_item_types: [{ id: 31, name: 'Subcontract', code: 'S', base_type: 'commitment' }],
    cost_codes: [
      { id: 41, project_id: PROJECT, code: '100', full_code: '05-100', name: 'Structural Steel' },
      { id: 42, project_id: PROJECT, code: '100', full_code: '03-100', name: 'Concrete' },
      { id: 43, project_id: PROJECT, code: '900', full_code: '09-900', name: 'Paint' },
      { id: 44, project_id: OTHER_PROJECT, code: '100', full_code: '05-100', name: 'Structural Steel' },
    ],
    contracts: [],
    change_order_packages: [],
  };
}

export type NewLine = {
  readonly amount: string;
  readonly description?: string;
  readonly code?: 41 | 42 | 43 | 44;
};

/** A subcontract that Peter created, sent and the approver exported: the usual way into the line. */
export async function exportCommitment(
  world: World,
  wish: {
    number?: string;
    vendor?: number;
    lines?: readonly NewLine[];
    accountingDate?: string;
    project?: number;
  } = {},
): Promise<{ contract: number; detail: number; request: number }> {
  const contract = await createCommitment(world, wish);
  const exported = await sendAndApprove(world, contract, wish.accountingDate);
  return { contract, ...exported };
}

export async function createCommitment(
  world: World,
  {
    number = `SC-${randomUUID().slice(0, 6)}`,
    vendor = vendors.steel,
    lines = [{ amount: '1000.10' }, { amount: '0.20' }],
    project = PROJECT,
  }: { number?: string; vendor?: number; lines?: readonly NewLine[]; project?: number } = {},
): Promise<number> {
  const made = await world.act({
    as: PETER,
    action: 'create_commitment',
    kind: 'work_order_contract',
    project_id: project,
    vendor_id: vendor,
    number,
    title: `Work ${number}`,
    status: 'Approved',
    line_items: lines.map(({ amount, description = 'Work', code = 41 }) => ({
      amount,
      description,
      cost_code_id: code,
      line_item_type_id: 31,
    })),
  } as ProcoreAct);
  return Number(made.id ?? made.contract_id);
}

export async function sendAndApprove(
  world: World,
  contract: number,
  accountingDate?: string,
): Promise<{ detail: number; request: number }> {
  await world.act({ as: PETER, action: 'send_to_erp', contract_ids: [contract] } as ProcoreAct);
  const done = await world.act({
    as: APPROVER,
    action: 'approve_export',
    contract_ids: [contract],
    code: 'ERP',
    ...(accountingDate ? { accounting_date: accountingDate } : {}),
  } as ProcoreAct);
  return {
    request: (done.erp_request_ids as number[])[0]!,
    detail: (done.request_detail_ids as number[])[0]!,
  };
}
