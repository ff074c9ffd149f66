import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AlteredAnswers } from './altered-answers.ts';
import { type AlteredWorld, startAlteredWorld } from './altered-world.ts';
import { deliver, deliverAgain, loseWebhooks, lostEvents } from './deliveries.ts';
import { editLines } from './hands.ts';
import { documentOf, procoreState, questions, standsIn } from './looking.ts';
import { standsOnce } from './standing.ts';
import {
  COMPANY,
  createCommitment,
  exportCommitment,
  OTHER_PROJECT,
  PROJECT,
  sendAndApprove,
  until,
  type World,
} from './world.ts';

// Webhooks of the simulator never arrive here: the tests deliver them, so that each knows what came when.
let world: World;
let procore: AlteredAnswers;
let altered: AlteredWorld;
beforeAll(async () => {
  altered = await startAlteredWorld();
  ({ world, procore } = altered);
  await loseWebhooks(world);
});
afterAll(() => altered?.stop());

const count = async (table: 'signal' | 'request_item' | 'lane' | 'document' | 'payload', where = 'true') =>
  Number((await world.query<{ n: string }>(`select count(*) as n from ${table} where ${where}`))[0]!.n);

test('a webhook that came twenty times, all at once and out of order, makes one order', async () => {
  const before = (await lostEvents(world)).length;
  const sent = await exportCommitment(world);
  // On a busy machine the sweep is quicker than this test: then there are echoes of our own writes, which are dropped.
  const events = (await lostEvents(world))
    .slice(before)
    .filter(({ metadata }) => metadata.source_application_id === null);
  expect(events.map(({ resource_name }) => resource_name)).toContain('ERP Requests');
  const storm = Array.from({ length: 20 }, () => events.toReversed()).flat();
  const statuses = await Promise.all(storm.map((event) => deliverAgain(world, event)));
  expect(new Set(statuses)).toEqual(new Set([200]));
  await standsOnce(world, sent);
  for (const { ulid } of events) expect(await count('signal', `dedupe_key = '${ulid}'`)).toBe(1);
  expect(await count('request_item', `native_id = '${sent.contract}'`)).toBe(1);
});

test('a request whose webhook was lost is found, and so is every event that Procore gave up', async () => {
  const before = (await lostEvents(world)).length;
  const sent = await exportCommitment(world);
  await standsOnce(world, sent);
  const events = (await lostEvents(world))
    .slice(before)
    .filter(({ metadata }) => metadata.source_application_id === null);
  expect(events.length).toBeGreaterThan(0);
  for (const event of events) {
    const heard = () => count('signal', `dedupe_key = '${event.ulid}'`);
    await until('the event is taken in', async () => (await heard()) === 1);
    expect(await deliver(world, event)).toBe(200);
    expect(await heard()).toBe(1);
  }
});

test('a hook that goes in Procore is asked about, until there is one again', async () => {
  const hooks = `/rest/v1.0/webhooks/hooks`;
  const [hook] = (await world.rest('GET', `${hooks}?company_id=${COMPANY}`)) as { id: number }[];
  const asked = async () =>
    (await questions(world, 'exception')).filter(({ subject }) => subject === 'hook:procore').length;
  await world.rest('DELETE', `${hooks}/${hook!.id}?company_id=${COMPANY}`);
  await until('somebody is asked', async () => (await asked()) === 1);
  // The newer routes serve as well, and say more of it.
  const newer = `/rest/v2.0/companies/${COMPANY}/webhooks/hooks`;
  const destination_url = `${world.url}/webhooks/procore/hook-1`;
  const wish = { payload_version: 'v4.0', namespace: 'tiebeam', destination_url };
  const made = (await world.rest('POST', newer, wish)) as { data: { id: string } };
  await until('nobody is asked', async () => (await asked()) === 0);
  await world.rest('PATCH', `${newer}/${made.data.id}`, { status: 'disabled' });
  await until('somebody is asked', async () => (await asked()) === 1);
  await world.rest('PATCH', `${newer}/${made.data.id}`, { status: 'active' });
  await world.rest('POST', `${newer}/${made.data.id}/triggers`, {
    resource_name: 'ERP Requests',
    event_type: 'create',
  });
  const sent = await exportCommitment(world);
  await standsOnce(world, sent);
  const [event] = (await lostEvents(world)).slice(-1);
  expect(event).toMatchObject({ reason: 'create', resource_id: String(sent.request) });
  await until(
    'its event is taken in',
    async () => (await count('signal', `dedupe_key = '${event!.id}'`)) === 1,
  );
});

