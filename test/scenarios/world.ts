import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import type { LedgerlineSeed } from '../../src/connectors/demo-erp/simulator/company/seed.ts';
import {
  type Truth as B1Truth,
  openControl,
} from '../../src/connectors/sap-business-one/fixtures/company.ts';
import { startWorker, type Worker } from '../../src/engine/dispatch/dispatch.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { serviceOf } from '../../src/engine/service.ts';
import { addHook, type NewUser } from '../../src/engine/set-up/tenant.ts';
import { startSweeps } from '../../src/engine/watch/sweep.ts';
import { buildServer } from '../../src/http/server.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { FailPoint } from '../../src/lib/fail-point.ts';
import { type MailOptions, openMail } from '../../src/lib/mail.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { startProcoreSimulator } from '../../src/procore/simulator/server.ts';
import { type Read, standingStill } from '../attack/standing-still.ts';
import { createTestDatabase, type TestDatabase } from '../setup/database.ts';
import { startBusinessOne, startLedgerline } from './erp-target.ts';
import {
  APPROVER,
  COMPANY,
  OTHER_PROJECT,
  PETER,
  PROJECT,
  people,
  procoreSeed,
  type SeedRows,
  vendors,
} from './seeds.ts';
import { setUpTenant } from './set-up-tenant.ts';
import { openTestEngine, vault } from './test-engine.ts';

export { APPROVER, COMPANY, OTHER_PROJECT, PETER, PROJECT, people, vendors } from './seeds.ts';

export type WorldOptions = {
  readonly requestLifeMs?: number | null;
  readonly failPoint?: FailPoint;
  readonly webhooks?: boolean;
  /** A mail server, where the story tells people anything. */
  readonly mail?: MailOptions;
  readonly phase?: 'read-only' | 'one-way';
  readonly mapped?: boolean;
  readonly erp?: 'sap-business-one' | 'demo-erp';
  /** What is set on the connection to the ERP besides what every world sets. */
  readonly erpConfig?: Readonly<Record<string, unknown>>;
  readonly users?: readonly NewUser[];
  /** Settings of the Procore connection besides. */
  readonly procore?: Readonly<Record<string, unknown>>;
  /** What is in Procore besides what every world has there. */
  readonly seed?: SeedRows;
  /** The same of Ledgerline. */
  readonly ledgerline?: Partial<LedgerlineSeed>;
  /** Where the engine finds Procore, when something stands between it and the simulator. */
  readonly procoreApi?: (simulatorUrl: string) => Promise<string>;
  /** Why something may stand still when the story ends; in all others that is a failure. */
  readonly standsStill?: string;
};

/** Both simulators, a tenant that connects them, and the service on a database of its own. */
export type World = Awaited<ReturnType<typeof startWorld>>;

