import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openControl as ledgerline } from '../../src/connectors/demo-erp/simulator/http/control.ts';
import { sweepReferences } from '../../src/engine/watch/reference-sweep.ts';
import { tieOut } from '../../src/engine/watch/tie-out.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { billed, invoiceStands } from './billing.ts';
import { approvedChangeOrder, changeStands, exportChangeOrders } from './changes.ts';
import { editLines, exportAgain } from './hands.ts';
import { closedDetail, procoreState, questions } from './looking.ts';
import { APPROVER, exportCommitment, PROJECT, startWorld, until, type World } from './world.ts';

/** What a buyer does in each ERP, and what stands there by its own truth. */
const ERPS = {
  'sap-business-one': {
    buy: (world: World, id: string, vendor?: string) =>
      world.b1.post('act', {
        ...{ action: 'buy_request', docEntry: Number(id) },
        ...(vendor === undefined ? {} : { cardCode: vendor }),
      }),
    cancel: (world: World, id: string) =>
      world.b1.post('act', { action: 'cancel_request', docEntry: Number(id) }),
    cancelOrder: (world: World, id: string) =>
      world.b1.post('act', { action: 'cancel_order', docEntry: Number(id) }),
    requisitions: async (world: World) => {
      const { purchaseRequests } = (await world.b1.truth()) as unknown as {
        readonly purchaseRequests: readonly { readonly docEntry: number }[];
      };
      return purchaseRequests.map(({ docEntry }) => String(docEntry));
    },
  },
  'demo-erp': {
    buy: (world: World, id: string, vendor?: string) =>
      world.b1.post('act', {
        ...{ action: 'buy_requisition', id },
        ...(vendor === undefined ? {} : { vendor }),
      }),
    cancel: (world: World, id: string) => world.b1.post('act', { action: 'cancel_requisition', id }),
    cancelOrder: (world: World, id: string) => world.b1.post('act', { action: 'cancel_order', id }),
    requisitions: async (world: World) =>
      (await ledgerline(world.b1Url).state()).requisitions.map(({ id }) => id),
  },
} as const;

type Row = {
  readonly revision: number;
  readonly state: string;
  readonly target_id: string;
  readonly target_number: string;
  readonly operation: unknown;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
};

async function stands(
  world: World,
  contract: number,
  kind: 'purchase-order' | 'purchase-requisition',
  revision = 1,
): Promise<Row> {
  return until(`the ${kind} of ${contract} stands`, async () => {
    await world.sweep();
    const [row] = await world.query<Row>(
      `select revision, state, target_id, target_number, operation, reasons from document
       where source_object = 'commitment' and source_id = $1 and kind = $2 order by revision desc limit 1`,
      [String(contract), kind],
    );
    return row?.state === 'confirmed' && row.revision === revision && row;
  });
}

async function bridge(world: World) {
  const projects = await tieOut(world.engine, world.tenant);
  return projects.find(({ project }) => project.id === String(PROJECT))!.bridge;
}

