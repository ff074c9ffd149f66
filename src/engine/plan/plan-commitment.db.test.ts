import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { setUpQuietTenant } from '../../../test/setup/quiet-tenant.ts';
import { addCommitment, addExport, addOrder } from '../../../test/setup/stored-order.ts';
import type { Operation } from '../../domain/documents.ts';
import { inTenant, type Tx } from '../../store/database/transaction.ts';
import { moveItem } from '../../store/requests/request-item.ts';
import type { Engine } from '../engine.ts';
import { planCommitment } from './plan-commitment.ts';

let db: TestDatabase;
let engine: Engine;
beforeAll(async () => {
  db = await createTestDatabase();
  engine = await setUpQuietTenant(db);
});
afterAll(() => db?.drop());

const inAcme = <T>(work: (tx: Tx) => Promise<T>) => inTenant(db.pools.app, 'acme', work);
const working = (tx: Tx, key: string) => moveItem(tx, { connection: 'procore', key }, 'working');

async function plan(commitment: string): Promise<void> {
  const hub = await engine.systems.hubOf('acme');
  await inAcme((tx) => planCommitment(engine, tx, hub, commitment));
}

/** What became of the exports of a commitment, and what Procore is told of them, detail by detail. */
async function answers(commitment: string) {
  return inAcme(async (tx) => {
    const items = await tx.query<{ key: string; state: string }>(
      'select key, state from request_item where native_id = $1',
      [commitment],
    );
    const told = await tx.query<{ operation: Extract<Operation, { kind: 'close-request' }> }>(
      "select operation from posting where root = $1 and connection = 'procore' order by seq",
      [`commitment:${commitment}`],
    );
    return {
      items: Object.fromEntries(items.rows.map(({ key, state }) => [key, state])),
      told: told.rows.map(({ operation: { closing } }) => [closing.requestDetailId, closing.status]),
    };
  });
}

describe('an export that a newer one replaced', () => {
  it.each([
    ['is being sent', 'posting', '401', 40],
    ['stands and is being told of', 'posted', '402', 50],
    ['is in conflict', 'conflict', '403', 60],
  ] as const)(
    'is answered by its order while that %s, and not as replaced',
    async (_, state, id, request) => {
      const [nothing, carried] = await inAcme(async (tx) => {
        await addCommitment(tx, id);
        const keys = [await addExport(tx, id, request), await addExport(tx, id, request + 1)] as const;
        await addExport(tx, id, request + 2);
        await addOrder(tx, id, { state, requestKey: keys[1], writes: [] });
        await working(tx, keys[1]);
        return keys;
      });
      await plan(id);
      const { items, told } = await answers(id);
      expect(items).toMatchObject({ [nothing]: 'stale', [carried]: 'working' });
      expect(told).toEqual([[String(request + 1_000), 'failed']]);
    },
  );

  it('is answered also when it comes to sight while the order of the newer one is being sent', async () => {
    const [late, newest] = await inAcme(async (tx) => {
      await addCommitment(tx, '404');
      const keys = [await addExport(tx, '404', 70), await addExport(tx, '404', 71)] as const;
      await addOrder(tx, '404', { state: 'posting', requestKey: keys[1], writes: [] });
      await working(tx, keys[1]);
      return keys;
    });
    await plan('404');
    const { items, told } = await answers('404');
    expect(items).toEqual({ [late]: 'stale', [newest]: 'working' });
    expect(told).toEqual([['1070', 'failed']]);
  });
});

it('an export whose order stands and is being told of is not answered a second time', async () => {
  const key = await inAcme(async (tx) => {
    await addCommitment(tx, '405', { deleted: true });
    const key = await addExport(tx, '405', 80);
    await addOrder(tx, '405', { state: 'posted', requestKey: key, writes: [] });
    await working(tx, key);
    return key;
  });
  await plan('405');
  expect(await answers('405')).toEqual({ items: { [key]: 'working' }, told: [] });
});
