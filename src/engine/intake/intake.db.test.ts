import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { onServer } from '../../../test/setup/server.ts';
import type { Clock } from '../../lib/clock.ts';
import { systemClock } from '../../lib/clock.ts';
import { parseWholeJson } from '../../lib/decimal-json.ts';
import { noFailPoint } from '../../lib/fail-point.ts';
import { openLog } from '../../lib/log.ts';
import { webhookEvents } from '../../procore/events/webhooks.ts';
import { inTenant } from '../../store/database/transaction.ts';
import { keepPayload, readPayload } from '../../store/records/payload.ts';
import { readAgain } from '../decisions/read-again.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { hearListed, signalsOf } from './heard.ts';
import { type Delivery, openIntake, type Received, receiveFound } from './intake.ts';

const TENANTS = ['acme', 'other'] as const;
type Tenant = (typeof TENANTS)[number];

let db: TestDatabase;
let take: (delivery: Delivery) => Promise<Received>;
beforeAll(async () => {
  db = await createTestDatabase();
  for (const tenant of TENANTS)
    await inTenant(db.pools.app, tenant, async (tx) => {
      await tx.query('insert into tenant (tenant, name) values ($1, $1)', [tenant]);
      await tx.query(
        `insert into hook (id, tenant, connection, secret_hash, company_id) values ($1, $2, 'hub', $3, '1')`,
        [`hook-${tenant}`, tenant, secretHash],
      );
    });
  take = openIntake(engineOn());
});
afterEach(() =>
  onServer(
    db.ownerUrl,
    'update hook set disabled_at = null; delete from lane; truncate signal; delete from payload; delete from review_item',
  ),
);
afterAll(() => db.drop());

const secretHash = createHash('sha256').update('secret').digest();

function engineOn(clock: Clock = systemClock): Engine {
  const at = (tenant: string, id: string) =>
    ({
      tenant,
      id,
      account: `procore ${tenant}`,
      hub: { applicationId: 'us' },
      connection: { pull: { vendor: {} } },
    }) as unknown as OpenConnection;
  return {
    pools: db.pools,
    systems: {
      get: async (tenant: string, id: string) => at(tenant, id),
      peek: () => null,
    } as unknown as Engine['systems'],
    clock,
    newId: randomUUID,
    random: () => 0.5,
    log: openLog('silent'),
    pace: { pullEveryMs: 1, sweepEveryMs: 1 },
    failPoint: noFailPoint,
  };
}

const event = (ulid: string, more: object = {}) => ({
  ulid,
  company_id: 1,
  resource_name: 'ERP Requests',
  resource_id: 4,
  event_type: 'create',
  ...more,
});
const delivery = (tenant: Tenant, content: unknown): Delivery => {
  const body = typeof content === 'string' ? content : JSON.stringify(content);
  const hook = `hook-${tenant}`;
  return {
    tenant,
    connection: 'hub',
    hook,
    secretHash: secretHash.toString('hex'),
    body,
    content: parseWholeJson(body),
  };
};
const all = async <Row extends object>(tenant: Tenant, sql: string): Promise<Row[]> =>
  (await inTenant(db.pools.app, tenant, (tx) => tx.query<Row>(sql))).rows;
const keys = async (tenant: Tenant, where = 'true') =>
  (await all<{ dedupe_key: string }>(tenant, `select dedupe_key from signal where ${where} order by id`)).map(
    (row) => row.dedupe_key,
  );
const commits = async () => {
  const { rows } = await db.pools.app.query<{ id: string }>('select pg_current_xact_id()::text as id');
  return Number(rows[0]!.id);
};