describe.each(['sap-business-one', 'demo-erp'] as const)('commitments as requisitions of %s', (erp) => {
  const hands = ERPS[erp];
  const code = erp === 'demo-erp' ? 'LL' : 'B1';
  let world: World;
  let first: Awaited<ReturnType<typeof exportCommitment>>;
  let requisition: Row;
  beforeAll(async () => {
    world = await startWorld({ erp, requestLifeMs: 600, erpConfig: { commitmentsAs: 'requisition' } });
  });
  afterAll(() => world?.stop());

  test('an export ends as one requisition although its answer was lost, and its sender is told what stands', async () => {
    await world.erp.trouble({ kind: 'lost-reply' });
    first = await exportCommitment(world, { lines: [{ amount: '1000.10' }, { amount: '0.20' }] });
    requisition = await stands(world, first.contract, 'purchase-requisition');
    expect(await world.erp.reached('lost-reply')).toBe(1);
    expect(await hands.requisitions(world)).toEqual([requisition.target_id]);
    expect(await world.erp.orders()).toEqual([]);
    const detail = await closedDetail(world, first.detail);
    expect(detail.status).toBe('success');
    expect(JSON.stringify(detail)).toContain(`Requisition ${requisition.target_number} stands`);
    const { contracts } = await procoreState(world);
    const told = contracts.find(({ id }) => id === first.contract)?.origin_id;
    expect(told).toBe(`${code}-requisition-${requisition.target_id}`);
  });

  test('it is no committed cost: the difference is explained by it', async () => {
    const { items, residual, target } = await bridge(world);
    expect([target.minor, residual.minor]).toEqual([0n, 0n]);
    expect(items).toMatchObject([
      {
        cause: 'requisition',
        amount: { minor: 100_030n },
        explanation: `In requisition ${requisition.target_number}, not bought yet.`,
      },
    ]);
    const { findings } = await sweepReferences(world.engine, await erpOf(), null);
    expect(findings).toEqual([]);
  });

  test('a change order waits for its order, and goes by itself once that was made of the requisition', async () => {
    const change = await approvedChangeOrder(world, first.contract, [{ amount: '50.00' }]);
    await exportChangeOrders(world, [change.id]);
    const waiting = await changeStands(world, change.id, 'blocked', 'order-missing');
    expect(waiting.reasons[0]?.message).toContain(`requisition ${requisition.target_number}, not bought yet`);
    await hands.buy(world, requisition.target_id);
    const order = await stands(world, first.contract, 'purchase-order');
    expect(order.operation).toBeNull();
    await changeStands(world, change.id, 'confirmed');
    const orders = await world.erp.orders();
    expect(orders).toMatchObject([{ id: order.target_id, total: '1050.30' }]);
    const { contracts } = await procoreState(world);
    const contract = contracts.find(({ id }) => id === first.contract) as unknown as {
      readonly origin_id: string;
      readonly line_items: readonly { readonly origin_id: string }[];
    };
    expect(contract.origin_id).toBe(`${code}-${order.target_id}`);
    for (const line of contract.line_items)
      expect(line.origin_id).toMatch(new RegExp(`^${code}-${order.target_id}/`));
    expect((await bridge(world)).items).toEqual([]);
    expect((await sweepReferences(world.engine, await erpOf(), null)).findings).toEqual([]);
  });

  test('an order of another vendor is linked by nobody but a person', async () => {
    const { contract } = await exportCommitment(world, { lines: [{ amount: '70.00' }] });
    const asked = await stands(world, contract, 'purchase-requisition');
    await hands.buy(world, asked.target_id, 'V1001');
    const [question] = await until('somebody is asked', async () => {
      await world.sweep();
      const open = await questions(world, 'adoption');
      return open.length > 0 && open;
    });
    expect(question?.question).toContain('is of vendor V1001, and V1000 was asked for');
    const { items, residual } = await bridge(world);
    expect(items.map(({ cause }) => cause).sort()).toEqual(['erp-only', 'requisition']);
    expect(residual.minor).toBe(0n);
    const orders = await world.query('select 1 from document where source_id = $1 and kind = $2', [
      ...[String(contract), 'purchase-order'],
    ]);
    expect(orders).toEqual([]);
  });

  test('a requisition that people cancelled is asked for anew only by another export', async () => {
    const { contract } = await exportCommitment(world, { lines: [{ amount: '30.00' }] });
    const before = await stands(world, contract, 'purchase-requisition');
    await hands.cancel(world, before.target_id);
    const [question] = await until('somebody is asked', async () => {
      await world.sweep();
      const open = await questions(world, 'exception');
      return open.length > 0 && open;
    });
    expect(question?.question).toContain(`Requisition ${before.target_number} is cancelled`);
    expect(await hands.requisitions(world)).toHaveLength(3);
    await exportAgain(world, contract);
    const after = await stands(world, contract, 'purchase-requisition', 2);
    expect(after.target_id).not.toBe(before.target_id);
    expect(await hands.requisitions(world)).toHaveLength(4);
  });

  test('an edit waits while it is open, and the order follows it once that is linked', async () => {
    const { contract } = await exportCommitment(world, { lines: [{ amount: '100.00' }] });
    const asked = await stands(world, contract, 'purchase-requisition');
    await editLines(world, contract, [{ amount: '23.45' }]);
    await until('it is said that the commitment changed', async () => {
      const { reasons } = await stands(world, contract, 'purchase-requisition');
      return reasons.some(({ code }) => code === 'requisition-open');
    });
    await hands.buy(world, asked.target_id);
    const order = await stands(world, contract, 'purchase-order', 2);
    const orders = await world.erp.orders();
    expect(orders.find(({ id }) => id === order.target_id)).toMatchObject({ total: '123.45' });
    expect((await stands(world, contract, 'purchase-requisition')).reasons).toEqual([]);
  });

  test('an unlink is refused until neither the order nor the requisition would be bought', async () => {
    const { contract } = await exportCommitment(world, { lines: [{ amount: '60.00' }] });
    const asked = await stands(world, contract, 'purchase-requisition');
    await hands.buy(world, asked.target_id);
    const order = await stands(world, contract, 'purchase-order');
    await hands.cancelOrder(world, order.target_id);
    expect(await unlinked(contract)).toMatchObject({
      status: 'failed',
      messages: [expect.stringContaining(`Requisition ${asked.target_number} is still open`)],
    });
    await hands.cancel(world, asked.target_id);
    expect(await unlinked(contract)).toMatchObject({ status: 'success' });
    const left = await world.query<{ state: string }>('select state from document where source_id = $1', [
      String(contract),
    ]);
    expect(left.map(({ state }) => state)).toEqual(['detached', 'detached']);
    const { contracts } = await procoreState(world);
    expect(contracts.find(({ id }) => id === contract)?.origin_id).toBeNull();
  });

  test('a pay application waits for the order, and bills it by itself once it was made of the requisition', async () => {
    const { contract } = await exportCommitment(world, { lines: [{ amount: '80.00' }] });
    const asked = await stands(world, contract, 'purchase-requisition');
    const { contracts } = await procoreState(world);
    const [line] = contracts.find(({ id }) => id === contract)!.line_items;
    const work = { line_item_id: line!.id, work_completed_this_period: '30.10' };
    const { application } = await billed(world, contract, [work]);
    const waiting = await invoiceStands(world, application, 'blocked', { reason: 'order-missing' });
    expect(JSON.stringify(waiting.reasons)).toContain(`requisition ${asked.target_number}, not bought yet`);
    await hands.buy(world, asked.target_id);
    const order = await stands(world, contract, 'purchase-order');
    await invoiceStands(world, application, 'confirmed');
    const open = await (await erpOf()).connection.openOrderLines?.(order.target_id);
    expect(open).toMatchObject([{ open: expect.stringMatching(/^49\.90?$/) }]);
  });

  test('once orders are wanted, what stands as a requisition goes on, and what comes new is ordered at once', async () => {
    const { contract: before } = await exportCommitment(world, { lines: [{ amount: '20.00' }] });
    const asked = await stands(world, before, 'purchase-requisition');
    await want('order');
    const { contract: after } = await exportCommitment(world, { lines: [{ amount: '21.00' }] });
    await stands(world, after, 'purchase-order');
    expect(await kindsOf(after)).toEqual(['purchase-order']);
    expect(await kindsOf(before)).toEqual(['purchase-requisition']);
    await hands.buy(world, asked.target_id);
    const order = await stands(world, before, 'purchase-order');
    expect(order.operation).toBeNull();
    const orders = await world.erp.orders();
    expect(orders.filter(({ total }) => total === '20.00' || total === '21.00')).toHaveLength(2);
    await want('requisition');
  });

  async function want(commitmentsAs: 'order' | 'requisition') {
    const { id } = world.erp.connection;
    await world.query(`update connection set config = config || $1 where id = $2`, [
      JSON.stringify({ commitmentsAs }),
      id,
    ]);
    world.engine.systems.reopen(world.tenant, id);
  }

  async function kindsOf(contract: number) {
    const rows = await world.query<{ kind: string }>(
      'select distinct kind from document where source_id = $1 order by kind',
      [String(contract)],
    );
    return rows.map(({ kind }) => kind);
  }

  async function unlinked(contract: number) {
    const act = { as: APPROVER, action: 'unlink', contract_id: contract } as ProcoreAct;
    const { request_detail_ids: details } = await world.act(act);
    return closedDetail(world, (details as number[])[0]!);
  }

  const erpOf = async () => world.engine.systems.get(world.tenant, world.erp.connection.id);
});
