import { z } from 'zod';
import { type ProcoreTruth, procoreTruth } from '../../src/demo/truth.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { addHook } from '../../src/engine/set-up/tenant.ts';
import { startSweeps } from '../../src/engine/watch/sweep.ts';
import { parseJson } from '../../src/lib/decimal-json.ts';
import { COMPANY, OTHER_PROJECT, PROJECT } from '../scenarios/seeds.ts';
import { setUpTenant } from '../scenarios/set-up-tenant.ts';
import { type AttackedErp, RETAINAGE } from './erp.ts';
import { patiently } from './patience.ts';
import { sharedLook } from './shared-look.ts';
import { REQUEST_LIFE_MS, type Simulator } from './simulators.ts';
import type { Party } from './tenants.ts';
import { Witness } from './witness.ts';
import type { World } from './world.ts';

export const HOOK_SECRET = 'hook-secret';
// People look again after about as long.
const LOOK_EVERY_MS = 400;

/** The systems as people see them who wait for something: one look serves all. */
export type Looks = {
  readonly procore: () => Promise<ProcoreTruth & { readonly openRequests: readonly string[] }>;
  readonly erp: AttackedErp['books'];
};

type Moving = {
  readonly party: Party;
  readonly procore: Simulator;
  readonly erp: AttackedErp;
  readonly servicePort: number;
};

/** Connects a tenant with its systems, and gives what is known of it besides. */
export async function moveIn(engine: Engine, { party, procore, erp, servicePort }: Moving) {
  const { tenant, people, hook: id } = party;
  await setUpTenant(engine, tenant, {
    users: Object.values(people),
    procoreUrl: procore.url,
    procoreApiUrl: procore.url,
    companyId: COMPANY,
    lifeMs: REQUEST_LIFE_MS,
    erp: erp.connection,
    phase: 'one-way',
  });
  const hook = { id, connection: 'procore', secret: HOOK_SECRET, companyId: String(COMPANY) };
  await addHook(engine, tenant, hook);
  await subscribe(procore, `http://127.0.0.1:${servicePort}/webhooks/procore/${id}`);
  await startSweeps(engine, tenant, ['procore', erp.connection.id]);
  const looks: Looks = {
    procore: sharedLook(async () => {
      const truth = parseJson(await procore.truth());
      return { ...procoreTruth(truth), openRequests: openRequests(truth) };
    }, LOOK_EVERY_MS),
    erp: sharedLook(erp.books, LOOK_EVERY_MS),
  };
  return { party, erp, looks, witness: new Witness() };
}

const requests = z.object({
  erp_request_details: z.array(z.object({ erp_request_id: z.string(), status: z.string() })),
});

/** Whatever they are about. */
function openRequests(truth: unknown): string[] {
  const { erp_request_details: details } = requests.parse(truth);
  return details.flatMap(({ erp_request_id: id, status }) => (status === 'in_progress' ? [id] : []));
}

/** Maps what the seeded commitments need; one account is one that the ERP refuses when an order names it. */
export async function addMappings({ service, erp, party: { tenant, people } }: World): Promise<void> {
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
      const done = await service.setMapping({ tenant, user: people.accountant, mapping });
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