export async function startWorld(options: WorldOptions = {}) {
  const db: TestDatabase = await createTestDatabase();
  const procoreSim = await startProcoreSimulator({ port: 0 });
  const sim = (method: 'GET' | 'POST', path: string, body?: unknown) =>
    controlCall(procoreSim.url, method, path, body);
  await sim('POST', 'seed', procoreSeed(options.seed));
  const lifeMs = options.requestLifeMs === undefined ? 300 : options.requestLifeMs;
  const erp =
    options.erp === 'demo-erp'
      ? await startLedgerline(lifeMs, options.ledgerline)
      : await startBusinessOne(lifeMs);
  const b1 = openControl(erp.url);
  const engine = {
    ...openTestEngine(db.pools, options.failPoint),
    ...(options.mail === undefined ? {} : { mail: openMail(options.mail) }),
  };
  const tenant = 'harbor';
  const { log, systems } = engine;
  await setUpTenant(engine, tenant, {
    users: options.users ?? Object.values(people),
    procoreUrl: procoreSim.url,
    procoreApiUrl: (await options.procoreApi?.(procoreSim.url)) ?? procoreSim.url,
    companyId: COMPANY,
    lifeMs,
    erp: { ...erp.connection, config: { ...erp.connection.config, ...options.erpConfig } },
    phase: options.phase ?? 'one-way',
    ...(options.procore === undefined ? {} : { procore: options.procore }),
  });
  const service = serviceOf(engine, []);
  const server = await buildServer(
    { ...service, pools: db.pools, clock: systemClock, randomBytes, log, fingerprint: vault.fingerprint },
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
    erp,
    b1Url: erp.url,
    procoreUrl: procoreSim.url,
    rest: (method: string, path: string, body?: unknown) => restCall(procoreSim.url, method, path, body),
    act: (act: ProcoreAct) => sim('POST', 'act', act) as Promise<Record<string, number[] | number>>,
    startWorker: () => {
      const worker = startWorker(engine, { owner: randomUUID(), leaseMs: 3_000, pollMs: 200 });
      workers.push(worker);
      return worker;
    },
    /** Ends the workers of this process, so that one in another process finds the accounts free. */
    stopWorkers: async () => {
      await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    },
    sweep: () => startSweeps(engine, tenant, ['procore', erp.connection.id]),
    truth: async () => (await b1.truth()) as Omit<B1Truth, keyof Full> & Full,
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
      await Promise.all([procoreSim.stop(), erp.stop()]);
      const stuck = options.standsStill === undefined ? await stuckIn(db) : [];
      await db.drop();
      if (stuck.length > 0)
        throw new Error(`nothing would ever move this, and nobody is asked:\n${stuck.join('\n')}`);
    },
  };
  if (options.mapped !== false) await addMappings(world);
  return world;
}

/** The rule of liveness holds after every story, whatever it was about; the workers have stopped by then. */
async function stuckIn({ ownerUrl }: TestDatabase): Promise<string[]> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    const read: Read = async <Row extends object>(text: string) => (await owner.query<Row>(text)).rows;
    return (await standingStill(read)).map(({ what, id, why }) => `${what} ${id}: ${why}`);
  } finally {
    await owner.end();
  }
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
  await addHook(engine, tenant, {
    id: 'hook-1',
    connection: 'procore',
    secret: 'hook-secret',
    companyId: String(COMPANY),
  });
  const call = (path: string, body: unknown) =>
    restCall(procoreUrl, 'POST', `/rest/v1.0/webhooks/${path}`, body);
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
    ['Change Order Packages', 'update'],
    ['Company Vendors', 'create'],
    ['Company Vendors', 'update'],
    ['Company Insurances', 'update'],
  ]) {
    await call(`hooks/${hook.id}/triggers`, {
      company_id: COMPANY,
      api_version: 'v2',
      trigger: { resource_name, event_type },
    });
  }
}

/** A call of Procore's interface as our app makes it. */
async function restCall(procoreUrl: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const grant = { grant_type: 'client_credentials', client_id: 'tiebeam', client_secret: 'secret' };
  const json = { 'content-type': 'application/json' };
  const token = (await controlled(
    await fetch(`${procoreUrl}/oauth/token`, { method: 'POST', headers: json, body: JSON.stringify(grant) }),
  )) as { access_token: string };
  const identity = { authorization: `Bearer ${token.access_token}`, 'procore-company-id': String(COMPANY) };
  return controlled(
    await fetch(`${procoreUrl}${path}`, {
      method,
      headers: body === undefined ? identity : { ...identity, ...json },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
}

/** Reads the masters of both systems and maps what the seeded commitments need. */
export async function addMappings(
  world: Pick<
    Awaited<ReturnType<typeof startWorld>>,
    'service' | 'tenant' | 'query' | 'sweep' | 'startWorker'
  >,
): Promise<void> {
  // Mappings name ERP codes, so the ERP's masters must have been read first.
  await world.sweep();
  world.startWorker();
  await until('the masters are read', async () => {
    const rows = await world.query<{ object: string }>(
      `select object from record where connection <> 'procore' and object in ('account', 'project')
       group by object having count(*) >= case object when 'account' then 3 else 2 end`,
    );
    return rows.length === 2;
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
  timeoutMs = 60_000,
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

export type NewLine = {
  readonly amount: string;
  readonly description?: string;
  readonly code?: 41 | 42 | 43 | 44 | 45;
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
