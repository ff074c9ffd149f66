import { type ChildSimulator, startChild } from './child-simulator.ts';
import { access } from './people.ts';
import { demand, type Hands, hands } from './simulator-calls.ts';
import type { World } from './world.ts';

/** How long a lost request may still take effect, at both simulators and in the connections to them. */
export const DEMO_REQUEST_LIFE_MS = 1_500;

export type Simulators = {
  readonly procore: { readonly url: string; readonly config: ReturnType<typeof procoreConnection> };
  readonly businessOne: { readonly url: string; readonly config: ReturnType<typeof businessOneConnection> };
  readonly hands: Hands;
  /** Ends both processes, whatever state they are in. */
  readonly stop: () => Promise<void>;
};

/** Both systems as processes of their own, with the contractor in them. */
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
