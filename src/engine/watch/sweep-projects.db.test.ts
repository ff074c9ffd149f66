import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import type { PullPage } from '../../connectors/connector.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { ProjectRecord } from '../../domain/records.ts';
import { systemClock } from '../../lib/clock.ts';
import { noFailPoint } from '../../lib/fail-point.ts';
import { openLog } from '../../lib/log.ts';
import { inTenant } from '../../store/database/transaction.ts';
import { receiveSignal } from '../../store/intake/signal.ts';
import { wakePlaces } from '../../store/work/sweep-place.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { keepRecord } from './keep-record.ts';
import { sweepProjects } from './sweep-projects.ts';

const MINUTE_MS = 60_000;
const QUIET_MS = 30 * MINUTE_MS;

let db: TestDatabase;
/** Projects of which lists were asked, in that order. */
let asked: string[];
/** What stands in the way of a project. */
let troubles: Map<string, Stop>;
/** Projects in which something changed since the last look. */
let news: Set<string>;
/** The lists that the hub was asked for. */
const lists = new Set<PropertyKey>();
/** What happens while a list is read. */
let meanwhile: () => Promise<unknown> = async () => {};
let versions = 0;
let tenant = '';

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  asked = [];
  troubles = new Map();
  news = new Set();
  tenant = `acme-${randomUUID()}`;
  await inTenant(db.pools.app, tenant, (tx) =>
    tx.query('insert into tenant (tenant, name) values ($1, $1)', [tenant]),
  );
});
afterAll(() => db.drop());

const engine = () =>
  ({
    pools: db.pools,
    clock: systemClock,
    newId: randomUUID,
    random: () => 0.5,
    log: openLog('silent'),
    pace: { pullEveryMs: 5 * MINUTE_MS, sweepEveryMs: MINUTE_MS },
    failPoint: noFailPoint,
  }) as unknown as Engine;

const at = () => {
  const list = async (projectId: string): Promise<PullPage> => {
    asked.push(projectId);
    await meanwhile();
    const trouble = troubles.get(projectId);
    if (trouble !== undefined) throw trouble;
    if (!news.delete(projectId)) return { records: [], cursor: 'end' };
    versions += 1;
    // What it is does not matter here, only that it is another one than before.
    return {
      records: [{ record: project(`9${versions}`), raw: `{"v":${versions}}` }],
      cursor: `${versions}`,
    };
  };
  return {
    tenant,
    id: 'hub',
    name: 'Procore',
    account: 'app',
    hub: new Proxy(
      { quietMs: QUIET_MS, context: [] },
      {
        get(known, name) {
          if (name in known) return Reflect.get(known, name);
          lists.add(name);
          return list;
        },
      },
    ),
  } as unknown as OpenConnection;
};

const project = (id: string): ProjectRecord => ({
  object: 'project',
  id,
  name: `Job ${id}`,
  number: id,
  originId: null,
  active: true,
});
const projects = (...ids: string[]) =>
  inTenant(db.pools.app, tenant, async (tx) => {
    for (const id of ids) await keepRecord(tx, 'hub', { record: project(id), raw: `{"id":${id}}` });
  });
const round = () => sweepProjects(engine(), at());
const pass = (ms: number) =>
  inTenant(db.pools.app, tenant, (tx) =>
    tx.query(
      `update cursor set value = jsonb_set(value::jsonb, '{due}',
         to_jsonb((value::jsonb ->> 'due')::timestamptz - $1 * interval '1 millisecond'))::text
       where tenant = current_tenant() and name like 'place:%'`,
      [ms],
    ),
  );
const looksAt = (id: string) => asked.filter((each) => each === id).length / lists.size;

