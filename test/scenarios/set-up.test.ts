import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setUp } from '../../src/cli/set-up.ts';
import type { Shell } from '../../src/cli/shell.ts';
import { checkConnection } from '../../src/engine/set-up/check.ts';
import { planSetUp, type SetUpWish } from '../../src/engine/set-up/plan.ts';
import { runSetUp } from '../../src/engine/set-up/run.ts';
import { committedIntent } from '../../src/lib/door.ts';
import { TRIGGERS } from '../../src/procore/set-up/set-up.ts';
import { vault } from './test-engine.ts';
import {
  COMPANY,
  createCommitment,
  PETER,
  PROJECT,
  people,
  sendAndApprove,
  startWorld,
  until,
  vendors,
  type World,
} from './world.ts';

const SUB_JOB = 61;

let world: World;
beforeAll(async () => {
  const sub_jobs = [{ id: SUB_JOB, project_id: PROJECT, code: 'E', name: 'East pier' }];
  world = await startWorld({ webhooks: false, phase: 'read-only', mapped: false, seed: { sub_jobs } });
  // What the metadata switches off is offered to nobody, as in Procore itself.
  await world.sim('POST', 'config', { metadata_switches: 'applied' });
  // Nothing may be written anywhere: a set-up goes by its own switch.
  await world.service.setPhase({
    tenant: world.tenant,
    user: people.engineer,
    connectionId: 'procore',
    phase: 'read-only',
  });
});
afterAll(() => world?.stop());

async function plan(wish: SetUpWish = { address: world.url }) {
  const planned = await planSetUp(world.engine, world.tenant, wish);
  if (!planned.ok) throw new Error(planned.detail);
  return planned.plan;
}

const kinds = async (wish?: SetUpWish) => (await plan(wish)).steps.map(({ kind }) => kind);

/** What the command line prints and answers. */
async function command(flags: Shell['flags']): Promise<Record<string, unknown>> {
  const printed: string[] = [];
  const code = await setUp.run({
    words: ['procore'],
    flags,
    json: true,
    isTerminal: false,
    print: (text) => void printed.push(text),
    say: () => {},
    open: async () => ({ engine: world.engine, pools: world.db.pools, vault, close: async () => {} }),
    describe: () => {
      throw new Error('a set-up describes no connection');
    },
    systems: [],
    root: '.',
    dataDir: '.',
    until: async () => {},
  });
  return { code, ...(JSON.parse(printed.join('')) as object) };
}

async function run(wish?: SetUpWish) {
  const results = await runSetUp(world.engine, await plan(wish), 'test');
  return results.map(({ outcome }) => outcome);
}

type Hook = {
  readonly id: number;
  readonly destination_url: string;
  readonly destination_headers: { readonly Authorization: string };
};

/** What the company itself lists, asked past the product. */
async function hooks(): Promise<readonly Hook[]> {
  const { hub } = await world.engine.systems.hubOf(world.tenant);
  const path = `/rest/v1.0/webhooks/hooks?company_id=${hub.setUp.companyId}`;
  return JSON.parse((await hub.read({ method: 'GET', path })).body);
}

async function deliver({ destination_url, destination_headers }: Hook): Promise<number> {
  const answer = await fetch(destination_url, {
    method: 'POST',
    headers: { authorization: destination_headers.Authorization, 'content-type': 'application/json' },
    body: JSON.stringify({
      ulid: randomUUID(),
      company_id: COMPANY,
      resource_name: 'Projects',
      resource_id: PROJECT,
      event_type: 'update',
    }),
  });
  return answer.status;
}

test('writes nothing without consent, and an address without https is refused', async () => {
  const shown = await command({ address: world.url });
  expect(shown).toMatchObject({
    code: 1,
    steps: [{ kind: 'erp-connection' }, { kind: 'create-hook' }, { kind: 'triggers' }],
    metadata: { settings: { labels: { name: 'SAP Business One' } } },
  });
  expect(await hooks()).toEqual([]);
  await expect(command({})).rejects.toThrow(/--address/);
  const refused = await planSetUp(world.engine, world.tenant, { address: 'http://tiebeam.example.com' });
  expect(refused).toMatchObject({ ok: false, status: 422, detail: expect.stringContaining('in clear') });
});

test('completes what was left half done, makes one hook when the reply is lost, and then changes nothing', async () => {
  await world.sim('POST', 'faults', {
    seed: 1,
    rules: [
      { kind: 'lost-reply', times: 1, match: { method: 'POST', path_regex: 'webhooks/hooks$' } },
      { kind: 'unavailable', times: 1, match: { method: 'POST', path_regex: 'triggers/bulk$' } },
    ],
  });
  expect(await run()).toEqual(['done', 'done', 'unknown']);
  expect(await kinds({})).toEqual(['triggers']);
  expect(await run({})).toEqual(['done']);
  expect(await kinds({})).toEqual([]);
  expect(await hooks()).toHaveLength(1);
  expect(await command({ consent: true })).toMatchObject({ code: 0, steps: [], results: [] });
  const { hub } = await world.engine.systems.hubOf(world.tenant);
  expect((await hub.setUp.hooks())[0]!.triggers).toHaveLength(TRIGGERS.length);
});

