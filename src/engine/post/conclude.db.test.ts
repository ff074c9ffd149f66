import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { setUpQuietTenant } from '../../../test/setup/quiet-tenant.ts';
import { addCommitment, addOrder } from '../../../test/setup/stored-order.ts';
import type { PurchaseOrderBody } from '../../domain/documents.ts';
import type { Posting } from '../../domain/posting/posting.ts';
import { inTenant, type Tx } from '../../store/database/transaction.ts';
import { getDocument } from '../../store/documents/document.ts';
import { postingsOf, savePosting } from '../../store/documents/posting.ts';
import type { Engine } from '../engine.ts';
import { conclude } from './conclude.ts';

let db: TestDatabase;
let engine: Engine;
beforeAll(async () => {
  db = await createTestDatabase();
  engine = await setUpQuietTenant(db);
});
afterAll(() => db?.drop());

const inAcme = <T>(work: (tx: Tx) => Promise<T>) => inTenant(db.pools.app, 'acme', work);

/** One write of an order came to its end, and what that means is concluded, in one transaction as always. */
async function end(order: string, writeName: string, state: 'posted' | 'adopted' | 'accepted') {
  const at = await engine.systems.get('acme', 'll');
  return inAcme(async (tx) => {
    const before = (await postingsOf(tx, order)).find((write) => write.writeName === writeName)!;
    const after: Posting = { ...before, state, targetId: `id of ${writeName}`, lineKeys: { '1': '0' } };
    await savePosting(tx, before, after);
    const ended = { before: before.state, foreign: false, number: null };
    const entries = await conclude(engine, tx, at, { ...before, ...after }, ended);
    return entries.map(({ kind }) => kind);
  });
}

/** Where an order stands, what it is linked to and what its source is told of it. */
async function standing(order: string) {
  return inAcme(async (tx) => {
    const document = (await getDocument(tx, order))!;
    const links = await tx.query('select 1 from link where source_id = $1', [document.sourceId]);
    const told = (await postingsOf(tx, order)).filter(({ connection }) => connection === 'procore');
    return {
      state: document.state,
      targetId: document.targetId,
      isLinked: links.rows.length > 0,
      isTold: told.length > 0,
    };
  });
}

const nothingSaid = { state: 'posting', targetId: null, isLinked: false, isTold: false };

async function orderOf(commitment: string, writes: readonly string[]): Promise<string> {
  return inAcme(async (tx) => {
    await addCommitment(tx, commitment);
    return addOrder(tx, commitment, { state: 'posting', writes });
  });
}

describe('an order of several writes', () => {
  it('is posted, linked and told of when the last of them stands, and not before', async () => {
    const order = await orderOf('201', ['order', 'attachment', 'release']);
    expect(await end(order, 'order', 'posted')).toEqual([]);
    expect(await standing(order)).toEqual(nothingSaid);
    expect(await end(order, 'attachment', 'adopted')).toEqual([]);
    expect(await standing(order)).toEqual(nothingSaid);
    expect(await end(order, 'release', 'posted')).toEqual(['document-posted']);
    expect(await standing(order)).toEqual({
      state: 'posted',
      targetId: 'id of release',
      isLinked: true,
      isTold: true,
    });
  });

  it('waits for a draft among them as for one that was not sent', async () => {
    const order = await orderOf('202', ['order', 'release']);
    expect(await end(order, 'order', 'accepted')).toEqual([]);
    expect(await end(order, 'release', 'posted')).toEqual([]);
    expect(await standing(order)).toEqual(nothingSaid);
  });

  it('does not wait for one that its plan took back', async () => {
    const order = await orderOf('203', ['order', 'release']);
    await inAcme((tx) =>
      tx.query("update posting set state = 'cancelled' where document = $1 and write_name = 'release'", [
        order,
      ]),
    );
    expect(await end(order, 'order', 'posted')).toEqual(['document-posted']);
    expect(await standing(order)).toMatchObject({ state: 'posted', targetId: 'id of order', isLinked: true });
  });
});

describe('a change that finds the order otherwise than it was planned on', () => {
  /** The order stands by our books at a revision; a change of it was planned on its first one. */
  async function found(commitment: string, standing: number): Promise<string> {
    return inAcme(async (tx) => {
      await addCommitment(tx, commitment);
      const own = await addOrder(tx, commitment, { state: 'posted', writes: [] });
      const body = (await getDocument(tx, own))!.body as PurchaseOrderBody;
      await tx.query('update document set target_id = $2, body = $3 where id = $1', [
        own,
        'LO-1',
        JSON.stringify({ ...body, revision: standing }),
      ]);
      const base = { id: 'LO-1', body, lineKeys: {} };
      const change = await addOrder(tx, commitment, {
        ...{ sourceObject: 'change-order', sourceId: `co-${commitment}`, state: 'ready' },
        operation: { kind: 'update-order', body, base },
        writes: ['order-change'],
      });
      const [before] = await postingsOf(tx, change);
      const after: Posting = { ...before!, state: 'exception', reason: 'the amount is another' };
      await savePosting(tx, before!, after);
      const at = await engine.systems.get('acme', 'll');
      const ended = { before: before!.state, foreign: true, number: null };
      await conclude(engine, tx, at, { ...before!, ...after }, ended);
      return (await getDocument(tx, change))!.state;
    });
  }

  it('is a conflict when somebody else made it so', async () => {
    expect(await found('211', 1)).toBe('conflict');
  });

  it('is planned again when we wrote to it since', async () => {
    expect(await found('212', 2)).toBe('planned');
  });
});
