import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarDate } from '../values/calendar-date.ts';
import { isAsWanted, type OwnedInsurance, planInsurances, type ShownInsurance } from './insurance.ts';

const TODAY = calendarDate('2026-11-20');
const OWNED: OwnedInsurance = {
  originId: 'LL-LN-1',
  type: 'General liability',
  policyNumber: 'GL-1',
  insurer: 'Harbor Mutual',
  limit: '1000000.00',
  effective: calendarDate('2026-01-01'),
  expires: calendarDate('2026-12-31'),
};
const shown = (more: Partial<ShownInsurance> = {}): ShownInsurance => ({ ...OWNED, id: '7', ...more });
const typed = (more: Partial<ShownInsurance> = {}) => shown({ originId: null, ...more });
const over = { expires: calendarDate('2026-11-19') };

describe('the certificates of a vendor', () => {
  it.each([
    ['are made where the source has none', [], null],
    ['are changed where the source shows other facts', [shown({ insurer: 'Another' })], '7'],
    ['are linked where somebody typed the same paper', [typed({ policyNumber: ' gl-1', limit: null })], '7'],
    ['are made beside the paper of another year', [typed(over)], null],
    ['are made beside another kind under one number', [typed({ type: 'Auto' })], null],
    ["are made beside another system's", [shown({ originId: 'OTHER-1' })], null],
  ])('%s', (_, there, id) => {
    expect(planInsurances([OWNED], there, TODAY)).toEqual([{ ...OWNED, id }]);
  });

  it('are not brought when they are over, and follow where they stand', () => {
    const lapsed = { ...OWNED, ...over };
    expect(planInsurances([lapsed], [], TODAY)).toEqual([]);
    expect(planInsurances([lapsed], [shown()], TODAY)).toEqual([{ ...lapsed, id: '7' }]);
  });

  it('say nothing of what the ERP does not know, and a limit is the same however it is written', () => {
    const bare = { ...OWNED, insurer: null, limit: null };
    expect(planInsurances([bare], [shown({ insurer: 'Typed', limit: 'high' })], TODAY)).toEqual([]);
    expect(planInsurances([OWNED], [shown({ limit: '$1,000,000' })], TODAY)).toEqual([]);
    expect(planInsurances([OWNED], [shown({ limit: '$1,000,001' })], TODAY)).toHaveLength(1);
  });

  it('that are equal are never linked to one paper of the source', () => {
    const both = [OWNED, { ...OWNED, originId: 'LL-LN-2' }];
    expect(planInsurances(both, [typed()], TODAY).map(({ id }) => id)).toEqual(['7', null]);
  });

  it('stand as wanted once their rows were taken, so that nothing is written twice', () => {
    const text = fc.option(fc.constantFrom('GL-1', 'A', ' a'), { nil: null });
    const day = fc.option(fc.constantFrom(OWNED.expires, over.expires), { nil: null });
    const facts = { type: text, policyNumber: text, insurer: text, effective: day, expires: day };
    const limit = fc.option(fc.constantFrom('1.00', '2.50'), { nil: null });
    const rows = fc.uniqueArray(
      fc.record({ ...facts, limit, originId: fc.constantFrom('1', '2', '3', '4') }),
      { selector: ({ originId }) => originId },
    );
    const there = fc.array(fc.record({ ...facts, limit, originId: fc.constantFrom(null, '1', '2') }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(rows, there, (owned, standing) => {
        const before: ShownInsurance[] = distinct(standing).map((each, index) => ({
          ...each,
          id: `p${index}`,
        }));
        const after = [...before];
        for (const { id, ...row } of planInsurances(owned, before, TODAY)) {
          const place = after.findIndex((each) => each.id === id);
          const said = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
          const base = after[place] ?? { ...row, id: row.originId };
          const taken = { ...base, ...said };
          if (place < 0) after.push(taken);
          else after[place] = taken;
        }
        expect(planInsurances(owned, after, TODAY)).toEqual([]);
        const brought = owned.filter(({ originId }) => after.some((each) => each.originId === originId));
        for (const each of brought) expect(after.some((other) => isAsWanted(each, other))).toBe(true);
      }),
    );
  });
});

/** One origin id stands once in a company. */
function distinct<Row extends { readonly originId: string | null }>(rows: readonly Row[]): Row[] {
  return rows.filter(
    ({ originId }, index) =>
      originId === null || rows.findIndex((other) => other.originId === originId) === index,
  );
}
