import { demand } from '../../src/demo/simulator-calls.ts';
import type { Sides } from '../line/sides.ts';

const ORDERS = { method: 'POST', path_regex: '/PurchaseOrders$' };

export const slowPosts = (latencyMs: number) => ({
  kind: 'latency',
  match: ORDERS,
  params: { delay_ms: latencyMs },
});

/** Each of the answers that leave open whether an order was made, and two that say it was not. */
export const trouble = () => [
  { kind: 'lost-reply', probability: 0.04, match: ORDERS },
  { kind: 'late-commit', probability: 0.02, match: ORDERS, params: { delay_ms: 250 } },
  { kind: 'truncated-body', probability: 0.02, match: ORDERS, params: { cut: 'connection' } },
  { kind: 'unavailable', probability: 0.02, match: ORDERS, params: { after_commit: true } },
  { kind: 'unavailable', probability: 0.02, match: ORDERS, params: { status: 503 } },
];

export async function setFaults(sides: Sides, rules: readonly object[]): Promise<void> {
  await demand('POST', `${sides.businessOneUrl}/_sim/faults`, { body: { seed: 1, rules } });
}

/** How many orders stand for each contract, by the number that both sides write into them. */
export async function ordersByNumber(sides: Sides): Promise<ReadonlyMap<string, number>> {
  const { writes } = (await demand('GET', `${sides.businessOneUrl}/_sim/state`)) as {
    writes: readonly { method: string; committed: boolean; body: { NumAtCard?: string } | null }[];
  };
  const counts = new Map<string, number>();
  for (const { method, committed, body } of writes)
    if (method === 'POST' && committed && body?.NumAtCard !== undefined)
      counts.set(body.NumAtCard, (counts.get(body.NumAtCard) ?? 0) + 1);
  return counts;
}

/** Of these contracts: without an order, and orders beyond the first. */
export function judged(counts: ReadonlyMap<string, number>, numbers: readonly string[]) {
  const of = numbers.map((number) => counts.get(number) ?? 0);
  return {
    lost: of.filter((count) => count === 0).length,
    duplicates: of.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
  };
}
