import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { setUpQuietTenant } from '../../../test/setup/quiet-tenant.ts';
import type { Reading } from '../../procore/commitments/commitment-reads.ts';
import { procoreConfig } from '../../procore/config.ts';
import { fetchRequest } from '../../procore/erp-tool/request-reads.ts';
import { inTenant } from '../../store/database/transaction.ts';
import { receiveSignal } from '../../store/intake/signal.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { takeRequest } from './take-request.ts';

const COUNT = 1_001;
const MISSING = 250;
let db: TestDatabase;
let engine: Engine;
beforeAll(async () => {
  db = await createTestDatabase();
  engine = await setUpQuietTenant(db);
});
afterAll(() => db?.drop());

/** A batch whose last rows name no detail: those are listed by what they were opened for. */
const envelope = {
  id: '77',
  request_name: 'create_requisitions',
  request_data: {
    requisitions: Array.from({ length: COUNT }, (_, index) => ({
      procore_requisition_id: String(index + 1),
      project_id: '5',
      ...(index === 0 ? { erp_custom_fields: { voucher: 'V-1' } } : {}),
      ...(index < COUNT - MISSING ? { request_detail_id: String(10_000 + index) } : {}),
    })),
  },
};
let calls = 0;
const reading = {
  config: procoreConfig.parse({ companyId: '7', clientId: 'id', clientSecret: 'secret', currency: 'USD' }),
  now: () => new Date('2026-08-03T08:00:00Z'),
  client: {
    async find() {
      calls += 1;
      return { value: envelope, raw: '{"id":77}' };
    },
    async read({ path }: { readonly path: string }) {
      calls += 1;
      const item = Number(new URL(path, 'http://procore').searchParams.get('filters[item_id]'));
      const row = { id: String(9_999 + item), item_type: 'requisition', status: 'in_progress' };
      return { status: 200, headers: { total: '1' }, body: JSON.stringify([row]) };
    },
  },
} as unknown as Reading;

test('a request of 1,001 items is taken in bounded turns, each item once and with a detail to close', async () => {
  const at = {
    ...(await engine.systems.hubOf('acme')),
    hub: {
      fetchRequest: (id: string, from?: number) => fetchRequest(reading, id, from),
      userEmail: async () => 'ann@acme.example',
      fetchSubInvoice: async () => null,
    },
  } as unknown as OpenConnection;
  const query = (text: string) =>
    inTenant(db.pools.app, 'acme', (tx) => tx.query<Record<string, number>>(text));
  const signal = { connection: at.id, dedupeKey: 'D1', object: 'erp-request', nativeId: '77' };
  await inTenant(db.pools.app, 'acme', (tx) => receiveSignal(tx, { ...signal, hint: { userId: '3' } }));
  const turns: number[] = [];
  const isWaiting = async () =>
    (await query("select 1 as x from signal where native_id = '77' and state = 'received'")).rows.length > 0;
  while (await isWaiting()) {
    if (turns.length > 10) expect.unreachable('it goes on without an end');
    calls = 0;
    await takeRequest(engine, { tenant: 'acme', attempts: 0 } as Lane, at, '77');
    turns.push(calls);
  }
  expect(turns).toHaveLength(6);
  expect(Math.max(...turns)).toBeLessThanOrEqual(201);
  const [seen] = (
    await query(
      `select count(*)::int as items, count(distinct native_id)::int as records, count(distinct detail_id)::int as details,
         count(requester)::int as sent, count(*) filter (where content -> 'typed' ->> 'voucher' = 'V-1')::int as typed
       from request_item where request_id = '77'`,
    )
  ).rows;
  expect(seen).toEqual({ items: COUNT, records: COUNT, details: COUNT, sent: COUNT, typed: 1 });
  // Told once more it is taken from its beginning, and nothing is written down twice.
  await takeRequest(engine, { tenant: 'acme', attempts: 0 } as Lane, at, '77');
  const { rows } = await query("select count(*)::int as items from request_item where request_id = '77'");
  expect(rows).toEqual([{ items: COUNT }]);
});
