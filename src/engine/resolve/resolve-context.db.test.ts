import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import type { Pulled } from '../../connectors/connector.ts';
import type { ContextRecord } from '../../domain/context-record.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import { noFailPoint } from '../../lib/fail-point.ts';
import { inTenant } from '../../store/database/transaction.ts';
import { receiveSignal } from '../../store/intake/signal.ts';
import { findRecord } from '../../store/records/record.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { resolveContext } from './resolve-context.ts';

const TENANT = 'acme';
let db: TestDatabase;
let now = new Date('2026-08-03T08:00:00Z');
/** What Procore shows of the RFI now. */
let shown: () => Pulled | null = () => null;
beforeAll(async () => {
  db = await createTestDatabase();
  await inTenant(db.pools.app, TENANT, (tx) =>
    tx.query('insert into tenant (tenant, name) values ($1, $1)', [TENANT]),
  );
});
afterAll(() => db.drop());

const rfi = (status: string): Pulled => {
  const record: ContextRecord = {
    object: 'rfi',
    id: '9',
    projectId: '7',
    number: null,
    title: 'Which bolts?',
    status,
    facts: {},
    about: [],
  };
  return { record, raw: JSON.stringify(record) };
};
const at = {
  tenant: TENANT,
  id: 'hub',
  name: 'Procore',
  system: 'Procore',
  hub: { context: ['rfi'], fetchContext: async () => shown() },
} as unknown as OpenConnection;
let heard = 0;
const hear = () =>
  inTenant(db.pools.app, TENANT, (tx) => {
    heard += 1;
    const signal = { connection: 'hub', dedupeKey: `E${heard}`, object: 'rfi', nativeId: '9' };
    return receiveSignal(tx, { ...signal, hint: { projectId: '7' } });
  });
const resolve = (attempts: number) => {
  const pace = { sweepEveryMs: 60_000 };
  const engine = {
    pools: db.pools,
    clock: { now: () => now },
    pace,
    failPoint: noFailPoint,
  } as unknown as Engine;
  return resolveContext(engine, { tenant: TENANT, attempts } as Lane, at, 'rfi', '9');
};
const waiting = async () =>
  (
    await inTenant(db.pools.app, TENANT, (tx) =>
      tx.query("select 1 from signal where object = 'rfi' and state = 'received'"),
    )
  ).rows.length;
const kept = () =>
  inTenant(db.pools.app, TENANT, (tx) =>
    findRecord<ContextRecord>(tx, { connection: 'hub', object: 'rfi', nativeId: '9' }),
  );

test('what was announced and is not shown is looked for again, and left to the lists in the end', async () => {
  await hear();
  await expect(resolve(0)).rejects.toMatchObject({ kind: 'retry-later' });
  expect(await waiting()).toBe(1);
  await resolve(5);
  expect([await waiting(), await kept()]).toEqual([0, null]);
});

test('what is closed to the service account keeps what was known of it', async () => {
  shown = () => rfi('open');
  await hear();
  await resolve(0);
  shown = () => {
    throw new Stop('unauthorised', 'Procore', 'you may not see this');
  };
  await hear();
  await expect(resolve(0)).rejects.toMatchObject({ kind: 'unauthorised' });
  await resolve(2);
  expect([await waiting(), await kept()]).toMatchObject([0, { gone: false, body: { status: 'open' } }]);
});

test('what is not shown any more at two looks is gone, and back when it is shown', async () => {
  shown = () => null;
  await hear();
  await expect(resolve(0)).rejects.toMatchObject({ kind: 'retry-later' });
  now = new Date(now.getTime() + 5_000);
  await resolve(1);
  expect((await kept())?.gone).toBe(true);
  shown = () => rfi('open');
  await hear();
  await resolve(0);
  expect(await kept()).toMatchObject({ gone: false, body: { status: 'open' } });
});
