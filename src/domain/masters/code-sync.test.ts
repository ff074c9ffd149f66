import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ErpCode, planCodeSync, type StandingCode, type SyncedRow } from './code-sync.ts';

const code = (id: string, more: Partial<Extract<ErpCode, { object: 'cost-code' }>> = {}): ErpCode => ({
  object: 'cost-code',
  id,
  name: `Name of ${id}`,
  parentId: null,
  active: true,
  ...more,
});
const there = (fullCode: string, more: Partial<StandingCode> = {}): StandingCode => ({
  id: `p${fullCode}`,
  originId: null,
  code: fullCode,
  fullCode,
  name: `Name of ${fullCode}`,
  parentId: null,
  rate: null,
  archived: false,
  ...more,
});
const below = { parentId: '05' };

describe('a list of codes', () => {
  test('links what has the same code and name, and never guesses beyond that', () => {
    const standing = [
      there('01'),
      there('02', { name: 'Other' }),
      there('03', { originId: 'OTHER-3' }),
      there('04'),
      there('04', { id: 'twin' }),
    ];
    const { rows, left, figures } = planCodeSync(
      ['01', '02', '03', '04'].map((id) => code(id)),
      standing,
    );
    expect(rows).toMatchObject([{ id: 'p01', originId: '01' }]);
    expect(figures).toEqual({ made: 0, changed: 0, linked: 1 });
    expect(left).toMatchObject({ doubtful: 3, same: 0 });
  });

  test('writes what stands below only once its parent has an id there, with its own part of the code', () => {
    const erp = [code('05-120', below), code('05'), code('06-1', { parentId: '06' })];
    const first = planCodeSync(erp, []);
    expect([first.level, first.rows.map(({ originId }) => originId)]).toEqual([0, ['05']]);
    const second = planCodeSync(erp, [there('05', { originId: '05' })], new Set(['05']));
    expect(second.rows).toMatchObject([{ originId: '05-120', code: '120', parentId: 'p05' }]);
    expect(second.left.hanging).toBe(1);
  });

  test('never closes a cost code, never brings one that is closed, and archives a tax code', () => {
    const closed = { active: false };
    const standing = [there('01', { originId: '01' }), there('CA', { originId: 'CA', rate: '8.25' })];
    const tax = { object: 'tax-code', id: 'CA', name: 'Name of CA', rate: '8.2500', active: false } as const;
    const { rows, left } = planCodeSync([code('01', closed), code('02', closed), tax], standing);
    expect(rows).toMatchObject([{ originId: 'CA', archived: true }]);
    expect(left).toMatchObject({ closed: 1, same: 0 });
  });
});

test('leaves to the next turn what one does not take, and sends nothing twice', () => {
  const erp = ['01', '02', '03'].map((id) => code(id));
  const first = planCodeSync(erp, [], new Set(), 2);
  expect([first.rows.length, first.figures.made, first.left.unwritten]).toEqual([2, 2, 0]);
  const next = planCodeSync(erp, applied([], first.rows.slice(1)), new Set(['01', '02']), 2);
  // The first one was refused: it is told, and no reason for another call.
  expect(next.rows).toMatchObject([{ originId: '03' }]);
  expect(next.left).toMatchObject({ same: 1, unwritten: 1 });
});

/** What Procore's sync would make of the rows. */
function applied(standing: readonly StandingCode[], rows: readonly SyncedRow[]): StandingCode[] {
  const after = new Map(standing.map((each) => [each.id, each]));
  for (const { id, ...row } of rows) {
    const key = id ?? `new-${row.originId}`;
    const above = row.parentId === null ? null : after.get(row.parentId);
    const fullCode = above ? `${above.fullCode}-${row.code}` : row.code;
    after.set(key, { ...row, id: key, fullCode });
  }
  return [...after.values()];
}

const name = fc.constantFrom('A', 'B');
const erpLists = fc
  .uniqueArray(fc.tuple(fc.constantFrom('01', '02', '01-1', '01-2', '01-1-9'), name, fc.boolean()), {
    selector: ([id]) => id,
  })
  .map((rows) =>
    rows.map(([id, own, active]) => {
      const parent = id.includes('-') ? id.slice(0, id.lastIndexOf('-')) : null;
      return code(id, { name: own, active, parentId: parent });
    }),
  );
const sources = fc
  .uniqueArray(fc.tuple(fc.constantFrom('01', '02', '03'), name, fc.boolean()), { selector: ([id]) => id })
  .map((rows) => rows.map(([id, own, linked]) => there(id, { name: own, originId: linked ? id : null })));

test('whatever both sides have, turns of any size end, and then nothing is left to write', () => {
  fc.assert(
    fc.property(erpLists, sources, fc.integer({ min: 1, max: 3 }), (erp, source, size) => {
      let standing: StandingCode[] = source;
      const sent = new Set<string>();
      for (let turn = 0; turn <= erp.length; turn += 1) {
        const { rows } = planCodeSync(erp, standing, sent, size);
        if (rows.length === 0) break;
        expect(rows.some(({ originId }) => sent.has(originId))).toBe(false);
        standing = applied(standing, rows);
        for (const { originId } of rows) sent.add(originId);
      }
      expect(planCodeSync(erp, standing).rows).toEqual([]);
      const origins = standing.flatMap(({ originId }) => originId ?? []);
      expect(new Set(origins).size).toBe(origins.length);
    }),
  );
});
