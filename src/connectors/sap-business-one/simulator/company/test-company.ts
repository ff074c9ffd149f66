import type { ActInput } from '../act.ts';
import type { FaultsInput } from '../faults.ts';
import type { SettingsInput } from '../masters/settings.ts';
import { isRecord } from '../odata/json.ts';
import { type RunningSimulator, startBusinessOneSimulator } from '../server.ts';
import type { SeedInput } from './seed-schema.ts';

/** The small contractor every test of this folder starts from. */
export const SEED = {
  company: { db: 'SBO_NORTH', name: 'North Builders', currency: 'USD' },
  users: [{ user: 'tiebeam', password: 'secret' }],
  vendors: [
    { code: 'V100', name: 'Acme Concrete' },
    { code: 'V200', name: "O'Hara Steel", frozen: true },
    { code: 'V300', name: 'Sleepy Paint', valid: false },
    { code: 'C100', name: 'City of North', type: 'cCustomer' },
  ],
  projects: [
    { code: 'P1', name: 'Library' },
    { code: 'P2', name: 'Old depot', active: false },
  ],
  accounts: [
    { code: '5100', name: 'Subcontracts' },
    { code: '5000', name: 'Cost of work', postable: false },
    { code: '5200', name: 'Old account', frozen: true },
    { code: '2000', name: 'Payables', lockedForManual: true },
  ],
  items: [{ code: 'REBAR', name: 'Rebar' }],
  periods: [
    { code: '2026-08', from: '2026-08-01', to: '2026-08-31', dueTo: '2027-12-31' },
    { code: '2026-09', from: '2026-09-01', to: '2026-09-30', dueTo: '2027-12-31', status: 'ltLocked' },
  ],
  udfs: [{ table: 'OPOR', name: 'TbRef', size: 20 }],
} satisfies SeedInput;

export interface Got {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown>;
}

export interface TestCompany {
  url: string;
  cookie: string;
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Got>;
  logIn: () => Promise<void>;
  seed: (seed: SeedInput) => Promise<Got>;
  act: (input: ActInput) => Promise<Got>;
  settings: (input: SettingsInput) => Promise<Got>;
  faults: (input: FaultsInput) => Promise<Got>;
  sim: (method: string, path: string, body?: unknown) => Promise<Got>;
  stop: () => Promise<void>;
}

/** A running simulator with the seed loaded and a session open. */
export async function openCompany(): Promise<TestCompany> {
  const clock = () => Date.parse('2026-08-15T10:00:00Z');
  const running: RunningSimulator = await startBusinessOneSimulator({ port: 0, clock });
  const sim = (method: string, path: string, body?: unknown) =>
    request(`${running.url}/_sim/${path}`, method, body, {});
  const company: TestCompany = {
    url: running.url,
    cookie: '',
    call: (method, path, body, headers = {}) => {
      const address = path.startsWith('/') ? running.url + path : `${running.url}/b1s/v2/${path}`;
      return request(address, method, body, { cookie: company.cookie, ...headers });
    },
    logIn: async () => {
      const got = await company.call('POST', 'Login', LOGIN);
      company.cookie = got.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; ');
    },
    seed: (seed) => sim('POST', 'seed', seed),
    act: (input) => sim('POST', 'act', input),
    settings: (input) => sim('POST', 'settings', input),
    faults: (input) => sim('POST', 'faults', input),
    sim,
    stop: running.stop,
  };
  await company.seed(SEED);
  await company.logIn();
  return company;
}

export const LOGIN = { CompanyDB: 'SBO_NORTH', UserName: 'tiebeam', Password: 'secret' };

/** A service order for one line of 1,500.00, with whatever the test wants to be different. */
export function orderBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    DocType: 'dDocument_Service',
    CardCode: 'V100',
    DocDate: '2026-08-15',
    DocDueDate: '2026-12-31',
    DocumentLines: [lineBody()],
    ...changes,
  };
}

export function lineBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { ItemDescription: 'Footings', AccountCode: '5100', ProjectCode: 'P1', LineTotal: 1500, ...changes };
}

export function linesOf(got: Got): Record<string, unknown>[] {
  const lines = got.body.DocumentLines;
  return Array.isArray(lines) ? lines.filter(isRecord) : [];
}

export function valuesOf(got: Got): Record<string, unknown>[] {
  return Array.isArray(got.body.value) ? got.body.value.filter(isRecord) : [];
}

/** The code and text of a refusal, in the v2 form. */
export function refusalOf(got: Got): string {
  const error = isRecord(got.body.error) ? got.body.error : {};
  return `${got.status}/${String(error.code)} ${String(error.message)}`;
}

async function request(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Got> {
  const payload = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, { method, body: payload, headers });
  const text = await response.text();
  let parsed: unknown = null;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Pages of the balancer and broken bodies are looked at as text.
  }
  return { status: response.status, headers: response.headers, text, body: isRecord(parsed) ? parsed : {} };
}
