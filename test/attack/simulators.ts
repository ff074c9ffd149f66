import { amountText } from '../../src/demo/cents.ts';
import { type ChildSimulator, startChild } from '../../src/demo/child-simulator.ts';
import { businessOneSeed, ledgerlineSeed, PROJECT, procoreSeed, vendors } from '../scenarios/seeds.ts';
import { marked, OURS, type Party, THEIRS } from './tenants.ts';

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

/** A contract with an owner, of one line, that nobody billed on yet. */
export type OwnerContract = { readonly id: number; readonly line: number; readonly cents: bigint };

export type Simulators = {
  readonly procore: Simulator;
  readonly businessOne: Simulator;
  readonly ledgerline: Simulator;
  /** The Procore of another company, of another tenant. */
  readonly neighbours: Simulator;
  /** The signed ones, each handed out once; null when there are no more. */
  readonly ownerContracts: { readonly next: () => OwnerContract | null };
  /** Everything is forgotten and the masters of both contractors stand again: who has which ERP is said. */
  readonly startAnew: (who: { readonly businessOne: Party; readonly ledgerline: Party }) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** All simulated systems in processes of their own, which outlive the attacked ones. */
export async function startSimulators(): Promise<Simulators> {
  const [procoreChild, neighboursChild, businessOneChild, ledgerlineChild] = await Promise.all([
    startChild('procore/simulator/main.ts'),
    startChild('procore/simulator/main.ts'),
    startChild('connectors/sap-business-one/simulator/main.ts'),
    startChild('connectors/demo-erp/simulator/main.ts'),
  ]);
  const procore = controlOf(procoreChild);
  const neighbours = controlOf(neighboursChild);
  const businessOne = controlOf(businessOneChild);
  const ledgerline = controlOf(ledgerlineChild);
  let signed: OwnerContract[] = [];
  return {
    procore,
    neighbours,
    businessOne,
    ledgerline,
    ownerContracts: { next: () => signed.shift() ?? null },
    async startAnew(who) {
      signed = [...OWNER_CONTRACTS];
      const all = [procore, neighbours, businessOne, ledgerline];
      await Promise.all(all.map((each) => each.post('reset', {})));
      const prime_contracts = OWNER_CONTRACTS.map(primeContract);
      await procore.post('seed', marked(procoreSeed({ prime_contracts }), OURS));
      await neighbours.post('seed', marked(procoreSeed(), THEIRS));
      // The hours between two deliveries of a webhook pass in seconds.
      for (const each of [procore, neighbours]) await each.post('config', { webhooks: { time_scale: 20 } });
      await businessOne.post('seed', marked(businessOneSeed, who.businessOne));
      await businessOne.post('settings', { requestLifeMs: REQUEST_LIFE_MS });
      const accounts = [...ledgerlineSeed.accounts, { code: '5300', name: 'Overhead' }];
      await ledgerline.post('seed', marked({ ...ledgerlineSeed, accounts }, who.ledgerline));
      await ledgerline.post('settings', { requestLifeMs: REQUEST_LIFE_MS, jobStepMs: 50 });
    },
    async stop() {
      const all = [procoreChild, neighboursChild, businessOneChild, ledgerlineChild];
      await Promise.all(all.map((child) => child.stop()));
    },
  };
}

const OWNER_CONTRACTS: readonly OwnerContract[] = Array.from({ length: 8 }, (_, index) => ({
  id: 562949953700001 + index,
  line: 562949953710001 + index,
  // Every other is large enough for an invoice that needs a second person, or for two that need one together.
  cents: index % 2 === 0 ? 9_000_000n : 90_000n,
}));

function primeContract({ id, line, cents }: OwnerContract, index: number) {
  return {
    id,
    project_id: PROJECT,
    number: `PC-${index + 1}`,
    title: 'Pier 4',
    status: 'Approved' as const,
    executed: true,
    retainage_percent: '10.0',
    vendor_id: vendors.unknown,
    origin_id: `OWNER-${index + 1}`,
    line_items: [
      {
        ...{ id: line, cost_code_id: 41, line_item_type_id: 31 },
        ...{ amount: amountText(cents), description: 'Steel' },
      },
    ],
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
