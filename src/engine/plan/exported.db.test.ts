import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { setUpQuietTenant } from '../../../test/setup/quiet-tenant.ts';
import type { BudgetRecord } from '../../domain/budget/budget.ts';
import { inTenant, type Tx } from '../../store/database/transaction.ts';
import { receiveItem } from '../../store/requests/request-item.ts';
import type { Engine } from '../engine.ts';
import { keepRecord } from '../watch/keep-record.ts';
import { exportedRecord } from './exported.ts';

let db: TestDatabase;
let engine: Engine;
beforeAll(async () => {
  db = await createTestDatabase();
  engine = await setUpQuietTenant(db);
});
afterAll(() => db?.drop());

const inAcme = <T>(work: (tx: Tx) => Promise<T>) => inTenant(db.pools.app, 'acme', work);
const NOTHING = { detailId: null, type: null, parentId: null, originId: null, erpCode: null } as const;

const budget: BudgetRecord = {
  object: 'budget',
  id: '7',
  projectId: '3',
  currency: 'USD',
  originId: null,
  moves: [],
  changesOf: null,
  hidesChanges: false,
  problems: [],
  url: 'https://source.test/7',
};

const send = (requestId: string) =>
  inAcme(async (tx) => {
    await receiveItem(tx, {
      ...{
        connection: 'procore',
        key: `${requestId}/0`,
        requestId,
        event: 'update_budget',
        object: 'budget',
      },
      ...{ nativeId: '7', projectId: '3', accountingDate: null, requester: null, author: null, ...NOTHING },
    });
  });
const planned = async (requestId: string) => {
  const at = await engine.systems.get('acme', 'procore');
  const wanted = { object: 'budget', id: '7', kind: 'budget', requestId } as const;
  return inAcme((tx) => exportedRecord<BudgetRecord>(engine, tx, at, wanted));
};

it('what an older export showed is never planned for a newer one that came while it was read', async () => {
  await inAcme((tx) => keepRecord(tx, 'procore', { record: budget, raw: '{}' }));
  await send('41');
  expect((await planned('41'))?.item?.requestId).toBe('41');
  await send('42');
  expect(await planned('41')).toBeNull();
  expect((await planned('42'))?.item?.requestId).toBe('42');
});
