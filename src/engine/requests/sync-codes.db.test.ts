import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { setUpQuietTenant } from '../../../test/setup/quiet-tenant.ts';
import type { StandingCode } from '../../domain/masters/code-sync.ts';
import type { CostCodeRecord } from '../../domain/masters/job-cost-masters.ts';
import { inTenant } from '../../store/database/transaction.ts';
import { nextSlice } from './sync-codes.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.drop());

const record = (id: string, parentId: string | null = null): CostCodeRecord => {
  return { object: 'cost-code', id, name: `Code ${id}`, parentId, active: true };
};
const shown = ({ id, name }: CostCodeRecord): StandingCode => ({
  ...{ id: `p${id}`, originId: id, code: id, fullCode: id, name },
  ...{ parentId: null, rate: null, archived: false },
});

test('a list of more codes than ten calls carry is written in turns, and what was refused is sent once', async () => {
  const engine = await setUpQuietTenant(db);
  const hub = await engine.systems.hubOf('acme');
  const top = Array.from({ length: 10_500 }, (_, index) => record(`K${index}`));
  const erp = [...top, record('K1-1', 'K1')];
  const list = { object: 'cost-code', listId: '9', projectId: null } as const;
  const turn = (standing: readonly StandingCode[]) =>
    inTenant(db.pools.app, 'acme', (tx) =>
      nextSlice(engine, tx, hub, { list, asked: ['77/0'], erp, standing }),
    );
  const ended = () =>
    inTenant(db.pools.app, 'acme', (tx) =>
      tx.query("update posting set state = 'posted' where root = 'code-sync:cost-code' and state = 'ready'"),
    );
  expect((await turn([]))?.isWritten).toBe(true);
  // Its calls are under way: nothing is written beside them.
  expect(await turn([])).toBeNull();
  await ended();
  // All but the first stand now: that one was refused.
  expect((await turn(top.slice(1, 10_000).map(shown)))?.isWritten).toBe(true);
  await ended();
  expect((await turn(top.slice(1).map(shown)))?.isWritten).toBe(true);
  await ended();
  const last = await turn([
    ...top.slice(1).map(shown),
    { ...shown(record('K1-1')), code: '1', parentId: 'pK1' },
  ]);
  expect(last).toMatchObject({ isWritten: false, left: { unwritten: 1, same: 10_500 } });
  const { rows } = await inTenant(db.pools.app, 'acme', (tx) =>
    tx.query<{ level: string; slice: string; calls: number; rows: number }>(
      `select operation ->> 'level' as level, operation ->> 'slice' as slice, count(*)::int as calls,
         min(jsonb_array_length(operation -> 'rows')) as rows
       from posting where root = 'code-sync:cost-code' group by 1, 2 order by 2`,
    ),
  );
  expect(rows).toEqual([
    { level: '0', slice: '0', calls: 10, rows: 10_000 },
    { level: '0', slice: '1', calls: 1, rows: 500 },
    { level: '1', slice: '2', calls: 1, rows: 1 },
  ]);
});