test('a forged webhook leaves nothing behind', async () => {
  const event = {
    ...(await lostEvents(world)).at(-1)!,
    id: 777_000_001,
    ulid: '01FORGED000000000000000000',
    resource_name: 'ERP Requests',
    resource_id: 777_000_002,
  };
  expect(await deliver(world, event, null)).toBe(401);
  expect(await deliver(world, event, 'Bearer wrong')).toBe(401);
  expect(await deliver(world, event, null, '?token=hook-secret&authorization=hook-secret')).toBe(401);
  expect(await deliver(world, { ...event, company_id: 1, metadata: {} })).toBe(403);
  expect(await count('signal', "native_id = '777000002' or dedupe_key like '%FORGED%'")).toBe(0);
  expect(await count('lane', "id like '%777000002%'")).toBe(0);
  expect(await count('request_item', "native_id = '777000002'")).toBe(0);
});

test('a commitment that Procore does not show yet is waited for and then flows', async () => {
  const contract = await createCommitment(world);
  procore.hide(contract);
  const sent = { contract, ...(await sendAndApprove(world, contract)) };
  await until('it was looked for', async () =>
    count('lane', `id like '%|commitment|${contract}' and attempts > 1`),
  );
  expect(await documentOf(world, contract)).toBeNull();
  expect(await closing(sent.detail)).toBe('in_progress');
  procore.hide(null);
  await standsOnce(world, sent);
});

test('a project that was taken from us keeps no other project waiting', async () => {
  const see = (project_ids: readonly number[] | null) =>
    world.sim('POST', 'connection', { client_id: 'tiebeam', company_id: COMPANY, project_ids });
  // The list goes by the number of the project: the hidden one comes first.
  expect(PROJECT).toBeLessThan(OTHER_PROJECT);
  const sent = await exportCommitment(world, { project: OTHER_PROJECT, lines: [other] });
  await standsOnce(world, sent);
  await see([OTHER_PROJECT]);
  try {
    // Only the look at the list can find this: an edit raises no request, and its webhook is lost.
    await editLines(world, sent.contract, [{ amount: '5.00', code: 44 }]);
    await standsIn(world, sent.contract, 'confirmed', { revision: 2 });
    const told = await until('somebody is told', async () => {
      const asked = await questions(world, 'exception');
      return asked.length > 0 && asked.map(({ subject }) => subject);
    });
    expect(told).toEqual([`hidden:procore:project:${PROJECT}`]);
  } finally {
    await see(null);
  }
});

test('a body that is no event is kept and acknowledged, so that the queue behind it moves', async () => {
  expect(await deliver(world, { hello: 'world', company_id: null })).toBe(202);
  expect(await count('signal', "state = 'quarantined'")).toBe(1);
  const asked = (await questions(world, 'quarantined')).filter(({ subject }) =>
    subject.startsWith('unread:'),
  );
  expect(asked.map(({ subject }) => subject.slice(0, -10))).toEqual(['unread:procore:hook-1:']);
});

const other = { amount: '55.00', code: 44 } as const;

async function closing(detail: number): Promise<string | undefined> {
  const { erp_request_details: details } = await procoreState(world);
  return details.find(({ id }) => id === detail)?.status;
}