test('lets Procore itself refuse what the ERP would refuse, and what nobody here would carry', async () => {
  const send = async (description: string) =>
    world.act({
      as: PETER,
      action: 'send_to_erp',
      contract_ids: [await createCommitment(world, { lines: [{ amount: '10.00', description }] })],
    });
  await expect(send('d'.repeat(101))).rejects.toThrow(
    /SAP Business One holds at most 100 characters of the description of a line: shorten it\./,
  );
  await expect(send('d'.repeat(100))).resolves.toBeDefined();
  const subJob = world.act({ as: PETER, action: 'send_object_to_erp', kind: 'sub_job', ids: [SUB_JOB] });
  await expect(subJob).rejects.toThrow(/The export of sub_jobs is switched off/);
  // Nothing of it came here.
  expect(await world.query("select 1 from signal where object = 'erp-request'")).toEqual([]);
});

test('is told of an export by the hook that it made', async () => {
  await sendAndApprove(world, await createCommitment(world));
  await until('the request is heard of', async () => {
    const rows = await world.query("select 1 from signal where object = 'erp-request'");
    return rows.length > 0;
  });
});

test('keeps the former secret good until Procore was seen with the new one', async () => {
  const [former] = await hooks();
  expect(await run({ freshSecret: true })).toEqual(['done']);
  const [fresh] = await hooks();
  expect(fresh!.destination_headers).not.toEqual(former!.destination_headers);
  expect([await deliver(former!), await deliver(fresh!)]).toEqual([200, 200]);
  // Nothing was delivered by Procore yet.
  expect(await kinds({})).toEqual([]);
  await world.sim('POST', 'clock', { advance_ms: 5_000 });
  await sendAndApprove(world, await createCommitment(world));
  await until('the new address was delivered to', async () => (await kinds({})).length > 0);
  expect(await kinds({})).toEqual(['close-addresses']);
  expect(await run({})).toEqual(['done']);
  // The door remembers an address for some seconds, and the commit refuses it all the same.
  expect([await deliver(former!), await deliver(fresh!)]).toEqual([401, 200]);
});

test('switches its webhook on again where somebody switched it off', async () => {
  const at = await world.engine.systems.hubOf(world.tenant);
  const [hook] = await hooks();
  at.allowWrites(true, 'set-up');
  await at.connection.send(committedIntent('test', 1, undefined, 'set-up'), {
    method: 'PATCH',
    path: `/rest/v2.0/companies/${COMPANY}/webhooks/hooks/${hook!.id}`,
    body: '{"status":"disabled"}',
  });
  expect(await kinds({})).toEqual(['enable-hook']);
  expect(await failures()).toContainEqual(
    expect.stringMatching(/^webhook: .* is switched off in Procore\.$/),
  );
  expect(await run({})).toEqual(['done']);
  expect(await kinds({})).toEqual([]);
});

test('tells the limits again when they have changed, and each write has its intent and no secret in the chain', async () => {
  await world.query("update connection set told_limits = 'v1:old' where id = 'procore'");
  expect(await kinds({})).toEqual(['metadata']);
  expect(await run({})).toEqual(['done']);
  expect(await kinds({})).toEqual([]);
  const chain = await world.query<{ kind: string; entry: string }>('select kind, entry from audit');
  const written = (kind: string) =>
    chain.filter((row) => row.kind === kind && row.entry.includes('"setUp"')).length;
  // A second connection was refused and its metadata told: two. Hook, two tries of triggers, a new secret, on
  // again, metadata.
  expect([written('intent'), written('outcome')]).toEqual([8, 8]);
  for (const { destination_headers } of await hooks())
    expect(chain.some(({ entry }) => entry.includes(destination_headers.Authorization.slice(7)))).toBe(false);
});

const failures = async () => {
  const all = await Array.fromAsync(checkConnection(world.engine, world.tenant, 'procore'));
  return all.filter(({ ok }) => !ok).map(({ subject, message }) => `${subject}: ${message}`);
};

test('the check names what went wrong since, and what another integration marked before', async () => {
  await world.sweep();
  world.startWorker();
  await until('the ERP is read', async () => {
    const rows = await world.query(
      "select object from record where connection <> 'procore' and object in ('vendor', 'project') group by 1",
    );
    return rows.length === 2;
  });
  expect(await failures()).toEqual([]);
  const at = await world.engine.systems.hubOf(world.tenant);
  at.allowWrites(true, 'set-up');
  const write = (method: 'PATCH' | 'DELETE', path: string, body?: object) =>
    at.connection.send(committedIntent('test', 1, undefined, 'set-up'), {
      method,
      path,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  await write('PATCH', '/rest/v1.0/vendors/sync', {
    company_id: COMPANY,
    updates: [{ id: vendors.twin, origin_id: 'SAGE-77' }],
  });
  const [hook] = await hooks();
  const triggers = `/rest/v1.0/webhooks/hooks/${hook!.id}/triggers`;
  const listed: { id: number; resource_name: string }[] = JSON.parse(
    (await at.connection.read({ method: 'GET', path: `${triggers}?company_id=${COMPANY}` })).body,
  );
  const gone = listed.find(({ resource_name }) => resource_name === 'ERP Requests')!;
  await write('DELETE', `${triggers}/${gone.id}?company_id=${COMPANY}`);
  expect(await failures()).toEqual([
    `webhook: Webhook ${hook!.id} to ${hook!.destination_url} lacks the triggers ERP Requests create.`,
    `origin ids: The ERP id of 1 vendor is neither ours nor known in SAP Business One: Twin Electric (SAGE-77).`,
  ]);
});
