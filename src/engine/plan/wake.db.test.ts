import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { setUpQuietTenant } from '../../../test/setup/quiet-tenant.ts';
import { inTenant, type Tx } from '../../store/database/transaction.ts';
import { unapprovedSince } from '../../store/documents/document-lists.ts';
import { cancelPostings } from '../../store/documents/posting.ts';
import type { Engine } from '../engine.ts';
import { wakeMapping, wakePlanner, wakeWaiting } from './wake.ts';

let db: TestDatabase;
let engine: Engine;
beforeAll(async () => {
  db = await createTestDatabase();
  engine = await setUpQuietTenant(db);
});
afterAll(() => db?.drop());

const inAcme = <T>(work: (tx: Tx) => Promise<T>) => inTenant(db.pools.app, 'acme', work);

async function lanes(like: string): Promise<number> {
  const { rows } = await inAcme((tx) =>
    tx.query<{ n: number }>('select count(*)::int as n from lane where id like $1', [like]),
  );
  return rows[0]!.n;
}

/** Orders of as many commitments, all in one state. */
async function addOrders(count: number, name: string, state: string, more = ''): Promise<void> {
  await inAcme((tx) =>
    tx.query(
      `insert into document (tenant, id, source_connection, source_object, source_id, target_connection, kind, revision, root,
         state, number, title, record_version, record_hash, mappings, vendor_id, currency, exposure_minor, gate, posted_at)
       select 'acme', gen_random_uuid(), 'procore', 'commitment', $2 || n, 'll', 'purchase-order', 1, 'r' || n,
         $3, 'SC', 'T', 1, 'h', '[{"kind": "cost", "key": "${name}|S"}]', 'v1', 'USD', 100000, '{"verdict": "auto"}', ${more || 'null'}
       from generate_series(1, $1::int) n`,
      [count, name, state],
    ),
  );
}

describe('however many documents wait for one key', () => {
  it('every one of them is woken when it is released', async () => {
    await addOrders(2_345, 'wait', 'in-review');
    await inAcme((tx) =>
      tx.query(
        `insert into waits_for (tenant, document, kind, key) select tenant, id, 'mapping', 'cost:9|S' from document
         where source_id like 'wait%'`,
      ),
    );
    await inAcme((tx) => wakeWaiting(engine, tx, 'acme', 'mapping', 'cost:9|S'));
    expect(await lanes('procore|commitment|wait%')).toBe(2_345);
  });

  it('every unposted one that used a mapping row is woken when the row changes, and no posted one', async () => {
    await addOrders(1_234, 'used', 'awaiting-approval');
    await inAcme((tx) =>
      tx.query(
        "update document set state = 'confirmed' where source_id in ('used1', 'used2') and tenant = 'acme'",
      ),
    );
    await inAcme((tx) => wakeMapping(engine, tx, 'acme', 'cost', 'used|S'));
    expect(await lanes('procore|commitment|used%')).toBe(1_232);
  });
});

describe('applications of one contract, of which many wait', () => {
  const MANY = 12;
  const A_WHILE_MS = 600_000;
  const wake = (contract: string) => {
    const patient = { ...engine, pace: { ...engine.pace, sweepEveryMs: A_WHILE_MS } };
    return inAcme((tx) => wakeWaiting(patient, tx, 'acme', 'billing', contract));
  };
  /** Applications 2 to 13 of one contract, of which only the first stands. */
  async function exportAll(contract: string): Promise<void> {
    await inAcme((tx) =>
      tx.query(
        `with application as (select n, $2 || '-' || lpad(n::text, 2, '0') as id from generate_series(1, $1::int) n),
         known as (
           insert into record (tenant, connection, object, native_id, version, hash, body, raw_hash)
           select 'acme', 'procore', 'sub-invoice', id, 1, 'h', jsonb_build_object('application', n), 'r' from application),
         planned as (
           insert into document (tenant, id, source_connection, source_object, source_id, target_connection, kind, revision,
             root, state, number, title, record_version, record_hash, body)
           select 'acme', gen_random_uuid(), 'procore', 'sub-invoice', id, 'll', 'ap-invoice', 1, $2,
             case when n = 1 then 'posted' else 'in-review' end, id, 'T', 1, 'h', jsonb_build_object('application', n)
           from application returning id, state)
         insert into waits_for (tenant, document, kind, key)
         select 'acme', id, 'billing', $2 from planned where state = 'in-review'`,
        [MANY + 1, contract],
      ),
    );
  }
  /** Who of the contract looks now: the worker takes what is due and gives it back. */
  const lookers = (contract: string, when = 'due_at <= now()') =>
    inAcme(async (tx) => {
      const { rows } = await tx.query<{ id: string }>(
        `delete from lane where tenant = 'acme' and id like 'procore|sub-invoice|' || $1 || '%' and ${when} returning id`,
        [contract],
      );
      return rows.map(({ id }) => id.split('-').at(-1)!);
    });
  const post = (id: string) =>
    inAcme(async (tx) => {
      await tx.query(
        'delete from waits_for w using document d where d.id = w.document and d.source_id = $1',
        [id],
      );
      await tx.query("update document set state = 'posted' where source_id = $1", [id]);
    });

  it('look as often as there are applications while one is billed after the other, and not by the square', async () => {
    await exportAll('many');
    const seen: string[] = [];
    for (let place = 2; place <= MANY + 1; place += 1) {
      await wake('many');
      const looking = await lookers('many');
      seen.push(...looking);
      await post(`many-${looking[0]}`);
    }
    expect(seen).toEqual(Array.from({ length: MANY }, (_, place) => String(place + 2).padStart(2, '0')));
  });

  it('are none of them forgotten: whoever was not the next looks a while later', async () => {
    await exportAll('later');
    // One that waits for a person holds nobody up for longer than that.
    await inAcme((tx) => tx.query("update document set state = 'posted' where source_id = 'later-03'"));
    await inAcme((tx) =>
      tx.query(
        "delete from waits_for w using document d where d.id = w.document and d.source_id = 'later-03'",
      ),
    );
    await wake('later');
    expect(await lookers('later')).toEqual(['04']);
    expect(await lookers('later', "due_at <= now() + interval '10 minutes'")).toHaveLength(MANY - 2);
  });
});

