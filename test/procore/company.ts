import { type Door, openDoor } from '../../src/lib/door.ts';
import { type ProcoreConfig, procoreConfig } from '../../src/procore/config.ts';
import type { Hub } from '../../src/procore/hub.ts';
import { procore } from '../../src/procore/index.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import type { FaultCounts, FaultPlan } from '../../src/procore/simulator/faults.ts';
import type { ProcoreSeed } from '../../src/procore/simulator/seed.ts';
import { startProcoreSimulator } from '../../src/procore/simulator/server.ts';

// Beyond 32 bits, as real ones are.
export const COMPANY = 598134325841112;
export const PROJECT = 562949953500001;
export const OTHER_PROJECT = 562949953500002;
export const VENDOR = 562949953600001;
export const FOREIGN_VENDOR = 562949953600002;
export const SUBCONTRACT = 562949953700001;
export const ORDER = 562949953700002;
export const LINES = [562949953800001, 562949953800002] as const;
export const ANNA = 562949953900001;

/** A contractor with one synced project, two vendors, a subcontract and a purchase order. */
export function contractor(): ProcoreSeed {
  return {
    company: { id: COMPANY, name: 'Harbor Builders', erp: {} },
    apps: [{ client_id: 'tiebeam', client_secret: 'secret' }],
    users: [{ id: ANNA, login: 'anna@harbor.example', name: 'Anna' }],
    projects: [
      { id: PROJECT, name: 'Pier 4', project_number: 'P-004', origin_id: 'JOB-4', origin_code: 'JOB-4' },
      { id: OTHER_PROJECT, name: 'Depot', origin_id: 'JOB-5' },
    ],
    vendors: [
      { id: VENDOR, name: 'Steel & Sons', zip: '10001', email_address: 'office@steel.example' },
      { id: FOREIGN_VENDOR, name: 'Old Pipes', origin_id: 'SAGE-77', origin_code: 'SAGE-77' },
    ],
    line_item_types: [{ id: 31, name: 'Subcontract', code: 'S', base_type: 'commitment' }],
    cost_codes: [{ id: 41, project_id: PROJECT, code: '100', full_code: '05-100', name: 'Structural Steel' }],
    contracts: [
      {
        kind: 'work_order_contract',
        id: SUBCONTRACT,
        project_id: PROJECT,
        vendor_id: VENDOR,
        number: 'SC-001',
        title: 'Steel frame',
        status: 'Approved',
        retainage_percent: '10.0',
        contract_date: '2026-08-01',
        line_items: [
          { id: LINES[0], amount: '1000.10', description: 'Beams', cost_code_id: 41, line_item_type_id: 31 },
          { id: LINES[1], amount: '0.20', description: 'Bolts', cost_code_id: 41, line_item_type_id: 31 },
        ],
      },
      {
        kind: 'purchase_order_contract',
        id: ORDER,
        project_id: PROJECT,
        vendor_id: FOREIGN_VENDOR,
        number: 'PO-001',
        title: 'Pipes',
        status: 'Draft',
        line_items: [{ amount: '50.00', description: 'Pipes', cost_code_id: 41 }],
      },
    ],
  };
}

export type Company = {
  readonly url: string;
  readonly config: ProcoreConfig;
  readonly hub: Hub;
  /** Milliseconds that the connection was told to sleep, in order. */
  readonly slept: number[];
  readonly connect: (change?: Partial<ProcoreConfig>, doors?: { readonly door?: Door }) => Hub;
  readonly sim: (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<unknown>;
  readonly act: (act: ProcoreAct) => Promise<Record<string, readonly number[] | number>>;
  readonly faults: (rules: FaultPlan['rules']) => Promise<void>;
  readonly faultCounts: () => Promise<FaultCounts>;
  /** Lets business time pass, for the connection and the simulator. */
  readonly sleepFor: (ms: number) => void;
  readonly tokensIssued: () => number;
  /** Answers with 429 that reached the connection. */
  readonly refusedByRate: () => number;
  readonly stop: () => Promise<void>;
};

/** A running simulator with the contractor in it and a connection whose sleeping costs no time. */
export async function startCompany(seed: ProcoreSeed = contractor()): Promise<Company> {
  let nowMs = Date.UTC(2026, 7, 3, 8);
  const simulator = await startProcoreSimulator({ port: 0, clock: () => nowMs });
  const slept: number[] = [];
  const hubs: Hub[] = [];
  const sim = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${simulator.url}/_sim/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`/_sim/${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  await sim('POST', 'seed', seed);
  const config = procoreConfig.parse({
    authUrl: simulator.url,
    apiUrl: simulator.url,
    companyId: String(COMPANY),
    clientId: 'tiebeam',
    clientSecret: 'secret',
  });
  let [tokens, refused] = [0, 0];
  /** The door as it is, with what passes through it counted. */
  const watched = (door: Door): Door => ({
    async read(request) {
      if (request.path === '/oauth/token') tokens += 1;
      const response = await door.read(request);
      if (response.status === 429) refused += 1;
      return response;
    },
    write: (intent, request) => door.write(intent, request),
    close: () => door.close(),
  });
  const connect: Company['connect'] = (change = {}, doors = {}) => {
    const own = { ...config, ...change };
    const hub = procore.connect(own, {
      door: watched(doors.door ?? openDoor({ ...procore.doorOptions(own), writesAllowed: () => true })),
      authDoor: watched(openDoor({ ...procore.authDoorOptions(own), writesAllowed: () => false })),
      now: () => new Date(nowMs),
      sleep: async (ms) => {
        slept.push(ms);
        nowMs += ms;
      },
      random: () => 0.5,
    });
    hubs.push(hub);
    return hub;
  };
  return {
    url: simulator.url,
    config,
    hub: connect(),
    slept,
    connect,
    sim,
    act: (act) => sim('POST', 'act', act) as Promise<Record<string, readonly number[] | number>>,
    faults: async (rules) => {
      await sim('POST', 'faults', { seed: 1, rules });
    },
    faultCounts: () => sim('GET', 'faults') as Promise<FaultCounts>,
    sleepFor: (ms) => {
      nowMs += ms;
    },
    tokensIssued: () => tokens,
    refusedByRate: () => refused,
    stop: async () => {
      await Promise.all(hubs.map((hub) => hub.close()));
      await simulator.stop();
    },
  };
}
