import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { confirmUnchanged } from '../../src/engine/post/confirm.ts';
import { step } from '../../src/engine/step.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { invoicesOfSource } from '../../src/store/documents/document-lists.ts';
import { newestItem } from '../../src/store/requests/request-item.ts';
import { approvedApplication, invoiceStands, mapRetainage } from './billing.ts';
import { approvedChangeOrder, changeStands, exportChangeOrders } from './changes.ts';
import { unlinkChangeOrderInProcore } from './hands.ts';
import { closedDetail, procoreState, questions, standsIn } from './looking.ts';
import { APPROVER, createCommitment, PETER, startWorld, until, type World } from './world.ts';

const ERPS = [
  { erp: 'sap-business-one', field: 'U_CostCenter', change: 'U_ChangeCenter' },
  { erp: 'demo-erp', field: 'cost_center', change: 'change_center' },
] as const;

let world: World;

async function start({ erp, field, change }: (typeof ERPS)[number]): Promise<void> {
  world = await startWorld({
    erp,
    procore: {
      exportFields: ['commitment', 'change-order', 'sub-invoice'].map((of) => `${of}:cost_center:20`),
    },
    erpConfig: {
      documentFields: [
        `commitment:cost_center=${field}:8`,
        `change-order:cost_center=${change}:8`,
        `sub-invoice:cost_center=${field}:8`,
      ],
    },
  });
  expect(await mapRetainage(world, '2050')).toEqual({ ok: true });
}

/** Sends a commitment to the ERP; the approver types a cost centre. */
async function exportWith(contract: number, cost_center: string): Promise<number> {
  await world.act({ as: PETER, action: 'send_to_erp', contract_ids: [contract] } as ProcoreAct);
  const done = await world.act({
    as: APPROVER,
    action: 'approve_export',
    contract_ids: [contract],
    code: 'ERP',
    erp_custom_fields: { cost_center },
  } as ProcoreAct);
  return (done.request_detail_ids as number[])[0]!;
}

async function exportInvoiceWith(application: number, cost_center: string): Promise<void> {
  const requisition_ids = [application];
  await world.act({ as: PETER, action: 'send_applications_to_erp', requisition_ids } as ProcoreAct);
  await world.act({
    as: APPROVER,
    action: 'approve_application_export',
    requisition_ids,
    erp_custom_fields: { cost_center },
  } as ProcoreAct);
}

type Standing = {
  readonly udfs?: Readonly<Record<string, string | null>>;
  readonly fields?: Readonly<Record<string, string>>;
  readonly changes?: readonly { readonly fields: Readonly<Record<string, string>> }[];
};

/** What each order says of its changes: in its header, or with each change. */
async function changeCenters(): Promise<unknown[]> {
  const { orders } = (await world.b1.truth()) as unknown as { readonly orders: readonly Standing[] };
  return orders.map(({ udfs, changes = [] }) => {
    const said = changes.flatMap(({ fields }) => fields.change_center ?? []);
    return udfs === undefined ? said.join(' ') : (udfs.U_ChangeCenter ?? '');
  });
}

/** The field of each order or invoice that stands, whatever the ERP calls it. */
async function costCenters(of: 'orders' | 'invoices'): Promise<unknown[]> {
  const truth = (await world.b1.truth()) as unknown as Record<typeof of, readonly Standing[]>;
  return truth[of].map(({ udfs, fields, changes = [] }) => {
    const said = [fields, ...changes.map((change) => change.fields)];
    return udfs?.U_CostCenter ?? said.findLast((each) => each?.cost_center)?.cost_center;
  });
}

