import { type ChildSimulator, startChild } from './child-simulator.ts';
import { access } from './people.ts';
import { demand, type Hands, hands } from './simulator-calls.ts';
import type { World } from './world.ts';

/** How long a lost request may still take effect, at both simulators and in the connections to them. */
export const DEMO_REQUEST_LIFE_MS = 1_500;

const WATCHED = [
  ['ERP Requests', 'create'],
  ['Work Order Contracts', 'update'],
  ['Purchase Order Contracts', 'update'],
  ['Company Vendors', 'create'],
  ['Company Vendors', 'update'],
] as const;

export type Simulators = {
  readonly procore: { readonly url: string; readonly config: ReturnType<typeof procoreConnection> };
  readonly businessOne: { readonly url: string; readonly config: ReturnType<typeof businessOneConnection> };
  readonly hands: Hands;
  /** Does in Procore what an integrator does when a company goes live: the hook and its triggers. */
  readonly registerWebhook: (hook: { readonly url: string; readonly secret: string }) => Promise<void>;
  /** Ends both processes, whatever state they are in. */
  readonly stop: () => Promise<void>;
};

/** Both systems as processes of their own, with the contractor in them and the ERP connection made. */
export async function startSimulators(world: World): Promise<Simulators> {
  const running: ChildSimulator[] = [];
  const stop = async () => {
    await Promise.all(running.map((child) => child.stop()));
  };
  try {
    const started = await Promise.allSettled([
      startChild('procore/simulator/main.ts'),
      startChild('connectors/sap-business-one/simulator/main.ts'),
    ]);
    for (const child of started) if (child.status === 'fulfilled') running.push(child.value);
    const [procore, businessOne] = started.map((child) => {
      if (child.status === 'rejected') throw child.reason;
      return child.value;
    });
    if (procore === undefined || businessOne === undefined) throw new Error('a simulator is missing');
    await fill(world, procore.url, businessOne.url);
    return {
      procore: { url: procore.url, config: procoreConnection(procore.url) },
      businessOne: { url: businessOne.url, config: businessOneConnection(businessOne.url) },
      hands: hands(procore.url, businessOne.url),
      registerWebhook: (hook) => registerWebhook(procore.url, hook),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function fill(world: World, procoreUrl: string, businessOneUrl: string): Promise<void> {
  await demand('POST', `${procoreUrl}/_sim/seed`, { body: world.procore });
  await demand('POST', `${businessOneUrl}/_sim/seed`, { body: world.businessOne });
  await demand('POST', `${businessOneUrl}/_sim/settings`, { body: { requestLifeMs: DEMO_REQUEST_LIFE_MS } });
  const headers = await integrator(procoreUrl);
  // The switch that lets people edit a commitment which is already synced; its path is inferred.
  const metadata = { settings: { entities: { commitments: { configs: { export: { update: true } } } } } };
  await demand('POST', `${procoreUrl}/rest/v1.0/companies/${access.companyId}/erp_connections`, {
    headers,
    body: { connection: { service_url: businessOneUrl, metadata } },
  });
}

async function registerWebhook(
  procoreUrl: string,
  hook: { readonly url: string; readonly secret: string },
): Promise<void> {
  const headers = await integrator(procoreUrl);
  const made = await demand('POST', `${procoreUrl}/rest/v1.0/webhooks/hooks`, {
    headers,
    body: {
      company_id: access.companyId,
      hook: {
        api_version: 'v2',
        namespace: 'tiebeam',
        destination_url: hook.url,
        destination_headers: { Authorization: `Bearer ${hook.secret}` },
      },
    },
  });
  const id: unknown = made !== null && typeof made === 'object' ? Reflect.get(made, 'id') : null;
  for (const [resource_name, event_type] of WATCHED) {
    await demand('POST', `${procoreUrl}/rest/v1.0/webhooks/hooks/${String(id)}/triggers`, {
      headers,
      body: { company_id: access.companyId, api_version: 'v2', trigger: { resource_name, event_type } },
    });
  }
}

async function integrator(procoreUrl: string): Promise<Record<string, string>> {
  const granted = await demand('POST', `${procoreUrl}/oauth/token`, {
    body: {
      grant_type: 'client_credentials',
      client_id: access.clientId,
      client_secret: access.clientSecret,
    },
  });
  const token: unknown =
    granted !== null && typeof granted === 'object' ? Reflect.get(granted, 'access_token') : null;
  return { authorization: `Bearer ${String(token)}`, 'procore-company-id': String(access.companyId) };
}

function procoreConnection(url: string) {
  return {
    authUrl: url,
    apiUrl: url,
    companyId: String(access.companyId),
    clientId: access.clientId,
    clientSecret: access.clientSecret,
    requestLifeMs: DEMO_REQUEST_LIFE_MS,
  };
}

function businessOneConnection(url: string) {
  return {
    baseUrl: url,
    companyDb: access.companyDb,
    userName: access.userName,
    password: access.password,
    requestLifeMs: DEMO_REQUEST_LIFE_MS,
  };
}
