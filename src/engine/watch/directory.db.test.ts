import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import type { PullPage } from '../../connectors/connector.ts';
import type { ProjectRecord } from '../../domain/records.ts';
import { systemClock } from '../../lib/clock.ts';
import { noFailPoint } from '../../lib/fail-point.ts';
import { openLog } from '../../lib/log.ts';
import { webhookEvents } from '../../procore/events/webhooks.ts';
import { inTenant } from '../../store/database/transaction.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { hear, signalsOf } from '../intake/heard.ts';
import { keepRecord } from './keep-record.ts';
import { sweep } from './sweep.ts';
import { sweepProjects } from './sweep-projects.ts';

const TENANT = 'acme';
const PROJECTS = Array.from({ length: 40 }, (_, index) => String(1_000 + index));

let db: TestDatabase;
/** Lists that were read. */
const read: string[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
  await inTenant(db.pools.app, TENANT, async (tx) => {
    await tx.query('insert into tenant (tenant, name) values ($1, $1)', [TENANT]);
    for (const id of PROJECTS) await keepRecord(tx, 'hub', { record: project(id), raw: `{"id":${id}}` });
  });
});
afterAll(() => db.drop());

const project = (id: string): ProjectRecord => ({
  object: 'project',
  id,
  name: `Job ${id}`,
  number: id,
  originId: null,
  active: true,
});

const emptyList = (name: string) => async (): Promise<PullPage> => {
  read.push(name);
  return { records: [], cursor: 'end' };
};
const hub = new Proxy({ applicationId: 'us', ownUserId: '77', context: [], quietMs: 1_800_000 } as object, {
  get: (known, name) => (name in known ? Reflect.get(known, name) : emptyList('project list')),
});
const at = {
  tenant: TENANT,
  id: 'hub',
  name: 'Procore',
  account: 'app',
  hub,
  connection: { pull: { vendor: emptyList('vendors'), user: emptyList('users') } },
} as unknown as OpenConnection;
const engine = {
  clock: systemClock,
  newId: randomUUID,
  random: () => 0.5,
  log: openLog('silent'),
  pace: { pullEveryMs: 300_000, sweepEveryMs: 60_000 },
  failPoint: noFailPoint,
  systems: { get: async () => at },
} as unknown as Engine;

/** One edit, as the zone tells it: once for the company and once for each project. */
function told(resource: 'Users' | 'Vendors', user = '5') {
  const of = (name: string, projectId: string | null) => ({
    ulid: `${name}-${projectId ?? 'company'}-${user}`,
    company_id: '1',
    project_id: projectId,
    user_id: user,
    event_type: 'update',
    resource_name: name,
    resource_id: '9',
  });
  return webhookEvents([
    of(`Company ${resource}`, null),
    ...PROJECTS.map((id) => of(`Project ${resource}`, id)),
  ]);
}
const heard = (events: ReturnType<typeof told>) =>
  inTenant(db.pools.app, TENANT, (tx) => hear(tx, at, signalsOf(at, events)));
const lanes = () =>
  inTenant(db.pools.app, TENANT, async (tx) => {
    const { rows } = await tx.query<{ id: string }>('select id from lane order by id');
    return rows.map(({ id }) => id);
  });
const look = (list: string) =>
  sweep({ ...engine, pools: db.pools }, { tenant: TENANT, id: `hub|${list}` } as Lane);

test('an edit that is told for every project is one look at one list, and wakes no project', async () => {
  const running = { ...engine, pools: db.pools };
  for (let round = 0; round < 10; round += 1) if ((await sweepProjects(running, at)).afterMs > 0) break;
  read.length = 0;
  expect(await heard(told('Users'))).toBe(PROJECTS.length + 1);
  expect(await heard(told('Vendors'))).toBe(PROJECTS.length + 1);
  expect(await lanes()).toEqual(['hub|pull:user', 'hub|pull:vendor']);
  await look('pull:user');
  await look('pull:vendor');
  // What comes a moment later waits until more of the storm has come.
  expect((await look('pull:user')).afterMs).toBeGreaterThan(0);
  await sweepProjects(running, at);
  expect(read).toEqual(['users', 'vendors']);
  // A project that was woken would be looked at within ten seconds.
  const soon = await inTenant(db.pools.app, TENANT, (tx) =>
    tx.query(
      `select name from cursor where name like 'place:%' and (value::jsonb ->> 'due')::timestamptz < now() + interval '15 seconds'`,
    ),
  );
  expect(soon.rows).toEqual([]);
  const { rows } = await inTenant(db.pools.app, TENANT, (tx) =>
    tx.query<{ n: number }>("select count(*)::int as n from signal where state = 'received'"),
  );
  expect(rows).toEqual([{ n: 0 }]);
});

test('an edit by the service account is no news, whichever payload tells of it', async () => {
  expect(await heard(told('Users', '77'))).toBe(0);
});

test('what can be shown alone has a lane of its own, and what cannot is found by a look at its project', () => {
  const reads = {
    ...at,
    hub: { applicationId: 'us', context: ['rfi', 'budget-change'] },
  } as unknown as OpenConnection;
  const event = (resource_name: string) => ({
    company_id: '1',
    project_id: '7',
    resource_name,
    resource_id: '9',
  });
  const lanesOf = (of: OpenConnection) =>
    signalsOf(of, webhookEvents([event('RFIs'), event('Budget Changes')])).map(({ lane }) => lane?.id);
  expect(lanesOf(reads)).toEqual(['hub|rfi|9', 'hub|projects']);
  expect(lanesOf(at)).toEqual(['hub|projects', 'hub|projects']);
});
