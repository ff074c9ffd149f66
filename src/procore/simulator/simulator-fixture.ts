import { createServer, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { ProcoreAct } from './act.ts';
import type { FaultCounts, FaultPlan } from './faults.ts';
import type { ProcoreSeed } from './seed.ts';
import { startProcoreSimulator } from './server.ts';

export const COMPANY = 562_949_950_000_007;
export const PROJECT = 562_949_950_000_070;
export const CLOSED_PROJECT = 562_949_950_000_071;
export const UNSYNCED_PROJECT = 562_949_950_000_072;
export const VENDOR = 562_949_950_000_009;
export const CONTRACT = 562_949_950_000_041;
export const LINE = 562_949_950_000_177;
export const COST_CODE = 562_949_950_000_500;
export const COST_TYPE = 562_949_950_000_600;
export const USER = 562_949_950_000_001;

/** One company with a service account that may see two of its three projects. */
export function smallSeed(change: Partial<ProcoreSeed> = {}): ProcoreSeed {
  return {
    company: { id: COMPANY, name: 'Granite Works' },
    apps: [{ client_id: 'app', client_secret: 'secret', project_ids: [PROJECT, UNSYNCED_PROJECT] }],
    users: [{ id: USER, login: 'ann@granite.example', name: 'Ann' }],
    projects: [
      { id: PROJECT, name: 'Bridge', project_number: '100', origin_id: 'JOB-100' },
      { id: CLOSED_PROJECT, name: 'Secret annex' },
      { id: UNSYNCED_PROJECT, name: 'Unsynced' },
    ],
    vendors: [{ id: VENDOR, name: 'Steel Brothers', origin_id: 'V-9', city: 'Reno' }],
    line_item_types: [
      { id: COST_TYPE, name: 'Materials', code: 'M', base_type: 'materials', origin_id: 'M' },
    ],
    cost_codes: [{ id: COST_CODE, project_id: PROJECT, code: '120', full_code: '05-120', name: 'Steel' }],
    contracts: [
      {
        id: CONTRACT,
        kind: 'work_order_contract',
        project_id: PROJECT,
        vendor_id: VENDOR,
        title: 'Steel frame',
        status: 'Approved',
        retainage_percent: '10.0',
        line_items: [
          {
            id: LINE,
            extended_type: 'calculated',
            quantity: '2.5',
            unit_cost: '400.02',
            uom: 'ea',
            cost_code_id: COST_CODE,
            line_item_type_id: COST_TYPE,
          },
          { amount: '999.95', description: 'Erection' },
        ],
      },
    ],
    change_order_packages: [
      {
        id: 562_949_950_000_800,
        contract_id: CONTRACT,
        title: 'More steel',
        status: 'pending',
        grand_total: '100.05',
      },
    ],
    ...change,
  };
}

/** Whatever came over the wire; tests read it through expectations. */
export type Loose = ReturnType<typeof JSON.parse>;
export type Reply = { status: number; headers: Headers; body: Loose };

export type Bench = {
  url: string;
  token: string;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** With token and company header. */
  rest(method: string, path: string, body?: unknown): Promise<Reply>;
  act(act: ProcoreAct): Promise<Reply>;
  faults(rules: FaultPlan['rules']): Promise<Reply>;
  counts(): Promise<FaultCounts>;
  state(): Promise<Loose>;
  stop(): Promise<void>;
};

/** A running simulator with a seeded world and a token. */
export async function startBench(seed: ProcoreSeed = smallSeed()): Promise<Bench> {
  const simulator = await startProcoreSimulator({ port: 0 });
  const send: Bench['send'] = async (method, path, body, headers = {}) => {
    const init: RequestInit = { method, headers: { 'content-type': 'application/json', ...headers } };
    if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${simulator.url}${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text) };
  };
  const seeded = await send('POST', '/_sim/seed', seed);
  if (seeded.status !== 200) throw new Error(`seed refused: ${JSON.stringify(seeded.body)}`);
  const bench: Bench = {
    url: simulator.url,
    token: await tokenFrom(send),
    send,
    rest: (method, path, body) =>
      send(method, path, body, {
        authorization: `Bearer ${bench.token}`,
        'procore-company-id': String(COMPANY),
      }),
    act: (act) => send('POST', '/_sim/act', act),
    faults: (rules) => send('POST', '/_sim/faults', { seed: 1, rules }),
    counts: async () => (await send('GET', '/_sim/faults')).body,
    state: async () => (await send('GET', '/_sim/state')).body,
    stop: () => simulator.stop(),
  };
  return bench;
}

export async function tokenFrom(send: Bench['send']): Promise<string> {
  const granted = await send('POST', '/oauth/token', {
    grant_type: 'client_credentials',
    client_id: 'app',
    client_secret: 'secret',
  });
  return granted.body.access_token;
}

export type Receiver = {
  url: string;
  received: { headers: IncomingHttpHeaders; body: Loose }[];
  /** Status of the next answers. */
  status: number;
  stop(): Promise<void>;
};

/** An endpoint that collects webhooks. */
export async function startReceiver(): Promise<Receiver> {
  const received: Receiver['received'] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => {
      if (receiver.status < 300) received.push({ headers: request.headers, body: JSON.parse(text) });
      response.writeHead(receiver.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    status: 200,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

/** Registers a hook with triggers for the given "Resource/event" names. */
export async function listen(bench: Bench, url: string, ...subjects: string[]): Promise<number> {
  const hook = await bench.rest('POST', '/rest/v1.0/webhooks/hooks', {
    company_id: COMPANY,
    hook: {
      api_version: 'v2',
      namespace: 'tiebeam',
      destination_url: url,
      destination_headers: { Authorization: 'Bearer hook-secret' },
    },
  });
  for (const subject of subjects) {
    const [resource_name, event_type] = subject.split('/');
    await bench.rest('POST', `/rest/v1.0/webhooks/hooks/${hook.body.id}/triggers`, {
      company_id: COMPANY,
      api_version: 'v2',
      trigger: { resource_name, event_type },
    });
  }
  return hook.body.id;
}

/** Polls until the condition holds, for at most five seconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    if (await holds()) return;
    await wait(10);
  }
  throw new Error(`never happened: ${what}`);
}

function parsed(text: string): Loose {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
