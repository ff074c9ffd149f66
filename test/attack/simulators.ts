import { type ChildSimulator, startChild } from '../../src/demo/child-simulator.ts';
import { businessOneSeed, ledgerlineSeed, procoreSeed } from '../scenarios/seeds.ts';

/** How long a lost request may still take effect in the simulated systems. */
export const REQUEST_LIFE_MS = 500;

type Counts = Readonly<Record<string, { readonly injected: number; readonly reached: number }>>;

export type Simulator = {
  readonly url: string;
  readonly post: (what: string, body: unknown) => Promise<unknown>;
  /** The whole truth as text: its numbers are read without a float. */
  readonly truth: () => Promise<string>;
  readonly faults: () => Promise<Counts>;
};

export type Simulators = {
  readonly procore: Simulator;
  readonly businessOne: Simulator;
  readonly ledgerline: Simulator;
  /** Everything is forgotten and the contractor's masters stand again. */
  readonly startAnew: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** All simulated systems in processes of their own, which outlive the attacked ones. */
export async function startSimulators(): Promise<Simulators> {
  const [procoreChild, businessOneChild, ledgerlineChild] = await Promise.all([
    startChild('procore/simulator/main.ts'),
    startChild('connectors/sap-business-one/simulator/main.ts'),
    startChild('connectors/demo-erp/simulator/main.ts'),
  ]);
  const procore = controlOf(procoreChild);
  const businessOne = controlOf(businessOneChild);
  const ledgerline = controlOf(ledgerlineChild);
  return {
    procore,
    businessOne,
    ledgerline,
    async startAnew() {
      await Promise.all([procore, businessOne, ledgerline].map((each) => each.post('reset', {})));
      await procore.post('seed', procoreSeed());
      // The hours between two deliveries of a webhook pass in seconds.
      await procore.post('config', { webhooks: { time_scale: 20 } });
      await businessOne.post('seed', businessOneSeed);
      await businessOne.post('settings', { requestLifeMs: REQUEST_LIFE_MS });
      await ledgerline.post('seed', {
        ...ledgerlineSeed,
        accounts: [...ledgerlineSeed.accounts, { code: '5300', name: 'Overhead' }],
      });
      await ledgerline.post('settings', { requestLifeMs: REQUEST_LIFE_MS, jobStepMs: 50 });
    },
    async stop() {
      await Promise.all([procoreChild, businessOneChild, ledgerlineChild].map((child) => child.stop()));
    },
  };
}

function controlOf({ url }: ChildSimulator): Simulator {
  const call = async (method: 'GET' | 'POST', what: string, body?: unknown): Promise<string> => {
    const response = await fetch(`${url}/_sim/${what}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${what}: ${response.status} ${text}`);
    return text;
  };
  return {
    url,
    post: async (what, body) => JSON.parse(await call('POST', what, body)) as unknown,
    truth: () => call('GET', 'state'),
    faults: async () => JSON.parse(await call('GET', 'faults')) as Counts,
  };
}