describe.each(ERPS)('what the approver types at the export, in $erp', (where) => {
  let contract: number;
  beforeAll(() => start(where));
  afterAll(() => world?.stop());

  test('stands in the field of the order that the connection names', async () => {
    contract = await createCommitment(world, { lines: [{ amount: '900.00' }] });
    await exportWith(contract, 'A100');
    await standsIn(world, contract, 'confirmed');
    expect(await costCenters('orders')).toEqual(['A100']);
  });

  test('is refused in words where it is longer than the field, and never cut', async () => {
    const other = await createCommitment(world);
    const told = await closedDetail(world, await exportWith(other, 'A very long one'));
    expect(told.status).toBe('failed');
    expect(told.messages.join(' ')).toContain(`${where.field} holds 8`);
    expect(await costCenters('orders')).toEqual(['A100']);
    await exportWith(other, 'B200');
    await standsIn(world, other, 'confirmed');
    expect(await costCenters('orders')).toEqual(['A100', 'B200']);
  });

  test('changes the order when it is exported again with another value', async () => {
    await exportWith(contract, 'C300');
    await standsIn(world, contract, 'confirmed', { revision: 2 });
    expect(await costCenters('orders')).toEqual(['C300', 'B200']);
  });

  test('of a change order stands with the change, once although the answer is lost, and leaves the contract its own', async () => {
    const [first, second] = [
      await approvedChangeOrder(world, contract, [{ amount: '10.00' }]),
      await approvedChangeOrder(world, contract, [{ amount: '-1.00' }]),
    ];
    const [refused] = await exportChangeOrders(world, [first.id], { cost_center: 'Too long a one' });
    expect((await closedDetail(world, refused!)).messages.join(' ')).toContain(`${where.change} holds 8`);
    await world.erp.trouble({ kind: 'lost-reply', on: 'change' });
    await exportChangeOrders(world, [first.id], { cost_center: 'X1' });
    await changeStands(world, first.id, 'confirmed');
    expect(await world.erp.reached('lost-reply')).toBe(1);
    await exportChangeOrders(world, [second.id], { cost_center: 'X1' });
    await changeStands(world, second.id, 'confirmed');
    const isB1 = where.erp === 'sap-business-one';
    expect(await changeCenters()).toEqual([isB1 ? 'X1' : 'X1 X1', '']);
    expect(await costCenters('orders')).toEqual(['C300', 'B200']);
    await unlinkChangeOrderInProcore(world, first.id);
    await exportChangeOrders(world, [first.id], { cost_center: 'X2' });
    await until(
      'it is changed',
      async () => (await changeStands(world, first.id, 'confirmed')).revision === 2,
    );
    expect(await changeCenters()).toEqual([isB1 ? 'X2' : 'X1 X1 X2', '']);
    expect((await world.erp.orders())[0]!.total).toBe('909.00');
  });

  test('stands in the invoice, and another value for it is a question', async () => {
    const { contracts } = await procoreState(world);
    const [line] = contracts.find(({ id }) => id === contract)!.line_items;
    const lines = [{ line_item_id: line!.id, work_completed_this_period: '400.00' }];
    const application = await approvedApplication(world, contract, lines);
    await exportInvoiceWith(application, 'D400');
    await invoiceStands(world, application, 'confirmed');
    expect(await costCenters('invoices')).toEqual(['D400']);
    const exported = await step(world.engine, world.tenant, async (tx) => {
      const key = { connection: 'procore', object: 'sub-invoice', nativeId: String(application) };
      const item = await newestItem(tx, key.connection, key.object, key.nativeId);
      const { connection: sourceConnection, object: sourceObject, nativeId: sourceId } = key;
      const [posted] = await invoicesOfSource(tx, { sourceConnection, sourceObject, sourceId });
      const hub = await world.engine.systems.get(world.tenant, 'procore');
      // Another request about the same invoice, which Procore's tool lets nobody send by hand.
      const again = { ...item!, key: 'again', detailId: null, typed: { cost_center: 'E500' } };
      await confirmUnchanged(world.engine, tx, hub, posted!, again);
      return posted!;
    });
    const asked = await questions(world, 'exception');
    expect(asked.map(({ subject }) => subject)).toEqual([`fields:${exported.id}:again`]);
    expect(asked[0]!.question).toContain(`${where.field} "E500", where "D400" was posted`);
    expect(await costCenters('invoices')).toEqual(['D400']);
  });
});
