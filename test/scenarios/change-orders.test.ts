import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatMoney } from '../../src/domain/values/money.ts';
import { sweepReferences } from '../../src/engine/watch/reference-sweep.ts';
import { tieOut } from '../../src/engine/watch/tie-out.ts';
import { billed, invoiceStands } from './billing.ts';
import {
  approvedChangeOrder,
  changeStands,
  exportChangeOrders,
  linesInErp,
  syncedChangeOrder,
} from './changes.ts';
import {
  editLines,
  leaveOriginInProcore,
  mapCost,
  unlinkChangeOrderInProcore,
  unlinkInProcore,
} from './hands.ts';
import { closedDetail, procoreState, questions, standsIn } from './looking.ts';
import { standsOnce } from './standing.ts';
import {
  createCommitment,
  exportCommitment,
  PETER,
  people,
  sendAndApprove,
  startWorld,
  until,
  type World,
} from './world.ts';

// One subcontract from its order to the application that bills a change of it, in both ERPs.
describe.each(['sap-business-one', 'demo-erp'] as const)('a subcontract that changes, in %s', (erp) => {
  let world: World;
  let contract: number;
  let order: string;
  let first: { id: number; lines: number[] };
  beforeAll(async () => {
    world = await startWorld({ erp });
    const sent = await exportCommitment(world, {
      number: 'SC-7',
      lines: [{ amount: '10000.00' }, { amount: '5000.00' }],
    });
    contract = sent.contract;
    order = (await standsOnce(world, sent)).id;
  });
  afterAll(() => world?.stop());

  test('an approved change order is named as what differs until somebody exports it', async () => {
    first = await approvedChangeOrder(world, contract, [
      { amount: '1200.50', description: 'Deeper footings' },
      { amount: '-200.25', description: 'No paint' },
    ]);
    expect(await bridge()).toEqual(['1000.25 not-sent SC-7 CO 001']);
  });

  test('once exported it stands in the order with lines of its own, although the answer is lost', async () => {
    await world.erp.trouble({ kind: 'lost-reply', on: 'change' });
    const [detail] = await exportChangeOrders(world, [first.id]);
    await changeStands(world, first.id, 'confirmed');
    expect(await world.erp.reached('lost-reply')).toBe(1);
    expect((await closedDetail(world, detail!)).status).toBe('success');
    expect(await linesInErp(world, order)).toEqual(['10000.00', '5000.00', '1200.50', '-200.25']);
    expect(await bridge()).toEqual([]);
    const synced = await syncedChangeOrder(world, first.id);
    const code = world.erp.connection.code;
    expect(synced.origin_id).toBe(`${code}-${order}/change-${first.id}`);
    expect(synced.line_items.map(({ origin_id: id }) => id?.startsWith(`${code}-${order}/`))).toEqual([
      true,
      true,
    ]);
  });

  test('two exported together with an edit of the contract end in one order that says all three', async () => {
    const second = await approvedChangeOrder(world, contract, [{ amount: '77.00' }]);
    const third = await approvedChangeOrder(world, contract, [{ amount: '-1500.75' }]);
    const { contracts } = await procoreState(world);
    const line = contracts.find(({ id }) => id === contract)!.line_items[1]!;
    const details = await exportChangeOrders(world, [second.id, third.id]);
    await editLines(world, contract, [{ id: line.id, amount: '5100.00' }]);
    await changeStands(world, second.id, 'confirmed');
    await changeStands(world, third.id, 'confirmed');
    await standsIn(world, contract, 'confirmed', { revision: 2 });
    for (const detail of details) expect((await closedDetail(world, detail)).status).toBe('success');
    const amounts = await linesInErp(world, order);
    expect(amounts.slice(0, 4)).toEqual(['10000.00', '5100.00', '1200.50', '-200.25']);
    expect(amounts.slice(4).sort()).toEqual(['-1500.75', '77.00']);
    expect((await world.erp.orders()).map(({ id, total }) => [id, total])).toEqual([[order, '14676.50']]);
    expect(await bridge()).toEqual([]);
  });

  test('an application that bills the change order draws from its lines', async () => {
    const { contracts } = await procoreState(world);
    const [signed] = contracts.find(({ id }) => id === contract)!.line_items;
    const { application } = await billed(world, contract, [
      { line_item_id: signed!.id, work_completed_this_period: '4000.00' },
      { line_item_id: first.lines[0]!, work_completed_this_period: '600.25' },
      { line_item_id: first.lines[1]!, work_completed_this_period: '-200.25' },
    ]);
    const { target_id } = await invoiceStands(world, application, 'confirmed');
    const made = (await world.erp.invoices()).find(({ id }) => id === target_id)!;
    const keys = await lineKeys(first.id);
    expect(made.drawn.map(({ line, amount }) => [line, amount])).toEqual([
      [await lineKey(contract, signed!.id), '4000.00'],
      [keys[0], '600.25'],
      [keys[1], '-200.25'],
    ]);
  });

  test('exported once more nothing is written to the ERP, and its sender is told', async () => {
    const writes = await world.erp.orderWrites();
    await unlinkChangeOrderInProcore(world, first.id);
    const [detail] = await exportChangeOrders(world, [first.id]);
    expect((await closedDetail(world, detail!)).status).toBe('success');
    expect(await world.erp.orderWrites()).toBe(writes);
    expect((await changeStands(world, first.id, 'confirmed')).revision).toBe(1);
  });

  test('the daily look finds the order as it was written last', async () => {
    const target = await world.engine.systems.homeOf(world.tenant);
    const report = await until('what was posted is old enough to be compared', async () => {
      const found = await sweepReferences(world.engine, target, null);
      return found.listed >= 2 && found;
    });
    expect(report.findings).toEqual([]);
  });

  test('voided after it was posted nothing follows by itself: somebody is asked', async () => {
    const last = await approvedChangeOrder(world, contract, [{ amount: '9.00' }]);
    await exportChangeOrders(world, [last.id]);
    await changeStands(world, last.id, 'confirmed');
    const writes = await world.erp.orderWrites();
    await unlinkChangeOrderInProcore(world, last.id);
    await world.act({ as: PETER, action: 'void_change_order', change_order_package_id: last.id } as never);
    const asked = await until('somebody is asked', async () => {
      const rows = await world.query<{ question: string }>(
        "select question from review_item where kind = 'conflict' and state = 'open' and subject like 'change-order:%'",
      );
      return rows[0];
    });
    expect(asked.question).toContain('"void" in Procore, and its lines (9.00 USD) still stand');
    expect(await world.erp.orderWrites()).toBe(writes);
    expect(await bridge()).toEqual(['-9.00 closing-in-erp SC-7 CO 004']);
  });

  async function bridge(): Promise<string[]> {
    const projects = await tieOut(world.engine, world.tenant);
    for (const { bridge } of projects) expect(bridge.residual.minor).toBe(0n);
    return projects.flatMap(({ bridge }) =>
      bridge.items.map(({ amount, cause, number }) => `${formatMoney(amount)} ${cause} ${number}`),
    );
  }

  async function lineKeys(changeOrder: number): Promise<string[]> {
    return Promise.all(first.lines.map((line) => lineKey(changeOrder, line)));
  }

  async function lineKey(source: number, line: number): Promise<string> {
    const rows = await world.query<{ target_line: string }>(
      'select target_line from link where source_id = $1 and source_line = $2',
      [String(source), String(line)],
    );
    return rows[0]!.target_line;
  }
});

