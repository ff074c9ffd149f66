import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { billed, invoiceStands, mapRetainage } from './billing.ts';
import type { Trouble } from './erp-target.ts';
import { procoreState } from './looking.ts';
import { ordersOf, standsOnce } from './standing.ts';
import { exportCommitment, startWorld, type World } from './world.ts';

const COMMON: readonly (readonly [string, Trouble])[] = [
  ['a reply lost after the invoice was made', { kind: 'lost-reply' }],
  // Within the 600 ms that the connection states as the life of a request.
  ['an invoice made late, after its caller was cut off', { kind: 'late-commit', params: { delay_ms: 540 } }],
  ['an answer cut in half', { kind: 'truncated-body' }],
  ['a 502 of a balancer after the invoice was made', { kind: 'unavailable', params: { after_commit: true } }],
  ['a refusal for too many requests', { kind: 'rate-limited' }],
];

describe.each([
  ['sap-business-one', COMMON],
  ['demo-erp', [...COMMON, ['a job that the ERP forgot', { kind: 'lost-job', on: 'read' }] as const]],
] as const)('%s', (erp, troubles) => {
  let world: World;
  let contract: number;
  let line_item_id: number;
  beforeAll(async () => {
    world = await startWorld({ erp, requestLifeMs: 600 });
    const sent = await exportCommitment(world, { lines: [{ amount: '10000.00' }] });
    await standsOnce(world, sent);
    contract = sent.contract;
    const { contracts } = await procoreState(world);
    line_item_id = contracts.find(({ id }) => id === contract)!.line_items[0]!.id;
    expect(await mapRetainage(world, '2050')).toEqual({ ok: true });
  });
  afterAll(() => world?.stop());

  test.each(troubles)('%s ends as one invoice, drawn once', async (_, trouble) => {
    const before = await world.erp.invoices();
    await world.erp.trouble(trouble);
    const { application } = await billed(world, contract, [
      {
        line_item_id,
        work_completed_this_period: '100.10',
        work_completed_retainage_retained_this_period: '10.01',
      },
    ]);
    const { target_id } = await invoiceStands(world, application, 'confirmed');
    expect(await world.erp.reached(trouble.kind)).toBeGreaterThan(0);
    const made = (await world.erp.invoices()).filter(({ id }) => before.every((each) => each.id !== id));
    const [order] = await ordersOf(world, contract);
    expect(made).toMatchObject([
      {
        id: target_id,
        payable: '90.09',
        retainage: '-10.01',
        drawn: [{ order: order!.id, amount: '100.10' }],
      },
    ]);
  });
});
