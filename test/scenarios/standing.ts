import { expect } from 'vitest';
import type { StandingOrder } from './erp-target.ts';
import { closedDetail, standsIn } from './looking.ts';
import type { World } from './world.ts';

/** The orders that stand in the ERP for a commitment, whichever ERP it is and whatever our tables believe. */
export async function ordersOf(world: World, contract: number): Promise<readonly StandingOrder[]> {
  const rows = await world.query<{ reference: string }>(
    `select p.reference from posting p join document d on (d.tenant, d.id) = (p.tenant, p.document)
     where d.source_id = $1 and p.connection = $2`,
    [String(contract), world.erp.connection.id],
  );
  const references = new Set(rows.map(({ reference }) => reference));
  return (await world.erp.orders()).filter(({ reference }) => references.has(reference ?? ''));
}

/** Waits until a commitment stands as exactly one order, is confirmed in Procore and its sender was told. */
export async function standsOnce(
  world: World,
  { contract, detail }: { readonly contract: number; readonly detail: number },
  revision = 1,
): Promise<StandingOrder> {
  const document = await standsIn(world, contract, 'confirmed', { revision });
  const orders = await ordersOf(world, contract);
  expect(orders).toHaveLength(1);
  const [order] = orders;
  expect(document.target_id).toBe(order!.id);
  expect((await closedDetail(world, detail)).status).toBe('success');
  return order!;
}

/** Counts what the audit chain says of a commitment's orders. */
export async function audited(world: World, contract: number, kind: string): Promise<number> {
  const [row] = await world.query<{ n: string }>(
    `select count(*) as n from audit a join document d on d.tenant = a.tenant and d.id = a.document
     where d.source_id = $1 and a.kind = $2`,
    [String(contract), kind],
  );
  return Number(row!.n);
}
