import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../setup/database.ts';
import { standingStill } from './standing-still.ts';

let db: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  db = await createTestDatabase();
  owner = new pg.Client({ connectionString: db.ownerUrl });
  await owner.connect();
  await owner.query("insert into tenant (tenant, name) values ('harbor', 'Harbor')");
});
afterAll(async () => {
  await owner?.end();
  await db?.drop();
});
beforeEach(() =>
  owner.query('truncate document, posting, lane, waits_for, review_item, request_item, signal cascade'),
);

const found = async () =>
  (await standingStill(async (text) => (await owner.query(text)).rows)).map(({ what }) => what);

async function addDocument(state: string): Promise<string> {
  const id = randomUUID();
  await owner.query(
    `insert into document (tenant, id, source_connection, source_object, source_id, target_connection, kind, revision,
       root, state, number, title, record_version, record_hash)
     values ('harbor', $1, 'procore', 'commitment', '7', 'b1', 'purchase-order', 1, 'commitment:7', $2, 'SC-7', 'Work', 1, 'h')`,
    [id, state],
  );
  return id;
}

const addLane = (stage: string, id: string, due: string) =>
  owner.query("insert into lane (tenant, stage, id, account, due_at) values ('harbor', $1, $2, 'a', $3)", [
    stage,
    id,
    due,
  ]);

test.each(['planned', 'blocked', 'in-review', 'ready', 'posting', 'posted', 'refused', 'conflict'])(
  'a document that is %s and that nothing looks at is found',
  async (state) => {
    await addDocument(state);
    expect(await found()).toEqual(['document']);
  },
);

test.each(['confirmed', 'withdrawn', 'detached'])(
  'a document that is %s has come to its end',
  async (state) => {
    await addDocument(state);
    expect(await found()).toEqual([]);
  },
);

test('a lane that is due at some time moves it, one that is never due does not', async () => {
  await addDocument('posting');
  await addLane('post', 'b1|commitment:7', 'infinity');
  expect(await found()).toEqual(['document']);
  await owner.query("update lane set due_at = now() + interval '1 day'");
  expect(await found()).toEqual([]);
});

test('a lane of another contract moves nothing of this one', async () => {
  await addDocument('ready');
  await addLane('post', 'b1|commitment:17', 'now');
  await addLane('source', 'procore|commitment|77', 'now');
  expect(await found()).toEqual(['document']);
});

test('an open question or a key that it waits for is enough, a decided question is not', async () => {
  const id = await addDocument('blocked');
  await owner.query(
    "insert into waits_for (tenant, document, kind, key) values ('harbor', $1, 'vendor', '9')",
    [id],
  );
  expect(await found()).toEqual([]);
  await owner.query('delete from waits_for');
  await owner.query(
    `insert into review_item (tenant, id, kind, subject, document, title, question, role)
     values ('harbor', $1, 'exception', 's', $2, 't', 'q', 'engineer')`,
    [randomUUID(), id],
  );
  expect(await found()).toEqual([]);
  await owner.query("update review_item set state = 'rejected'");
  expect(await found()).toEqual(['document']);
});

test('writes, requests and hints that nobody takes up are found as well', async () => {
  await owner.query(
    `insert into posting (tenant, id, connection, root, operation, write_name, write_kind, object, reference, target_hash, state)
     values ('harbor', $1, 'procore', 'commitment:7', '{}', 'close-request', 'set', 'request-detail', 'r', 'h', 'sent')`,
    [randomUUID()],
  );
  await owner.query(
    `insert into request_item (tenant, connection, key, request_id, event, object, native_id, content, state)
     values ('harbor', 'procore', 'k', '1', 'create_commitment', 'commitment', '7', '{}', 'working')`,
  );
  await owner.query(
    `insert into signal (tenant, connection, dedupe_key, object, native_id)
     values ('harbor', 'procore', 'd', 'commitment', '8')`,
  );
  expect(await found()).toEqual(['posting', 'request item', 'signal']);
  await addLane('post', 'procore|commitment:7', 'now');
  await addLane('source', 'procore|commitment|8', 'now');
  expect(await found()).toEqual([]);
});