describe('deliveries that come together', () => {
  test('are written by few commits, each tenant its own, in the order in which they came', async () => {
    const before = await commits();
    const names = Array.from({ length: 400 }, (_, index) => `E${String(index).padStart(4, '0')}`);
    const answers = await Promise.all(
      names.map((name, index) =>
        take(delivery(TENANTS[index % 2]!, event(name, { resource_id: index % 7 }))),
      ),
    );
    expect(new Set(answers)).toEqual(new Set(['stored']));
    expect(await keys('acme')).toEqual(names.filter((_, index) => index % 2 === 0));
    expect(await keys('other')).toEqual(names.filter((_, index) => index % 2 === 1));
    // Of 400: what the server does beside, on a busy machine, counts as well.
    expect((await commits()) - before).toBeLessThan(40);
  });

  test('make one row of an event that came often, and one lane of all events of a record', async () => {
    const storm = Array.from({ length: 50 }, () => event('SAME')).concat(event('LATER'));
    await Promise.all(storm.map((each) => take(delivery('acme', each))));
    expect(await keys('acme')).toEqual(['SAME', 'LATER']);
    expect(await all('acme', 'select stage, id, account from lane')).toEqual([
      { stage: 'source', id: 'hub|erp-request|4', account: 'procore acme' },
    ]);
  });

  test('wake the lanes of what is new only, beside what was delivered before', async () => {
    const records = ['A', 'B', 'C'].map((ulid, index) => event(ulid, { resource_id: index }));
    await Promise.all(records.slice(0, 2).map((each) => take(delivery('acme', each))));
    await onServer(db.ownerUrl, 'delete from lane');
    const answers = await Promise.all([
      ...records.map((each) => take(delivery('acme', each))),
      take(delivery('other', records[0])),
    ]);
    expect(answers).toEqual(['stored', 'stored', 'stored', 'stored']);
    expect([await keys('acme'), await keys('other')]).toEqual([['A', 'B', 'C'], ['A']]);
    expect(await all('acme', 'select id from lane')).toEqual([{ id: 'hub|erp-request|2' }]);
    expect(await all('other', 'select id from lane')).toEqual([{ id: 'hub|erp-request|0' }]);
  });

  test('keep their words, whatever characters these have', async () => {
    const names = ['"', '\\', '\\n', 'a\n\tb', '{,}', 'null', 'Ł€😀', "'; --"];
    await Promise.all(names.map((name) => take(delivery('acme', event(name)))));
    expect(await keys('acme')).toEqual(names);
  });

  test('do not fail with a neighbour whose ids no column can hold, which is kept apart', async () => {
    const answers = await Promise.all(
      ['A', 'B\u0000', 'C', '\ud800', 'D'].map((ulid) => take(delivery('acme', event(ulid)))),
    );
    expect(answers).toEqual(['stored', 'kept-apart', 'stored', 'kept-apart', 'stored']);
    expect(await keys('acme', "state = 'received'")).toEqual(['A', 'C', 'D']);
    expect(await keys('acme', "state = 'quarantined'")).toHaveLength(2);
  });

  test('are refused beyond what may wait, so that memory stays bounded', async () => {
    const body = JSON.stringify(event('BIG', { filling: 'x'.repeat(250_000) }));
    const answers = await Promise.all(Array.from({ length: 400 }, () => take(delivery('acme', body))));
    const stored = answers.filter((answer) => answer === 'stored').length;
    expect(new Set(answers)).toEqual(new Set(['stored', 'too-busy']));
    // 64 MB wait at most, beside the one delivery that was being written.
    expect(stored).toBeGreaterThan(200);
    expect(stored).toBeLessThan(300);
  });
});

test('an event that is listed as undelivered is held by nobody who waits for another one', async () => {
  const whole = (...ulids: string[]) =>
    delivery(
      'acme',
      ulids.map((ulid) => event(ulid)),
    );
  const at = await engineOn().systems.get('acme', 'hub');
  const holding = await db.pools.app.connect();
  try {
    await holding.query(
      `begin; select set_config('tiebeam.tenant', 'acme', true);
       insert into signal (tenant, connection, dedupe_key, object, native_id) values ('acme', 'hub', 'C', 'x', '1')`,
    );
    const listed = hearListed(engineOn(), at, signalsOf(at, webhookEvents(whole('A', 'C', 'B').content)));
    await expect.poll(() => keys('acme')).toEqual(['A']);
    // Through the door they come in another order: there the same one is waited for, and nobody waits for the door.
    const answer = take(whole('B', 'C', 'A'));
    await expect.poll(waiting).toBe(2);
    await holding.query('rollback');
    await listed;
    expect(await answer).toBe('stored');
    expect((await keys('acme')).toSorted()).toEqual(['A', 'B', 'C']);
  } finally {
    holding.release(true);
  }
});

