import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMoney, money, parseMoney, sum } from '../values/money.ts';
import type { BudgetLine, BudgetMove, StandingBudget } from './budget.ts';
import { type BudgetChange, changeMoves, withoutRead } from './budget-changes.ts';

const usd = (minor: bigint) => formatMoney(money(minor, 'USD'));
const code = (name: string) => ({ code: name, name: '' });
const line = (costCode: string, amount: string): BudgetChange['lines'][number] => ({
  ...{ costCode: code(costCode), costType: code('S'), own: null },
  ...{ label: `${costCode} S`, amount },
});
const change = (id: string, more: Partial<BudgetChange> = {}): BudgetChange => {
  return { id, name: `Budget change ${id}`, approved: true, synced: false, total: null, lines: [], ...more };
};
const told = (id: string, changeId: string | null): BudgetMove => {
  return { ...line('05-100', '5.00'), id, synced: false, originId: null, changeId };
};

/** An entry of exactly these moves, as it stands in the ERP once it was posted. */
function posted(moves: readonly BudgetMove[]): StandingBudget {
  const lines = moves.map(({ id, label, amount, costCode, costType, changeId }): BudgetLine => {
    const coding = { kind: 'cost-code', code: costCode!.code, costType: 'S' } as const;
    return {
      key: id,
      description: label,
      amount,
      coding,
      costCode: costCode!.code,
      costType: costType!.code,
      changeId,
    };
  });
  return { id: 'LB', body: { lines } } as unknown as StandingBudget;
}
const amounts = ({ moves }: ReturnType<typeof changeMoves>) =>
  moves.map(({ label, amount }) => `${label} ${amount}`);

test('an approved change moves its lines once, then what it says otherwise, and is taken back where it is void', () => {
  const piles = change('1', { lines: [line('05-100', '250.05'), line('05-100', '-0.05')], total: '250.00' });
  const first = changeMoves([piles], [], []);
  expect(amounts(first)).toEqual(['Budget change 1: 05-100 S 250.00']);
  const standing = [posted(first.moves)];
  expect(changeMoves([piles], [], standing).moves).toEqual([]);
  const recoded = change('1', { lines: [line('03-100', '240.00')] });
  expect(amounts(changeMoves([recoded], [], standing))).toEqual([
    'Budget change 1: 03-100 S 240.00',
    'Budget change 1: 05-100 S -250.00',
  ]);
  expect(amounts(changeMoves([change('1', { approved: false })], [], standing))).toEqual([
    'Budget change 1: 05-100 S -250.00',
  ]);
  const gone = changeMoves([], [], standing);
  expect(amounts(gone)).toEqual(['Budget change 1 (gone): 05-100 S -250.00']);
  expect(gone.moves.every(({ takesBack }) => takesBack)).toBe(true);
  // Taken back once, nothing is left of it.
  expect(changeMoves([], [], [...standing, posted(gone.moves)]).moves).toEqual([]);
});

test('one that an export names, or that an ERP has already, is not carried a second time', () => {
  const lines = [line('05-100', '5.00')];
  expect(changeMoves([change('1', { lines })], [told('9', '1')], []).moves).toEqual([]);
  expect(changeMoves([change('1', { lines })], [], [posted([told('9', '1')])]).moves).toEqual([]);
  expect(changeMoves([change('1', { lines, synced: true })], [], []).moves).toEqual([]);
  const standing = [posted(changeMoves([change('1', { lines })], [], []).moves)];
  expect(withoutRead([told('9', '1'), told('10', null)], standing).map(({ id }) => id)).toEqual(['10']);
});

test('lines that do not add up to their change are told', () => {
  const { problems } = changeMoves([change('1', { lines: [line('05-100', '5.00')], total: '5.01' })], [], []);
  expect(problems).toEqual(['Budget change 1 says 5.01, and its lines add up to 5.00.']);
});

const state = fc.array(
  fc.record({
    id: fc.constantFrom('1', '2', '3'),
    approved: fc.boolean(),
    lines: fc.array(fc.tuple(fc.constantFrom('05-100', '03-100'), fc.bigInt({ min: -9_999n, max: 9_999n })), {
      maxLength: 4,
    }),
    shown: fc.boolean(),
    posts: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

test('however changes are edited, voided, deleted and approved again, what stands is what they say in the end', () => {
  fc.assert(
    fc.property(state, (steps) => {
      const now = new Map<string, BudgetChange>();
      const standing: StandingBudget[] = [];
      const post = () => standing.push(posted(changeMoves([...now.values()], [], standing).moves));
      for (const { id, approved, lines, posts, shown } of steps) {
        if (!shown) now.delete(id);
        else now.set(id, change(id, { approved, lines: lines.map(([of, minor]) => line(of, usd(minor))) }));
        if (posts) post();
      }
      post();
      const lines = standing.flatMap(({ body }) => body.lines);
      expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length);
      for (const of of ['05-100', '03-100']) {
        const total = (texts: readonly string[]) =>
          sum(
            texts.map((text) => parseMoney(text, 'USD')),
            'USD',
          ).minor;
        const wanted = [...now.values()].flatMap((each) => (each.approved ? each.lines : []));
        expect(total(lines.filter(({ costCode }) => costCode === of).map(({ amount }) => amount))).toBe(
          total(wanted.filter(({ costCode }) => costCode?.code === of).map(({ amount }) => amount)),
        );
      }
    }),
  );
});