it('a set-up that is sent back to its plan has a lane that plans it', async () => {
  const setUp = {
    kind: 'target-setup',
    sourceConnection: 'll',
    sourceObject: 'connection',
    sourceId: 'll',
    targetConnection: 'll',
    part: '',
  } as const;
  await inAcme((tx) => wakePlanner(engine, tx, 'acme', setUp));
  expect(await lanes('ll|connection|ll')).toBe(1);
});

it('what went to a vendor is summed from the moment that the day began, whatever the clock of the database shows', async () => {
  await addOrders(1, 'before', 'confirmed', "'2026-08-31T04:59:59Z'");
  await addOrders(1, 'after', 'confirmed', "'2026-08-31T05:00:00Z'");
  const since = (instant: string) =>
    inAcme(async (tx) => {
      await tx.query("set local timezone = 'Pacific/Kiritimati'");
      const vendor = {
        kind: 'purchase-order',
        column: 'vendor_id',
        party: 'v1',
        currency: 'USD',
      } as const;
      const all = await unapprovedSince(
        tx,
        vendor,
        new Date(instant),
        '00000000-0000-0000-0000-000000000000',
      );
      const later = await unapprovedSince(
        tx,
        vendor,
        new Date('2026-09-01T00:00:00Z'),
        '00000000-0000-0000-0000-000000000000',
      );
      return all - later;
    });
  expect(await since('2026-08-31T05:00:00Z')).toBe(100_000n);
  expect(await since('2026-08-31T00:00:00Z')).toBe(200_000n);
  // It was sent and ended with a person: perhaps it had its effect.
  await addOrders(1, 'doubtful', 'conflict', "'2026-08-31T06:00:00Z'");
  expect(await since('2026-08-31T05:00:00Z')).toBe(200_000n);
  await addOrders(1, 'refused', 'refused', "'2026-08-31T06:00:00Z'");
  expect(await since('2026-08-31T05:00:00Z')).toBe(200_000n);
  // What goes to another company of the same owner goes to the same vendor.
  await addOrders(1, 'south', 'confirmed', "'2026-08-31T06:00:00Z'");
  await inAcme((tx) => tx.query("update document set target_connection = 'b1' where source_id = 'south1'"));
  expect(await since('2026-08-31T05:00:00Z')).toBe(300_000n);
});

it('what was sent to a vendor and ended with a person goes on counting when it is planned over, for itself as well', async () => {
  const dayBegan = new Date(engine.clock.now().getTime() - 60_000);
  const today = (except: string) =>
    inAcme((tx) =>
      unapprovedSince(
        tx,
        { kind: 'purchase-order', column: 'vendor_id', party: 'v1', currency: 'USD' },
        dayBegan,
        except,
      ),
    );
  const planOver = async (name: string, sentAt: string) => {
    await addOrders(1, name, 'conflict');
    return inAcme(async (tx) => {
      const { rows } = await tx.query<{ id: string }>(
        `insert into posting (tenant, id, document, connection, root, operation, write_name, write_kind, object, reference,
           target_hash, state, sent_at)
         select tenant, gen_random_uuid(), id, 'll', root, '{"kind": "update-order"}', 'update', 'set', 'order', source_id,
           'h', 'exception', ${sentAt} from document where source_id = $1 returning document as id`,
        [`${name}1`],
      );
      const { id } = rows[0]!;
      expect(await cancelPostings(tx, { id, targetConnection: 'll' }, 'decision')).toBe(true);
      await tx.query(
        `update document set state = 'awaiting-approval', gate = '{"verdict": "approval"}', exposure_minor = 7 where id = $1`,
        [id],
      );
      return id;
    });
  };
  const nobody = '00000000-0000-0000-0000-000000000000';
  const before = await today(nobody);
  const sent = await planOver('sent', 'now()');
  expect(await today(nobody)).toBe(before + 100_000n);
  expect(await today(sent)).toBe(before + 100_000n);
  await planOver('unsent', 'null');
  expect(await today(nobody)).toBe(before + 100_000n);
});