describe('a change order at the threshold', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world?.stop());

  test('waits for a second person, who is asked again when the order changed meanwhile', async () => {
    const sent = await exportCommitment(world, { lines: [{ amount: '1000.00' }] });
    await standsOnce(world, sent);
    // Plus and minus do not cancel out: together they move as much as the threshold.
    const large = await approvedChangeOrder(world, sent.contract, [
      { amount: '30000.00' },
      { amount: '-20000.00' },
    ]);
    const small = await approvedChangeOrder(world, sent.contract, [{ amount: '7.00' }]);
    const [detail] = await exportChangeOrders(world, [large.id]);
    await changeStands(world, large.id, 'awaiting-approval');
    const asked = await approvalOf(large.id);
    expect(asked.question).toMatch(
      /^Put the change order into the purchase order .+ USD 50,000\.00 is at or above/,
    );
    await exportChangeOrders(world, [small.id]);
    await changeStands(world, small.id, 'confirmed');
    const again = await until('the question is about the order as it is now', async () => {
      const now = await approvalOf(large.id);
      return now.evidence.payloadHash !== asked.evidence.payloadHash && now;
    });
    const approve = ({ id, evidence }: typeof asked) =>
      world.service.approve({
        ...{ tenant: world.tenant, user: people.controller, reviewId: id },
        payloadHash: evidence.payloadHash ?? '',
      });
    expect(await approve({ ...again, evidence: asked.evidence })).toMatchObject({ ok: false });
    expect(await approve(again)).toEqual({ ok: true });
    await changeStands(world, large.id, 'confirmed');
    expect((await closedDetail(world, detail!)).status).toBe('success');
    expect((await world.erp.orders()).map(({ total }) => total)).toEqual(['11007.00']);
  });

  async function approvalOf(changeOrder: number) {
    return until('somebody is asked', async () => {
      const rows = await world.query<{ id: string }>(
        "select id from document where source_object = 'change-order' and source_id = $1",
        [String(changeOrder)],
      );
      return (await questions(world, 'approval')).find(({ document }) => document === rows[0]?.id);
    });
  }
});

describe('a change order whose order does not stand', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world?.stop());

  test('is refused by name where its commitment was never exported', async () => {
    const contract = await createCommitment(world, { number: 'SC-8' });
    await leaveOriginInProcore(world, contract, 'SAGE-8');
    const { id } = await approvedChangeOrder(world, contract, [{ amount: '5.00' }]);
    const [detail] = await exportChangeOrders(world, [id]);
    const { status, messages } = await closedDetail(world, detail!);
    expect(status).toBe('failed');
    expect(messages.join()).toMatch(/^(Its commitment|Commitment SC-8) was never exported/);
  });

  test('waits for it, and goes by itself once it is posted', async () => {
    const contract = await createCommitment(world, {
      number: 'SC-9',
      lines: [{ amount: '100.00', code: 43 }],
    });
    await sendAndApprove(world, contract);
    await standsIn(world, contract, 'in-review');
    // Nobody can send a change order of what no system is said to have.
    await leaveOriginInProcore(world, contract, 'SAGE-9');
    const { id } = await approvedChangeOrder(world, contract, [{ amount: '5.00' }]);
    const [detail] = await exportChangeOrders(world, [id]);
    await changeStands(world, id, 'blocked', 'order-missing');
    await unlinkInProcore(world, contract);
    expect(await mapCost(world, '09-900|S', '5200')).toEqual({ ok: true });
    await editLines(world, contract, [], { description: 'Looked at again' });
    await changeStands(world, id, 'confirmed');
    expect((await closedDetail(world, detail!)).status).toBe('success');
    expect((await world.erp.orders()).map(({ total }) => total)).toEqual(['105.00']);
  });
});
