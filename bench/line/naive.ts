import { Agent, request } from 'undici';
import { encodeCreate } from '../../src/connectors/sap-business-one/orders/purchase-order.ts';
import { lineIds, orderOf } from './company.ts';
import { type Exported, procoreToken, type Sides } from './sides.ts';

/**
 * The named limit: the fewest calls that carry a document, and nothing else. Per document one POST of the order,
 * one PATCH of the external data, one PATCH of the request detail, one after the other, several documents at the
 * same time. It keeps nothing, reads nothing back, and repeats a lost reply as a second order.
 */
export async function naiveLoop(
  sides: Sides,
  exported: readonly Exported[],
  inFlight: number,
): Promise<{ readonly seconds: number }> {
  const agent = new Agent({ connections: inFlight });
  const { companyId } = sides.config;
  const token = await procoreToken(sides.procoreUrl);
  const toProcore = { authorization: `Bearer ${token}`, 'procore-company-id': companyId };
  const cookie = await signIn(sides, agent);
  const call = async (
    method: 'POST' | 'PATCH',
    url: string,
    body: string,
    headers: Record<string, string>,
  ) => {
    const answer = await request(url, {
      method,
      body,
      dispatcher: agent,
      headers: { ...headers, 'content-type': 'application/json' },
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.statusCode} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const company = `${sides.procoreUrl}/rest/v1.0/companies/${companyId}`;
  const carry = async ({ contract, detail }: Exported) => {
    const order = encodeCreate(orderOf(contract));
    const made = await call('POST', `${sides.businessOneUrl}/b1s/v2${order.path}`, order.body ?? '', {
      cookie,
    });
    const header = { item_type: 'work_order_contract', item_id: contract, origin_id: `B1-${made.DocEntry}` };
    const lines = lineIds(contract).map((id, index) => ({
      item_type: 'line_item',
      item_id: id,
      origin_id: `${header.origin_id}/${index}`,
    }));
    const updates = JSON.stringify({ updates: [...lines, header] });
    await call('PATCH', `${company}/external_data/sync`, updates, toProcore);
    const closing = JSON.stringify({ request_detail: { status: 'success', messages: [] } });
    await call('PATCH', `${company}/erp_request_details/${detail}`, closing, toProcore);
  };
  const queue = [...exported];
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await carry(next);
    }),
  );
  const seconds = (performance.now() - startedMs) / 1_000;
  await agent.close();
  return { seconds };
}

async function signIn(sides: Sides, agent: Agent): Promise<string> {
  const { companyDb, userName, password } = sides.config.businessOne;
  const answer = await request(`${sides.businessOneUrl}/b1s/v2/Login`, {
    method: 'POST',
    dispatcher: agent,
    body: JSON.stringify({ CompanyDB: companyDb, UserName: userName, Password: password }),
  });
  const { SessionId } = (await answer.body.json()) as { SessionId: string };
  return `B1SESSION=${SessionId}`;
}