/** Who waits for what another transaction holds. */
async function waiting(): Promise<number> {
  const { rows } = await db.pools.app.query<{ n: number }>(
    'select count(*)::int as n from pg_locks where not granted',
  );
  return rows[0]!.n;
}

describe('a hook', () => {
  test('that is disabled meanwhile lets nothing in, while another one goes on', async () => {
    await onServer(db.ownerUrl, "update hook set disabled_at = now() where id = 'hook-acme'");
    const answers = await Promise.all([
      take(delivery('acme', event('A'))),
      take(delivery('other', event('B'))),
    ]);
    expect(answers).toEqual(['refused', 'stored']);
    expect([await keys('acme'), await keys('other')]).toEqual([[], ['B']]);
    expect(await all('acme', 'select * from payload')).toEqual([]);
  });

  test('is not believed with a secret that it no longer has', async () => {
    const old = { ...delivery('acme', event('A')), secretHash: 'ab'.repeat(32) };
    expect(await take(old)).toBe('refused');
  });

  test('writes into its own tenant, whatever the caller says', async () => {
    await take({ ...delivery('acme', event('A')), tenant: 'other' });
    expect([await keys('acme'), await keys('other')]).toEqual([['A'], []]);
  });
});

describe('a lane', () => {
  const woken = () =>
    all<{ wakes: string; due: boolean }>('acme', 'select wakes, due_at <= now() as due from lane');

  test('that waits is due again at once', async () => {
    await take(delivery('acme', event('A')));
    await onServer(db.ownerUrl, "update lane set due_at = now() + interval '1 hour'");
    await take(delivery('acme', event('B')));
    expect(await woken()).toEqual([{ wakes: '2', due: true }]);
  });

  test('that runs is told to run once more', async () => {
    await take(delivery('acme', event('A')));
    await onServer(db.ownerUrl, "update lane set lease_until = now() + interval '1 hour'");
    await take(delivery('acme', event('B')));
    expect(await woken()).toEqual([{ wakes: '2', due: true }]);
  });

  test('that is due already is left alone', async () => {
    await take(delivery('acme', event('A')));
    await take(delivery('acme', event('B')));
    expect(await woken()).toEqual([{ wakes: '1', due: true }]);
  });

  test('is not woken by our own echo, and by a list only where there is one', async () => {
    await take(delivery('acme', event('ECHO', { metadata: { source_application_id: 'us' } })));
    await take(delivery('acme', event('LIST', { resource_name: 'Company Vendors' })));
    await take(delivery('acme', event('NONE', { resource_name: 'Daily Logs' })));
    expect(await keys('acme')).toEqual(['LIST', 'NONE']);
    expect(await all('acme', 'select stage, id from lane')).toEqual([
      { stage: 'sweep', id: 'hub|pull:vendor' },
    ]);
  });
});

