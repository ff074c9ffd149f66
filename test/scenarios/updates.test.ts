import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ActInput } from '../../src/connectors/sap-business-one/simulator/act.ts';
import type { AlteredAnswers } from './altered-answers.ts';
import { type AlteredWorld, startAlteredWorld } from './altered-world.ts';
import { actInErp, editLines, exportAgain, mapCost, unlinkInProcore } from './hands.ts';
import {
  closedDetail,
  documentOf,
  orderOf,
  orderWrites,
  procoreState,
  questionAbout,
  standsIn,
} from './looking.ts';
import { exportCommitment, until, type World } from './world.ts';

let world: World;
let procore: AlteredAnswers;
let altered: AlteredWorld;
beforeAll(async () => {
  altered = await startAlteredWorld();
  ({ world, procore } = altered);
});
afterAll(() => altered?.stop());

async function postedOrder(number?: string) {
  const { contract, detail } = await exportCommitment(world, {
    ...(number === undefined ? {} : { number }),
    lines: [{ amount: '1000.10' }, { amount: '0.20' }],
  });
  await standsIn(world, contract, 'confirmed');
  const { contracts } = await procoreState(world);
  const lines = contracts.find(({ id }) => id === contract)!.line_items.map(({ id }) => id);
  return { contract, detail, lines: lines as [number, number] };
}

async function totals(contract: number): Promise<number[]> {
  return (await orderOf(world, contract)).document.DocumentLines.map((line) => line.LineTotal);
}

describe('a change in Procore after posting', () => {
  test('reaches the same order once: a changed amount and a new line are revision 2', async () => {
    const { contract, lines } = await postedOrder();
    const before = await orderOf(world, contract);
    const writes = await orderWrites(world);
    await editLines(world, contract, [{ id: lines[0], amount: '1100.10' }, { amount: '7.00' }]);
    await standsIn(world, contract, 'confirmed', { revision: 2 });
    const after = await orderOf(world, contract);
    expect(after.docEntry).toBe(before.docEntry);
    expect(after.udfs.U_TiebeamRev).toBe('2');
    expect(await totals(contract)).toEqual([1100.1, 0.2, 7]);
    expect(await orderWrites(world)).toBe(writes + 1);
  });

  test('that takes a line away leaves it in the order with the amount zero', async () => {
    const { contract, lines } = await postedOrder('GONE');
    procore.change((shown) => {
      const rows = shown.line_items as { readonly id: number }[] | undefined;
      if (shown.number !== 'GONE') return shown;
      return {
        ...shown,
        grand_total: '1000.10',
        ...(rows === undefined ? {} : { line_items: rows.filter(({ id }) => id !== lines[1]) }),
      };
    });
    await editLines(world, contract, [], { description: 'One line less' });
    await standsIn(world, contract, 'confirmed', { revision: 2 });
    expect(await totals(contract)).toEqual([1000.1, 0]);
  });

  test('made twice in a row ends with what Procore says, each revision applied at most once', async () => {
    const { contract, lines } = await postedOrder();
    const writes = await orderWrites(world);
    await editLines(world, contract, [{ id: lines[0], amount: '2000.00' }]);
    await editLines(world, contract, [{ id: lines[0], amount: '3000.00' }]);
    await until('the order shows the last amount', async () => (await totals(contract))[0] === 3000);
    const revision = Number((await orderOf(world, contract)).udfs.U_TiebeamRev);
    await standsIn(world, contract, 'confirmed', { revision });
    expect([2, 3]).toContain(revision);
    expect(await orderWrites(world)).toBe(writes + revision - 1);
    expect(await totals(contract)).toEqual([3000, 0.2]);
  });
});

describe('an order that somebody touched in the ERP', () => {
  const line = { lineNum: 0 } as const;
  test.each<{ what: string; act: (docEntry: number) => ActInput; told: RegExp }>([
    {
      what: 'edited by hand',
      act: (docEntry) => ({ action: 'edit_order_line', docEntry, ...line, changes: { LineTotal: 900 } }),
      told: /amount is 900, we left 1000\.1/,
    },
    {
      what: 'with a closed line',
      act: (docEntry) => ({ action: 'close_line', docEntry, ...line }),
      told: /is closed/,
    },
    {
      what: 'with a line that is invoiced beyond the new amount',
      act: (docEntry) => ({ action: 'invoice_line', docEntry, ...line, amount: '950.05' }),
      told: /Line 1 .* becomes 950\.00, and 950\.05 of it is invoiced/,
    },
  ])('$what becomes a conflict for a person, and nothing is overwritten', async ({ act, told }) => {
    const { contract, lines } = await postedOrder();
    const { docEntry } = await orderOf(world, contract);
    await actInErp(world, act(docEntry));
    const touched = await orderOf(world, contract);
    const writes = await orderWrites(world);
    await editLines(world, contract, [{ id: lines[0], amount: '950.00' }]);
    await standsIn(world, contract, 'conflict', { revision: 2 });
    expect((await questionAbout(world, contract, 'conflict')).question).toMatch(told);
    expect(await orderOf(world, contract)).toEqual(touched);
    expect(await orderWrites(world)).toBe(writes);
  });
});

test('a line that is invoiced in part is changed as far as it stays at what is invoiced', async () => {
  const { contract, lines } = await postedOrder();
  const { docEntry } = await orderOf(world, contract);
  await actInErp(world, { action: 'invoice_line', docEntry, lineNum: 0, amount: '500.00' });
  await editLines(world, contract, [{ id: lines[0], amount: '500.01' }]);
  await standsIn(world, contract, 'confirmed', { revision: 2 });
  expect(await totals(contract)).toEqual([500.01, 0.2]);
});

test('an export that changes nothing writes nothing to the ERP and is closed with success', async () => {
  const { contract } = await postedOrder();
  const before = await orderOf(world, contract);
  const writes = await orderWrites(world);
  await unlinkInProcore(world, contract);
  const { detail } = await exportAgain(world, contract);
  expect((await closedDetail(world, detail)).status).toBe('success');
  expect((await documentOf(world, contract))?.revision).toBe(1);
  expect(await orderOf(world, contract)).toEqual(before);
  expect(await orderWrites(world)).toBe(writes);
  const { contracts } = await procoreState(world);
  expect(contracts.find(({ id }) => id === contract)?.origin_id).toBe(`B1-${before.docEntry}`);
});

test('a mapping that changes after posting does not recode what is posted, not even when it is edited', async () => {
  const { contract } = await exportCommitment(world, { lines: [{ amount: '10.00', code: 42 }] });
  await standsIn(world, contract, 'confirmed');
  expect(await mapCost(world, '03-100|S', '5200')).toEqual({ ok: true });
  const next = await exportCommitment(world, { lines: [{ amount: '11.00', code: 42 }] });
  await standsIn(world, next.contract, 'confirmed');
  const accounts = async (of: number) =>
    (await orderOf(world, of)).document.DocumentLines.map((line) => line.AccountCode);
  expect(await accounts(next.contract)).toEqual(['5200']);
  const { contracts } = await procoreState(world);
  const line = contracts.find(({ id }) => id === contract)!.line_items[0]!;
  await editLines(world, contract, [{ id: line.id, amount: '12.00' }]);
  await standsIn(world, contract, 'confirmed', { revision: 2 });
  expect(await totals(contract)).toEqual([12]);
  expect(await accounts(contract)).toEqual(['5100']);
});
