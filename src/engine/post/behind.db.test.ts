import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { setUpQuietTenant } from '../../../test/setup/quiet-tenant.ts';
import { addCommitment, addOrder } from '../../../test/setup/stored-order.ts';
import { inTenant, type Tx } from '../../store/database/transaction.ts';
import { getDocument } from '../../store/documents/document.ts';
import { addPostings, postingsOf } from '../../store/documents/posting.ts';
import type { Engine } from '../engine.ts';
import { postLane } from '../lanes.ts';
import { workPostings } from './post.ts';

let db: TestDatabase;
let engine: Engine;
beforeAll(async () => {
  db = await createTestDatabase();
  engine = await setUpQuietTenant(db);
});
afterAll(() => db?.drop());

const inAcme = <T>(work: (tx: Tx) => Promise<T>) => inTenant(db.pools.app, 'acme', work);

it('what waits behind a write that a person has to look at says so, once, and the first does not', async () => {
  const [first, second] = await inAcme(async (tx) => {
    await addCommitment(tx, '401');
    // The first write of an order is a create, which its reference has once.
    const made = [
      await addOrder(tx, '401', { writes: ['order'] }),
      await addOrder(tx, '401', { writes: [], revision: 2 }),
    ] as const;
    const { connection, root, operation } = (await postingsOf(tx, made[0]))[0]!;
    const write = { id: randomUUID(), name: 'order-change', kind: 'set', object: 'purchase-order' } as const;
    await addPostings(tx, { document: made[1], connection, root, operation }, [
      { ...write, reference: 'R2', targetHash: 'h' },
    ]);
    await tx.query("update posting set state = 'exception' where document = $1", [made[0]]);
    await tx.query("update document set state = 'posted' where id = any($1::uuid[])", [[...made]]);
    return made;
  });
  const at = await engine.systems.get('acme', 'll');
  const lane = { tenant: 'acme', ...postLane(at, 'commitment:401'), fence: '1', wakes: '0', attempts: 0 };
  expect(await workPostings(engine, lane, '1')).toEqual({ afterMs: null });
  expect(await workPostings(engine, lane, '1')).toEqual({ afterMs: null });
  const codes = async (id: string) =>
    inAcme(async (tx) => (await getDocument(tx, id))!.reasons.map(({ code }) => code));
  expect(await codes(second)).toEqual(['waits-behind']);
  expect(await codes(first)).toEqual([]);
});
