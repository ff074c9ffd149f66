import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addHook, signInToken } from '../../src/engine/set-up/tenant.ts';
import { deliver } from './deliveries.ts';
import { addRival, CANARY } from './rival.ts';
import { standsOnce } from './standing.ts';
import { COMPANY, exportCommitment, PROJECT, people, startWorld, until, type World } from './world.ts';

let world: World;
let rival: World;
let owner: pg.Client;
beforeAll(async () => {
  world = await startWorld({ webhooks: false });
  rival = await addRival(world);
  owner = new pg.Client({ connectionString: world.db.ownerUrl });
  await owner.connect();
  const lines = [{ amount: '777.77', description: `${CANARY} piles` }];
  // Both simulators count from the same number: contract, request and order ids are the same in both tenants.
  const [ours, theirs] = [
    await exportCommitment(world, { number: 'OURS-1' }),
    await exportCommitment(rival, { number: `${CANARY}-1`, lines }),
  ];
  expect(theirs.contract).toBe(ours.contract);
  await standsOnce(world, ours);
  await standsOnce(rival, theirs);
});
afterAll(async () => {
  await owner?.end();
  await world?.stop();
  await rival?.stop();
});

/** Every row that belongs to a tenant, as text; payloads as what was put in. */
async function rowsOf(tenant: string): Promise<Map<string, string>> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `select c.relname as name from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant' and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`,
  );
  const found = new Map<string, string>();
  for (const { name } of tables) {
    const { rows } = await owner.query(`select to_jsonb(t) as row from ${name} t where t.tenant = $1`, [
      tenant,
    ]);
    found.set(name, JSON.stringify(rows));
  }
  const { rows: payloads } = await owner.query<{ body: Buffer }>(
    'select body from payload where tenant = $1',
    [tenant],
  );
  found.set('payload', payloads.map(({ body }) => gunzipSync(body).toString('utf8')).join('\n'));
  return found;
}

const tablesWith = (rows: Map<string, string>, word: string) =>
  [...rows].filter(([, text]) => text.toLowerCase().includes(word.toLowerCase())).map(([name]) => name);

test('no row of a tenant holds a word of the other', async () => {
  const [ours, theirs] = [await rowsOf('harbor'), await rowsOf('rival')];
  expect(tablesWith(theirs, CANARY)).toEqual(
    expect.arrayContaining(['payload', 'record', 'document', 'posting', 'app_user', 'audit']),
  );
  expect(tablesWith(ours, CANARY)).toEqual([]);
  expect(tablesWith(ours, 'OURS-1')).toEqual(expect.arrayContaining(['document', 'payload']));
  expect(tablesWith(theirs, 'OURS-1')).toEqual([]);
});

test('no outside system of a tenant was told a word of the other', async () => {
  const seen = async (which: World) =>
    JSON.stringify([
      await which.sim('GET', 'state'),
      await (await fetch(`${which.erp.url}/_sim/state`)).json(),
    ]).toLowerCase();
  const [ours, theirs] = [await seen(world), await seen(rival)];
  expect(theirs).toContain(`${CANARY}-1`);
  expect(ours).not.toContain(CANARY);
  expect(ours).toContain('ours-1');
  expect(theirs).not.toContain('ours-1');
  expect(await world.erp.orders()).toHaveLength(1);
  expect(await rival.erp.orders()).toHaveLength(1);
});

test('no answer to a user of a tenant holds a word of the other', async () => {
  const cookie = await signedIn(world, people.engineer.email);
  const paths = ['me', 'documents', 'review', 'mappings', 'connections', 'overview', 'tie-out', 'audit'];
  const texts = await Promise.all(
    paths.map(async (path) => {
      const answer = await fetch(`${world.url}/api/v1/${path}`, { headers: { cookie } });
      expect([path, answer.status]).toEqual([path, 200]);
      return answer.text();
    }),
  );
  expect(texts.join('').toLowerCase()).not.toContain(CANARY);
  expect(texts.join('')).toContain('OURS-1');
});

