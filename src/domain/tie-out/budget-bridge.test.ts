import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMoney, type Money, money } from '../values/money.ts';
import { type KnownBudget, type SourceBudget, type TargetBudget, tieOutBudget } from './budget-bridge.ts';

const usd = (minor: bigint) => money(minor, 'USD');
const entry = (more: Partial<KnownBudget>): KnownBudget => ({
  ...{ documentId: 'd1', number: 'Budget', title: 'Pier 4', state: 'confirmed', reason: '', code: null },
  ...{ owner: null, targetId: null, moves: [] },
  ...more,
});
const named = (...sides: [SourceBudget, readonly TargetBudget[], readonly KnownBudget[]]) => {
  const { items, residual } = tieOutBudget('USD', ...sides);
  expect(residual.minor).toBe(0n);
  return items.map(({ cause, number, amount }) => `${cause} ${number} ${formatMoney(amount)}`);
};
const line = (label: string, minor: bigint) => ({ label, amount: usd(minor) });
const move = (label: string, minor: bigint, changeId: string | null = null) => ({
  ...line(label, minor),
  changeId,
});
const there = (id: string, minor: bigint): TargetBudget => ({
  id,
  number: '',
  title: '',
  amount: usd(minor),
});
const change = (id: string, minor: bigint) => ({
  ...{ id, name: `Budget change ${id}`, title: 'Piles', amount: usd(minor), synced: false },
});

test('budgets that say the same on both sides have nothing between them', () => {
  const known = [entry({ targetId: 'LB-1', moves: [move('05-100 S', 100n), move('03-100 S', 50n)] })];
  const source = { lines: [line('05-100 S', 100n), line('03-100 S', 50n)], changes: [] };
  expect(named(source, [there('LB-1', 150n)], known)).toEqual([]);
});

test('what was never exported is named line by line, and change by change', () => {
  const source = { lines: [line('05-100 S', 100n)], changes: [change('3', 7n)] };
  expect(named(source, [], [])).toEqual(['not-sent 05-100 S 1.00', 'not-sent Budget change 3 0.07']);
});

test('an entry on its way is one part; what moved since its export is another', () => {
  const known = [
    entry({ targetId: 'LB-1', moves: [move('05-100 S', 100n)] }),
    entry({ documentId: 'd2', number: 'Change', state: 'blocked', moves: [move('05-100 S', -30n)] }),
  ];
  const source = { lines: [line('05-100 S', 75n)], changes: [] };
  expect(named(source, [there('LB-1', 100n)], known)).toEqual([
    'waiting Change -0.30',
    'change-not-posted 05-100 S 0.05',
  ]);
});

test('what people did in the ERP is named: their own entries, and ours that are gone or edited', () => {
  const known = [
    entry({ targetId: 'LB-1', moves: [move('05-100 S', 100n)] }),
    entry({ targetId: 'LB-2', number: 'Gone', moves: [move('05-100 S', 20n)] }),
  ];
  const source = { lines: [line('05-100 S', 120n)], changes: [] };
  expect(named(source, [there('LB-1', 90n), there('LB-9', 4n)], known)).toEqual([
    'edited-in-erp Budget 0.10',
    'edited-in-erp Gone 0.20',
    'erp-only LB-9 -0.04',
  ]);
});

test('a budget change that was carried counts once, and is named when it is approved no more', () => {
  const known = [entry({ targetId: 'LB-1', moves: [move('05-100 S', 40n, '3')] })];
  expect(named({ lines: [], changes: [change('3', 40n)] }, [there('LB-1', 40n)], known)).toEqual([]);
  expect(named({ lines: [], changes: [] }, [there('LB-1', 40n)], known)).toEqual([
    'closing-in-erp Budget change 3 -0.40',
  ]);
});

test('lines come with what was carried of them, and what differs most comes first', () => {
  const known = [entry({ targetId: 'LB-1', moves: [move('03-100 S', 50n), move('05-100 S', 90n, '3')] })];
  const source = { lines: [line('03-100 S', 50n), line('05-100 S', 7n)], changes: [change('3', 40n)] };
  const { lines = [] } = tieOutBudget('USD', source, [there('LB-1', 140n)], known);
  expect(lines.map(({ name, source, carried }) => [name, formatMoney(source), formatMoney(carried)])).toEqual(
    [
      ['Budget change 3', '0.40', '0.90'],
      ['05-100 S', '0.07', '0.00'],
      ['03-100 S', '0.50', '0.50'],
    ],
  );
});

const amount = fc.bigInt({ min: -10_000n, max: 10_000n });
const label = fc.constantFrom('05-100 S', '03-100 S', '09-900 M');
const changeId = fc.constantFrom('1', '2', '3');
const moves = fc.array(fc.tuple(label, amount, fc.option(changeId)), { maxLength: 5 });
const at = fc.constantFrom('LB-1', 'LB-2', 'LB-3', 'LB-4');

test('whatever stands on either side, the parts add up to the difference to the cent', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(label, amount), { maxLength: 5 }),
      fc.uniqueArray(fc.tuple(changeId, amount), { selector: ([id]) => id }),
      fc.uniqueArray(fc.tuple(at, amount), { selector: ([id]) => id }),
      fc.uniqueArray(fc.tuple(fc.option(at), moves), { selector: ([id]) => id ?? {} }),
      (lines, changes, target, known) => {
        const bridge = tieOutBudget(
          'USD',
          {
            lines: lines.map(([name, minor]) => line(name, minor)),
            changes: changes.map(([id, minor]) => change(id, minor)),
          },
          target.map(([id, minor]) => there(id, minor)),
          known.map(([targetId, list]) => {
            return entry({ targetId, moves: list.map(([name, minor, id]) => move(name, minor, id)) });
          }),
        );
        expect(bridge.residual.minor).toBe(0n);
        expect(bridge.items.some(({ amount: { minor } }) => minor === 0n)).toBe(false);
        const all = (pick: (row: { source: Money; carried: Money }) => Money) =>
          (bridge.lines ?? []).reduce((sum, row) => sum + pick(row).minor, 0n);
        const standing = known.filter(([targetId]) => targetId !== null).flatMap(([, list]) => list);
        expect(all(({ source }) => source)).toBe(bridge.source.minor);
        expect(all(({ carried }) => carried)).toBe(standing.reduce((sum, [, minor]) => sum + minor, 0n));
      },
    ),
  );
});
