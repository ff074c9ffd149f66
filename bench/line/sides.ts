import { startChild } from '../../src/demo/child-simulator.ts';
import { demand } from '../../src/demo/simulator-calls.ts';
import { APPROVER, businessOneSeed, type Connections, connections, procoreSeed } from './company.ts';

/** Both systems as processes of their own, without latency, with the contractor of the bench in them. */
export type Sides = {
  readonly procoreUrl: string;
  readonly businessOneUrl: string;
  readonly config: Connections;
  /** Exports contracts as the approver does; what Procore made of each, in the order of the ids. */
  readonly exportAll: (contracts: readonly number[]) => Promise<Exported[]>;
  /** Has Procore call an address about new exports and changed contracts. */
  readonly callBack: (url: string, secret: string) => Promise<void>;
  /** When each order took effect, by the number of its contract. */
  readonly ordersAt: () => Promise<Map<string, number>>;
  readonly stop: () => Promise<void>;
};

export type Exported = { readonly contract: number; readonly detail: number; readonly atMs: number };

// The control plane takes a thousand contracts at once; smaller parts give events closer to their time.
const EXPORT_PART = 20;

export async function startSides(documents: number, inFlight?: number): Promise<Sides> {
  const procore = await startChild('procore/simulator/main.ts');
  const businessOne = await startChild('connectors/sap-business-one/simulator/main.ts').catch(
    async (error) => {
      await procore.stop();
      throw error;
    },
  );
  const control = (what: string, body: unknown) =>
    demand('POST', `${procore.url}/_sim/${what}`, { body }) as Promise<Record<string, number[]>>;
  await control('seed', procoreSeed(documents));
  await demand('POST', `${businessOne.url}/_sim/seed`, { body: businessOneSeed() });
  const config = connections(procore.url, businessOne.url, inFlight);
  return {
    procoreUrl: procore.url,
    businessOneUrl: businessOne.url,
    config,
    async exportAll(contracts) {
      const exported: Exported[] = [];
      for (let from = 0; from < contracts.length; from += EXPORT_PART) {
        const part = contracts.slice(from, from + EXPORT_PART);
        await control('act', { as: APPROVER, action: 'send_to_erp', contract_ids: part });
        const atMs = Date.now();
        const act = { as: APPROVER, action: 'approve_export', contract_ids: part };
        const made = await control('act', act);
        exported.push(
          ...part.map((contract, index) => ({ contract, detail: made.request_detail_ids![index]!, atMs })),
        );
      }
      return exported;
    },
    callBack: (url, secret) => callBack(procore.url, config.companyId, url, secret),
    ordersAt: () => ordersAt(businessOne.url),
    async stop() {
      await Promise.all([procore.stop(), businessOne.stop()]);
    },
  };
}

async function ordersAt(url: string): Promise<Map<string, number>> {
  const { writes } = (await demand('GET', `${url}/_sim/state`)) as {
    writes: readonly {
      at: string;
      method: string;
      committed: boolean;
      body: { NumAtCard?: string } | null;
    }[];
  };
  const rows = writes.filter(
    ({ method, committed, body }) => method === 'POST' && committed && body?.NumAtCard,
  );
  return new Map(rows.map(({ at, body }) => [body?.NumAtCard ?? '', Date.parse(at)]));
}

export async function procoreToken(url: string): Promise<string> {
  const grant = { grant_type: 'client_credentials', client_id: 'tiebeam', client_secret: 'secret' };
  const granted = await demand('POST', `${url}/oauth/token`, { body: grant });
  return (granted as { access_token: string }).access_token;
}

async function callBack(procoreUrl: string, companyId: string, url: string, secret: string): Promise<void> {
  const headers = {
    authorization: `Bearer ${await procoreToken(procoreUrl)}`,
    'procore-company-id': companyId,
  };
  const base = `${procoreUrl}/rest/v1.0/webhooks/hooks`;
  const company_id = Number(companyId);
  const hook = {
    api_version: 'v2',
    namespace: 'bench',
    destination_url: url,
    destination_headers: { Authorization: `Bearer ${secret}` },
  };
  const made = (await demand('POST', base, { headers, body: { company_id, hook } })) as { id: number };
  for (const [resource_name, event_type] of [
    ['ERP Requests', 'create'],
    ['Work Order Contracts', 'update'],
  ]) {
    const trigger = { resource_name, event_type };
    const body = { company_id, api_version: 'v2', trigger };
    await demand('POST', `${base}/${made.id}/triggers`, { headers, body });
  }
}
