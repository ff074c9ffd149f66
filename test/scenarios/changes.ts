import { formatMoney, parseMoney } from '../../src/domain/values/money.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { procoreState } from './looking.ts';
import { APPROVER, PETER, until, type World } from './world.ts';

/** A change order of a commitment that was created and approved; nobody has sent it to the ERP yet. */
export async function approvedChangeOrder(
  world: World,
  contract: number,
  lines: readonly { readonly amount: string; readonly description?: string; readonly code?: number }[],
): Promise<{ id: number; lines: number[] }> {
  const made = await world.act({
    as: PETER,
    action: 'create_change_order',
    contract_id: contract,
    title: 'Change of the work',
    line_items: lines.map(({ amount, description = 'More', code = 41 }) => ({
      ...{ amount, description },
      cost_code_id: code,
      line_item_type_id: 31,
    })),
  } as ProcoreAct);
  const id = Number(made.change_order_package_id);
  await world.act({
    as: PETER,
    action: 'approve_change_order',
    change_order_package_id: id,
  } as ProcoreAct);
  return { id, lines: made.line_ids as number[] };
}

/** Sends change orders to the ERP and approves their export: one request with one detail for each. */
export async function exportChangeOrders(
  world: World,
  ids: readonly number[],
  typed: Readonly<Record<string, string>> = {},
): Promise<number[]> {
  await world.act({
    as: PETER,
    action: 'send_change_orders_to_erp',
    change_order_package_ids: ids,
  } as ProcoreAct);
  const done = await world.act({
    as: APPROVER,
    action: 'approve_change_order_export',
    change_order_package_ids: ids,
    erp_custom_fields: typed,
  } as ProcoreAct);
  return done.request_detail_ids as number[];
}

type ChangeRow = {
  readonly revision: number;
  readonly state: string;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
};

/** Waits until a change order stands in a state; says where it stood when it never does. */
export async function changeStands(
  world: World,
  changeOrder: number,
  state: string,
  reason?: string,
): Promise<ChangeRow> {
  let last: ChangeRow | undefined;
  const look = async () => {
    const rows = await world.query<ChangeRow>(
      `select revision, state, reasons from document where source_object = 'change-order' and source_id = $1
       order by revision desc limit 1`,
      [String(changeOrder)],
    );
    last = rows[0];
    const told = reason === undefined || last?.reasons.some(({ code }) => code === reason);
    return last?.state === state && told ? last : null;
  };
  try {
    return await until(`change order ${changeOrder} is ${state}`, look);
  } catch {
    throw new Error(`change order ${changeOrder} never stood in ${state}: ${JSON.stringify(last)}`);
  }
}

/** What of each line of an order is open in the ERP: all of it, before anything is billed. */
export async function linesInErp(world: World, order: string): Promise<string[]> {
  const { connection } = await world.engine.systems.homeOf(world.tenant);
  const lines = (await connection.openOrderLines?.(order)) ?? [];
  return lines.map(({ open }) => formatMoney(parseMoney(open, 'USD')));
}

type Origin = { readonly id: number; readonly origin_id: string | null };

/** What Procore shows of a change order and its lines. */
export async function syncedChangeOrder(world: World, id: number) {
  const { change_order_packages: packages } = (await procoreState(world)) as unknown as {
    readonly change_order_packages: readonly (Origin & { readonly line_items: readonly Origin[] })[];
  };
  return packages.find((one) => one.id === id)!;
}
