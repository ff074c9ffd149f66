import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { inTenant } from '../database/transaction.ts';
import { addPostings, getPosting, headPosting, type StoredPosting, savePosting } from './posting.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await inTenant(db.pools.app, 'acme', (tx) =>
    tx.query("insert into tenant (tenant, name) values ('acme', 'acme')"),
  );
});
afterAll(() => db.drop());

const closing = { requestDetailId: '7', itemId: '8', status: 'success', messages: [] } as const;

async function ready(reference: string, root = randomUUID(), kind: 'create' | 'set' = 'set') {
  const id = randomUUID();
  await inTenant(db.pools.app, 'acme', (tx) =>
    addPostings(
      tx,
      { document: null, connection: 'b1', root, operation: { kind: 'close-request', closing } },
      [{ id, name: 'close', kind, object: 'request', reference, targetHash: 'h' }],
    ),
  );
  return id;
}
const found = async (id: string) =>
  (await inTenant(db.pools.app, 'acme', (tx) => getPosting(tx, id))) as StoredPosting;
const save = (before: StoredPosting, after: StoredPosting) =>
  inTenant(db.pools.app, 'acme', (tx) => savePosting(tx, before, after));

test('a step that somebody else took meanwhile is not taken again', async () => {
  const before = await found(await ready('TB1ONE'));
  await save(before, { ...before, state: 'intended', attempt: 1 });
  await expect(save(before, { ...before, state: 'intended', attempt: 1 })).rejects.toThrow('somebody else');
  expect(await found(before.id)).toMatchObject({ state: 'intended', attempt: 1 });
});

test('an attempt that somebody else made meanwhile is not overwritten, although the state is the same', async () => {
  const before = await found(await ready('TB1TWO'));
  await save(before, { ...before, state: 'intended', attempt: 1 });
  const first = await found(before.id);
  await save(first, { ...first, attempt: 2 });
  await expect(save(first, { ...first, state: 'sent' })).rejects.toThrow('somebody else');
  expect(await found(before.id)).toMatchObject({ state: 'intended', attempt: 2 });
});

test('what was written down first stands in front of what came later', async () => {
  const root = randomUUID();
  const [first] = [await ready('TB1THREE', root), await ready('TB1FOUR', root)];
  const head = await inTenant(db.pools.app, 'acme', (tx) => headPosting(tx, 'b1', root));
  expect(head?.id).toBe(first);
});

test('two creates with one reference cannot even be written down', async () => {
  await ready('TB1FIVE', randomUUID(), 'create');
  await expect(ready('TB1FIVE', randomUUID(), 'create')).rejects.toThrow('posting_create_once');
});
