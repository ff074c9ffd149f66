import { Agent, request } from 'undici';
import { encodeCreate } from '../../src/connectors/sap-business-one/orders/purchase-order.ts';
import { orderOf } from '../line/company.ts';
import type { Sides } from '../line/sides.ts';

const MOST_TRIES = 5;

/**
 * What one writes first: take an order, POST it, and POST it again when no good answer came. It keeps nothing, reads
 * nothing back, and cannot know whether the order stands already.
 */
export async function barePosts(
  sides: Sides,
  contracts: readonly number[],
  inFlight: number,
): Promise<{ readonly seconds: number }> {
  const agent = new Agent({ connections: inFlight });
  const root = `${sides.businessOneUrl}/b1s/v2`;
  const { companyDb, userName, password } = sides.config.businessOne;
  const signIn = await request(`${root}/Login`, {
    method: 'POST',
    dispatcher: agent,
    body: JSON.stringify({ CompanyDB: companyDb, UserName: userName, Password: password }),
  });
  const { SessionId } = (await signIn.body.json()) as { SessionId: string };
  const headers = { cookie: `B1SESSION=${SessionId}`, 'content-type': 'application/json' };

  async function post(contract: number): Promise<void> {
    const { path, body } = encodeCreate(orderOf(contract));
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await request(root + path, {
          method: 'POST',
          dispatcher: agent,
          headers,
          body: body ?? '',
        });
        const text = await answer.body.text();
        if (answer.statusCode === 201 && JSON.parse(text).DocEntry !== undefined) return;
        throw new Error(`${answer.statusCode} ${text.slice(0, 200)}`);
      } catch (error) {
        if (tries === MOST_TRIES) throw error;
      }
    }
  }

  const queue = [...contracts];
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await post(next);
    }),
  );
  const seconds = (performance.now() - startedMs) / 1_000;
  await agent.close();
  return { seconds };
}