test('a project that rests is looked at less and less often, and never less than its connection says', async () => {
  await projects('1');
  const gaps: number[] = [];
  await round();
  for (let minutes = 0, last = 0; minutes < 120; minutes += 1) {
    await pass(MINUTE_MS);
    const before = looksAt('1');
    await round();
    if (looksAt('1') === before) continue;
    gaps.push(minutes + 1 - last);
    last = minutes + 1;
  }
  expect(gaps).toEqual([1, 2, 4, 8, 16, 29, 29, 29]);
});

test('news bring a project back to every minute, and so does any webhook of it', async () => {
  await projects('1');
  await round();
  for (let look = 0; look < 6; look += 1) {
    await pass(QUIET_MS);
    await round();
  }
  news.add('1');
  await pass(QUIET_MS);
  await round();
  const afterNews = looksAt('1');
  await pass(MINUTE_MS);
  await round();
  expect(looksAt('1')).toBeGreaterThan(afterNews);
  for (let look = 0; look < 6; look += 1) {
    await pass(QUIET_MS);
    await round();
  }
  const before = looksAt('1');
  const signal = { connection: 'hub', dedupeKey: 'E1', object: 'payment-applications', nativeId: '7' };
  await inTenant(db.pools.app, tenant, (tx) => receiveSignal(tx, { ...signal, hint: { projectId: '1' } }));
  await round();
  expect(looksAt('1')).toBe(before);
  await pass(10_000);
  await round();
  expect(looksAt('1')).toBe(before + 1);
});

test('a project that is woken while it is looked at is looked at again soon', async () => {
  await projects('1');
  await round();
  for (let look = 0; look < 6; look += 1) {
    await pass(QUIET_MS);
    await round();
  }
  await pass(QUIET_MS);
  meanwhile = () => inTenant(db.pools.app, tenant, (tx) => wakePlaces(tx, 'hub', ['1'], 30_000));
  await round();
  meanwhile = async () => {};
  const before = looksAt('1');
  await pass(MINUTE_MS);
  await round();
  expect(looksAt('1')).toBe(before + 1);
});

test('a round ends when it has cost enough, and the next one begins with who waited longest', async () => {
  const many = Array.from({ length: 100 }, (_, index) => String(1_000 + index));
  await projects(...many);
  expect(await round()).toEqual({ afterMs: 0 });
  const first = new Set(asked);
  expect(first.size).toBe(Math.ceil(120 / lists.size));
  for (let more = 0; more < 4; more += 1) await round();
  expect(many.map(looksAt)).toEqual(many.map(() => 1));
});

test('a share that is used up puts all off, and those that waited come first again', async () => {
  await projects('1', '2', '3');
  troubles.set('1', new Stop('retry-later', 'Procore', 'used up', { retryAfterMs: 600_000 }));
  expect(await round()).toEqual({ afterMs: 600_000 });
  expect(asked).toEqual(['1']);
  troubles.clear();
  await round();
  expect([...new Set(asked.slice(1))]).toEqual(['2', '3']);
  await pass(600_000);
  await round();
  expect(looksAt('1')).toBeGreaterThan(0);
});

test('an outage costs two calls a round, and one broken project keeps none of the others waiting', async () => {
  const many = ['1', '2', '3', '4'];
  await projects(...many);
  const down = new Stop('retry-later', 'Procore', 'no answer');
  for (const id of many) troubles.set(id, down);
  await expect(round()).rejects.toBe(down);
  expect(asked).toEqual(['1', '2']);
  troubles = new Map([['3', new Stop('bug', 'Procore', 'a row that nobody can read')]]);
  asked = [];
  await pass(QUIET_MS);
  await round();
  expect(new Set(asked)).toEqual(new Set(many));
  const question = async () =>
    (
      await inTenant(db.pools.app, tenant, (tx) =>
        tx.query<{ subject: string }>("select subject from review_item where state = 'open'"),
      )
    ).rows;
  expect(await question()).toEqual([{ subject: 'hidden:hub:project:3' }]);
  troubles.clear();
  await pass(QUIET_MS);
  await round();
  expect(await question()).toEqual([]);
});