test("a tenant's document is not found by the other, by its very id", async () => {
  const [document] = await rival.query<{ id: string }>(
    "select id from document where kind = 'purchase-order'",
  );
  const wish = { tenant: 'harbor', user: people.accountant, documentId: document!.id, reason: 'Not mine' };
  expect(await world.service.withdraw(wish)).toMatchObject({ ok: false, status: 404 });
  const cookie = await signedIn(world, people.engineer.email);
  const answer = await fetch(`${world.url}/api/v1/documents/${document!.id}`, { headers: { cookie } });
  expect(answer.status).toBe(404);
});

describe('one worker serves both, and one tenant floods', () => {
  const FLOOD = 3_000;
  const FIRST = 900_000_000;
  // Nothing of it was looked at yet: the turns that the flood got are what is missing.
  const untouched = async () => {
    const [row] = await world.query<{ n: number }>(
      "select count(*)::int as n from lane where id like 'procore|commitment|900%' and attempts = 0",
    );
    return row!.n;
  };
  const inAccount = async (which: World, account: string) => {
    await owner.query("update connection set account = $2 where tenant = $1 and id = 'procore'", [
      which.tenant,
      account,
    ]);
    await owner.query('update lane set account = $2 where tenant = $1 and account like $3', [
      which.tenant,
      account,
      'procore %',
    ]);
    which.engine.systems.reopen(which.tenant, 'procore');
  };
  const accountOf = async (which: World) =>
    (await which.query<{ account: string }>("select account from connection where id = 'procore'"))[0]!
      .account;

  beforeAll(async () => {
    await addHook(world.engine, world.tenant, {
      id: 'hook-1',
      connection: 'procore',
      secret: 'hook-secret',
      companyId: String(COMPANY),
    });
  });
  beforeEach(async () => {
    for (let from = 0; from < FLOOD; from += 500) {
      const events = Array.from({ length: 500 }, (_, index) => ({
        ulid: `FLOOD${randomUUID()}`,
        api_version: 'v2',
        event_type: 'update',
        resource_name: 'Work Order Contracts',
        resource_id: FIRST + from + index,
        project_id: PROJECT,
        company_id: COMPANY,
      }));
      expect(await deliver(world, events)).toBe(200);
    }
  });
  afterEach(async () => {
    await owner.query("delete from lane where id like 'procore|commitment|900%'");
    await owner.query(
      "update signal set state = 'taken' where state = 'received' and dedupe_key like 'FLOOD%'",
    );
  });

  test('the other gets its turn in between, though both come by one app', async () => {
    const own = await accountOf(rival);
    const slow = { kind: 'latency', match: { path_regex: '_contracts/900' }, params: { delay_ms: 40 } };
    await world.sim('POST', 'faults', { seed: 1, rules: [slow] });
    await inAccount(rival, await accountOf(world));
    const sent = await exportCommitment(rival);
    await standsOnce(rival, sent);
    expect(await untouched()).toBeGreaterThan(FLOOD / 2);
    await inAccount(rival, own);
    await world.sim('POST', 'faults', { seed: 1, rules: [] });
  });

  test('and a rate limit that the flood used up is not its own, where each has an app', async () => {
    await world.sim('POST', 'config', { rate_limit: { hour: 5 } });
    await until('the window is used up', async () => {
      const rows = await world.query("select 1 from lane where last_error like '%rate limit%' limit 1");
      return rows.length > 0;
    });
    const sent = await exportCommitment(rival);
    await standsOnce(rival, sent);
    expect(await untouched()).toBeGreaterThan(FLOOD / 2);
  });
});

async function signedIn(which: World, email: string): Promise<string> {
  const token = await signInToken(which.engine, which.tenant, email, 60_000);
  const answer = await fetch(`${which.url}/api/v1/sign-in/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: which.url, 'x-tiebeam-request': '1' },
    body: JSON.stringify({ token }),
  });
  expect(answer.status).toBe(200);
  return answer.headers.getSetCookie()[0]!.split(';')[0]!;
}