test('a body that nobody understood is kept as it came, once, and asked about once a day with the count', async () => {
  const body = JSON.stringify({ company_id: 1, of: 'a version to come', note: 'Łódź \\u0000 "x"\n' });
  await Promise.all([
    take(delivery('acme', body)),
    take(delivery('acme', body)),
    take(delivery('acme', event('A'))),
  ]);
  const hash = createHash('sha256').update(body).digest('hex');
  expect(await inTenant(db.pools.app, 'acme', (tx) => readPayload(tx, hash))).toBe(body);
  expect(await all('acme', 'select * from payload')).toHaveLength(1);
  expect(await keys('acme', "state = 'received'")).toEqual(['A']);
  const half = JSON.stringify([event('B'), { company_id: 1 }]);
  expect(await take(delivery('acme', half))).toBe('kept-apart');
  expect(await keys('acme', "state = 'received'")).toEqual(['A', 'B']);
  const asked =
    "select title, evidence ->> 'count' as count, role from review_item where kind = 'quarantined'";
  expect(await all('acme', asked)).toEqual([
    { title: '2 webhooks could not be read', count: '2', role: 'engineer' },
  ]);
});

test('a body is read again once somebody can, and its events are heard once', async () => {
  await take(delivery('acme', [event('A'), { company_id: 1 }]));
  const left = await readAgain(engineOn(systemClock), 'acme', 'test');
  expect([left.read, left.left.length]).toEqual([0, 1]);
  // As a newer reader would find it: the same row, with a body that it knows.
  const known = JSON.stringify([event('A'), event('B')]);
  const payload = await inTenant(db.pools.app, 'acme', (tx) => keepPayload(tx, known, 'signal'));
  const hint = JSON.stringify({ payload, hook: 'hook-acme' });
  await onServer(db.ownerUrl, `update signal set hint = '${hint}' where state = 'quarantined'`);
  const again = await readAgain(engineOn(systemClock), 'acme', 'test');
  expect([again.read, again.left.length]).toEqual([1, 0]);
  expect((await keys('acme', "object = 'erp-request'")).sort()).toEqual(['A', 'B']);
  expect(await all('acme', "select 1 from review_item where state = 'open'")).toEqual([]);
  expect((await readAgain(engineOn(systemClock), 'acme', 'test')).read).toBe(0);
});

test('a database that does not answer is given up, and the next delivery is tried on another connection', async () => {
  const holding = await db.pools.app.connect();
  let tellTime = () => {};
  const clock: Clock = {
    now: systemClock.now,
    sleep: () => new Promise((done) => (tellTime = done)),
  };
  const patient = openIntake(engineOn(clock));
  try {
    await holding.query('begin; lock table signal in access exclusive mode');
    const stuck = patient(delivery('acme', event('A')));
    const failed = expect(stuck).rejects.toThrow('in time');
    await expect.poll(() => waitingForLocks()).toBe(1);
    tellTime();
    await failed;
  } finally {
    await holding.query('rollback');
    holding.release();
  }
  expect(await patient(delivery('acme', event('B')))).toBe('stored');
});

async function waitingForLocks(): Promise<number> {
  const { rows } = await db.pools.dispatch.query<{ n: number }>(
    'select count(*)::int as n from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())',
  );
  return rows[0]!.n;
}

test('requests that a look finds again are written down once, all of them in one statement, and wake nothing twice', async () => {
  const at = await engineOn().systems.get('acme', 'hub');
  const looked = (...ids: string[]) =>
    inTenant(db.pools.app, 'acme', async (tx) => {
      const said: string[] = [];
      const query = (text: string, values?: unknown[]) => {
        said.push(text);
        return tx.query(text, values);
      };
      await receiveFound({ ...tx, query } as unknown as typeof tx, at, ids);
      return said.filter((text) => text.startsWith('insert into signal')).length;
    });
  const lanes = () =>
    inTenant(db.pools.app, 'acme', (tx) => tx.query('select id, due_at from lane order by id'));
  expect(await looked('3', '1', '2')).toBe(1);
  const first = (await lanes()).rows;
  expect(first.map(({ id }) => id)).toEqual(['hub|erp-request|1', 'hub|erp-request|2', 'hub|erp-request|3']);
  expect(await looked('1', '2', '3', '4')).toBe(1);
  const { rows } = await lanes();
  expect(rows.slice(0, 3)).toEqual(first);
  expect(rows).toHaveLength(4);
  expect(await looked()).toBe(1);
});
