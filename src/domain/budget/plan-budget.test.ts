import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MappingRow } from '../mapping.ts';
import { calendarDate } from '../values/calendar-date.ts';
import { money, parseMoney, sum } from '../values/money.ts';
import { type BudgetMove, type BudgetRecord, openMoves, type StandingBudget } from './budget.ts';
import { type BudgetPlanInput, planBudget } from './plan-budget.ts';

const today = calendarDate('2026-11-20');
const row = (kind: 'project' | 'cost', key: string, code: string): MappingRow => {
  return {
    kind,
    scope: '',
    key,
    value: { kind: kind === 'cost' ? 'account' : kind, code },
    version: 1,
    setBy: 'a',
  };
};
const ROWS = [row('project', '7', 'JOB-4'), row('cost', '05-100|S', '5200'), row('cost', '03-100|S', '5100')];

const moveOf = (id: string, amount: string, code = '05-100', more: Partial<BudgetMove> = {}): BudgetMove => ({
  ...{ id, amount, label: `${code} S`, synced: false, originId: null, changeId: null },
  costCode: { code, name: '' },
  costType: { code: 'S', name: '' },
  own: null,
  ...more,
});
const recordOf = (moves: readonly BudgetMove[], originId: string | null = null): BudgetRecord => {
  const nothing = { changesOf: null, hidesChanges: false, problems: [], url: '' };
  return { object: 'budget', id: '9', projectId: '7', currency: 'USD', originId, moves, ...nothing };
};

function planned(moves: readonly BudgetMove[], more: Partial<BudgetPlanInput> = {}) {
  const standing = more.standing ?? [];
  return planBudget({
    record: recordOf(moves),
    exported: { erpCode: null, accountingDate: null },
    standing,
    mapping: (kind, scope, key) =>
      ROWS.find((each) => each.kind === kind && each.scope === scope && each.key === key) ?? null,
    targetProject: (id) => ({
      object: 'project',
      id,
      name: 'Pier',
      number: id,
      originId: null,
      active: true,
    }),
    targetAccount: (id) => ({ object: 'account', id, name: 'Cost', postable: true }),
    originMayBeOurs: false,
    isKept: ({ code }) => code === 'LL-05',
    identity: { revision: standing.length + 1, reference: `T${standing.length}` },
    preflight: () => [],
    frozenDate: null,
    today,
    ...more,
  });
}

function documentOf(...asked: Parameters<typeof planned>) {
  const plan = planned(...asked);
  if (plan.kind !== 'document') throw new Error(plan.why);
  return plan.document;
}

test('the first export is the original estimate, line by line as it was moved', () => {
  const { body, amount, exposure } = documentOf([moveOf('1', '1000.10'), moveOf('2', '-0.10', '03-100')]);
  expect(body).toMatchObject({
    purpose: 'original',
    budgetId: null,
    projectCode: 'JOB-4',
    total: '1000.00',
    accountingDate: today,
    lines: [
      { key: '1', amount: '1000.10', coding: { code: '5200' } },
      { key: '2', amount: '-0.10', coding: { code: '5100' } },
    ],
  });
  expect([amount.minor, exposure.minor]).toEqual([100_000n, 100_020n]);
});

test('a later one is a change of it, of what does not stand yet and of nothing else', () => {
  const first = documentOf([moveOf('1', '1000.00')]).body!;
  const standing = [{ id: 'LB-1', body: first }];
  const again = [moveOf('1', '1000.00'), moveOf('2', '-40.00')];
  expect(documentOf(again, { standing }).body).toMatchObject({
    purpose: 'change',
    budgetId: 'LB-1',
    number: 'Budget change 1',
    total: '-40.00',
    lines: [{ key: '2' }],
  });
  expect(planned([moveOf('1', '1000.00')], { standing })).toEqual({ kind: 'nothing', why: 'unchanged' });
});

test('codes that the ERP keeps itself need no mapping, those that it does not keep do', () => {
  const own = (code: string) => ({ own: { kind: 'cost-code', code, costType: 'S' } }) as const;
  const kept = documentOf([moveOf('1', '5.00', '09-900', own('LL-05'))]);
  expect(kept.body?.lines).toMatchObject([{ coding: own('LL-05').own, costCode: '09-900' }]);
  expect(kept.mappings.map(({ kind }) => kind)).toEqual(['project']);
  const closed = documentOf([moveOf('1', '5.00', '05-100', own('LL-06'))]);
  expect(closed.body?.lines).toMatchObject([{ coding: { kind: 'account', code: '5200' } }]);
});

test('it waits for its codes, its job and the word of whoever carried a part of it', () => {
  const codes = (...asked: Parameters<typeof planned>) => {
    const { body, reasons } = documentOf(...asked);
    expect(body === null || reasons.every(({ code }) => code === 'foreign-origin')).toBe(true);
    return reasons.map(({ code }) => code);
  };
  expect(codes([moveOf('1', '5.00', '09-900')])).toEqual(['cost-unmapped']);
  expect(codes([moveOf('1', '5.00', '', { costCode: null })])).toEqual(['cost-unmapped']);
  expect(codes([moveOf('1', '5.00')], { mapping: () => null })).toEqual([
    'project-unmapped',
    'cost-unmapped',
  ]);
  expect(codes([moveOf('1', '5.001')])).toEqual(['amounts-disagree']);
  expect(codes([])).toEqual(['no-lines']);
  expect(codes([moveOf('1', '5.00', '05-100', { synced: true })])).toEqual(['foreign-origin']);
  expect(codes([moveOf('1', '5.00')], { record: recordOf([moveOf('1', '5.00')], 'X-1') })).toEqual([
    'foreign-origin',
  ]);
});

// What Procore does: each export adds what its lines moved since the last, and carries what it thinks is open.
const history = fc.array(
  fc.record({
    moved: fc.array(fc.bigInt({ min: -50_000n, max: 50_000n }), { minLength: 1, maxLength: 4 }),
    /** Leaves out what an earlier export carried, or repeats all of it. */
    carries: fc.constantFrom('new', 'all'),
    posts: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

test('however exports overlap, repeat or are refused, what stands in the end is each move once', () => {
  fc.assert(
    fc.property(history, (exports) => {
      const all: BudgetMove[] = [];
      const standing: StandingBudget[] = [];
      let stored: readonly BudgetMove[] = [];
      for (const [place, { moved, carries, posts }] of [
        ...exports,
        { ...exports[0]!, posts: true },
      ].entries()) {
        const fresh = moved.map((minor, index) =>
          moveOf(`${place}-${index}`, `${minor < 0n ? '-' : ''}${dollars(minor < 0n ? -minor : minor)}`),
        );
        all.push(...fresh);
        const carried = new Set(standing.flatMap(({ body }) => body.lines.map(({ key }) => key)));
        stored = openMoves(stored, carries === 'all' ? all : fresh, carried);
        const plan = planned(stored, { standing });
        if (plan.kind === 'document' && posts)
          standing.push({ id: `LB-${place}`, body: plan.document.body! });
      }
      const keys = standing.flatMap(({ body }) => body.lines.map(({ key }) => key));
      expect(keys.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
      const total = (amounts: readonly string[]) =>
        sum(
          amounts.map((amount) => parseMoney(amount, 'USD')),
          'USD',
        );
      expect(total(standing.map(({ body }) => body.total))).toEqual(total(all.map(({ amount }) => amount)));
      expect(standing.slice(1).every(({ body }) => body.budgetId === standing[0]!.id)).toBe(true);
    }),
  );
});

function dollars(minor: bigint): string {
  const digits = money(minor, 'USD').minor.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
