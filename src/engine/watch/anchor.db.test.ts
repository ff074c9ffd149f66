import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { CHAIN_START, chainHash } from '../../domain/audit/audit-chain.ts';
import { systemClock } from '../../lib/clock.ts';
import { noFailPoint } from '../../lib/fail-point.ts';
import { openLog } from '../../lib/log.ts';
import { publicPem } from '../../store/audit/anchor-key.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import { inTenant } from '../../store/database/transaction.ts';
import type { Engine } from '../engine.ts';
import { type Anchors, anchorTenant, startAnchoring, verifyAnchored } from './anchor.ts';
import { openAnchors, openCopies } from './anchor-place.ts';

let db: TestDatabase;
let owner: pg.Client;
let engine: Engine;
let scratch: string;
let anchors: Anchors;

beforeAll(async () => {
  db = await createTestDatabase();
  for (const tenant of ['acme', 'other'])
    await inTenant(db.pools.app, tenant, (tx) =>
      tx.query('insert into tenant (tenant, name) values ($1, $1)', [tenant]),
    );
  owner = new pg.Client({ connectionString: db.ownerUrl });
  await owner.connect();
  // What a database administrator could do: the triggers and the row security are out of the way.
  await owner.query('alter table audit disable trigger all; alter table audit_anchor disable trigger all');
  engine = {
    pools: db.pools,
    systems: { tenants: async () => ['acme'] } as unknown as Engine['systems'],
    clock: systemClock,
    newId: () => '00000000-0000-4000-8000-000000000001',
    random: Math.random,
    log: openLog('silent'),
    pace: { pullEveryMs: 1, sweepEveryMs: 1 },
    failPoint: noFailPoint,
  };
});
afterAll(async () => {
  await owner.end();
  await db.drop();
});

const folder = () => join(scratch, 'anchors');
const keyFile = () => join(scratch, 'anchor-key');
beforeEach(async () => {
  await owner.query(
    'delete from audit; delete from audit_head; delete from audit_anchor; delete from review_item',
  );
  if (scratch !== undefined) await rm(scratch, { recursive: true });
  scratch = await mkdtemp(join(tmpdir(), 'tiebeam-anchors-'));
  anchors = await openAnchors({ folder: folder(), keyFile: keyFile() });
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const append = (tenant: string, ...notes: string[]) =>
  inTenant(db.pools.app, tenant, (tx) =>
    appendAudit(
      tx,
      notes.map((note) => ({
        kind: 'note',
        actor: 'ann@acme.example',
        at: new Date('2026-08-31T10:00:00Z'),
        body: { note },
      })),
    ),
  );
const anchor = (tenant = 'acme') => anchorTenant(engine, anchors, tenant);
const look = () => verifyAnchored(engine, 'acme', anchors);
const fileOf = (number: number) => join(folder(), 'tenant-acme', `${String(number).padStart(12, '0')}.json`);

/** Nine entries, anchored after the third, the sixth and the ninth; another tenant beside them. */
async function books(): Promise<void> {
  for (const part of [1, 4, 7]) {
    await append('acme', `${part}`, `${part + 1}`, `${part + 2}`);
    await anchor();
  }
  await append('other', 'theirs', 'theirs too', 'and more');
  await anchor('other');
}

/** What somebody does who owns the database: from this entry on everything is changed and made to fit again. */
async function rewriteFrom(seq: number, change: (entry: string) => string): Promise<void> {
  const { rows } = await owner.query<{ seq: string; entry: string }>(
    "select seq, entry from audit where tenant = 'acme' order by seq",
  );
  let previous = CHAIN_START;
  for (const row of rows) {
    const entry = Number(row.seq) >= seq ? change(row.entry) : row.entry;
    const hash = chainHash('acme', BigInt(row.seq), previous, entry);
    await owner.query(
      "update audit set entry = $2, previous = $3, hash = $4 where tenant = 'acme' and seq = $1",
      [row.seq, entry, previous, hash],
    );
    previous = hash;
  }
  await owner.query("update audit_head set hash = $1 where tenant = 'acme'", [previous]);
}

const whoeverOwnsTheDatabase: Readonly<Record<string, () => Promise<unknown>>> = {
  'edits an entry': () => owner.query("update audit set entry = replace(entry, '5', '500') where seq = 5"),
  'makes an entry unreadable': () => owner.query("update audit set entry = 'gone' where seq = 5"),
  'edits the actor': () => owner.query("update audit set actor = 'bob@acme.example' where seq = 5"),
  'edits the kind': () => owner.query("update audit set kind = 'other' where seq = 5"),
  'edits the time': () => owner.query("update audit set at = at - interval '1 day' where seq = 5"),
  'makes the time infinite': () => owner.query("update audit set at = 'infinity' where seq = 5"),
  'edits the document': () => owner.query('update audit set document = gen_random_uuid() where seq = 5'),
  'edits the hash': () => owner.query("update audit set hash = repeat('a', 64) where seq = 5"),
  'edits the previous hash': () => owner.query("update audit set previous = repeat('a', 64) where seq = 5"),
  'gives an entry to another tenant': () =>
    owner.query("update audit set tenant = 'other', seq = 99 where tenant = 'acme' and seq = 5"),
  'deletes an entry': () => owner.query("delete from audit where tenant = 'acme' and seq = 5"),
  'puts an entry before all others': () =>
    owner.query(
      "insert into audit select tenant, -1, at, kind, actor, document, entry, previous, hash from audit where tenant = 'acme' and seq = 1",
    ),
  'puts an entry behind the head': () =>
    owner.query(
      "insert into audit select tenant, 10, at, kind, actor, document, entry, previous, hash from audit where tenant = 'acme' and seq = 9",
    ),
  'exchanges two entries': () =>
    owner.query(`update audit set seq = 99 where tenant = 'acme' and seq = 4;
      update audit set seq = 4 where tenant = 'acme' and seq = 5;
      update audit set seq = 5 where tenant = 'acme' and seq = 99`),
  'cuts off the end and sets the head back': () =>
    owner.query(`delete from audit where tenant = 'acme' and seq > 7;
      update audit_head h set seq = 7, hash = a.hash from audit a where (a.tenant, a.seq) = ('acme', 7) and h.tenant = 'acme'`),
  'removes everything of the tenant': () =>
    owner.query("delete from audit where tenant = 'acme'; delete from audit_head where tenant = 'acme'"),
  'removes everything, and the memory of the anchors': () =>
    owner.query('delete from audit; delete from audit_head; delete from audit_anchor'),
  'removes the head': () => owner.query("delete from audit_head where tenant = 'acme'"),
  'sets the head back': () =>
    owner.query(
      "update audit_head h set seq = 8, hash = a.hash from audit a where (a.tenant, a.seq) = ('acme', 8) and h.tenant = 'acme'",
    ),
  'rewrites the whole chain with every hash made to fit': () =>
    rewriteFrom(1, (entry) => entry.replace('ann@', 'bob@')),
  'rewrites the last anchored entry with every hash made to fit': () =>
    rewriteFrom(9, (entry) => entry.replace('"9"', '"90"')),
  'puts the chain of another tenant in its place': () =>
    owner.query(`delete from audit where tenant = 'acme'; delete from audit_head where tenant = 'acme';
      insert into audit select 'acme', seq, at, kind, actor, document, entry, previous, hash from audit where tenant = 'other';
      insert into audit_head select 'acme', seq, hash from audit_head where tenant = 'other'`),
  'deletes an anchor from its folder': () => unlink(fileOf(2)),
  'deletes the last anchor from its folder': () => unlink(fileOf(3)),
  'deletes all anchors': () => rm(folder(), { recursive: true }),
  "puts another tenant's anchor in the place of one": () =>
    cp(join(folder(), 'tenant-other', '000000000001.json'), fileOf(2), { force: true }),
  'exchanges two anchors': async () => {
    await cp(fileOf(1), fileOf(4));
    await unlink(fileOf(1));
  },
};

describe('books that were anchored', () => {
  test('are verified, with what came after the last anchor', async () => {
    await books();
    await append('acme', 'later');
    expect(await look()).toMatchObject({ verified: true, entries: 10n, anchors: 3 });
  });

  test.each(Object.entries(whoeverOwnsTheDatabase))(
    'are found out when somebody %s',
    async (_does, tamper) => {
      await books();
      expect(await look()).toMatchObject({ verified: true });
      await tamper();
      const verdict = await look();
      expect(verdict.verified).toBe(false);
    },
  );

  test('say so when a file among the anchors cannot be read', async () => {
    await books();
    await chmod(fileOf(2), 0o600);
    await writeFile(fileOf(2), '{');
    await expect(look()).resolves.toMatchObject({
      verified: false,
      reason: expect.stringContaining('no anchor'),
    });
  });
});

describe('an anchor', () => {
  test('is made when the chain moved, and only then', async () => {
    expect(await anchor()).toEqual({ kind: 'unmoved', last: null });
    await append('acme', 'one');
    expect(await anchor()).toMatchObject({ kind: 'made', anchor: { anchor: { number: 1n, seq: 1n } } });
    expect(await anchor()).toEqual({ kind: 'unmoved', last: 1n });
    await append('acme', 'two', 'three');
    expect(await anchor()).toMatchObject({ kind: 'made', anchor: { anchor: { number: 2n, seq: 3n } } });
  });

  test('is a file that nobody writes again, and that openssl or any other program can check', async () => {
    await books();
    expect((await stat(fileOf(1))).mode & 0o222).toBe(0);
    expect(await readdir(join(folder(), 'tenant-acme'))).toHaveLength(3);
    const { signed, signature } = JSON.parse(await readFile(fileOf(2), 'utf8')) as Record<string, string>;
    const pem = publicPem(anchors.key);
    expect(verify(null, Buffer.from(signed!), createPublicKey(pem), Buffer.from(signature!, 'base64'))).toBe(
      true,
    );
    expect(signed).toContain('"tenant":"acme"');
  });

  test('is made once when two processes make it at the same moment', async () => {
    await append('acme', 'one');
    const kinds = (await Promise.all([anchor(), anchor(), anchor()])).map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['made', 'unmoved', 'unmoved']);
    expect(await look()).toMatchObject({ verified: true, anchors: 1 });
  });

  test('that was written when the process died is gone on from', async () => {
    await books();
    await owner.query("delete from audit_anchor where tenant = 'acme' and number = 3");
    await append('acme', 'ten');
    expect(await anchor()).toMatchObject({ kind: 'made', anchor: { anchor: { number: 4n, seq: 10n } } });
    expect(await look()).toMatchObject({ verified: true, anchors: 4 });
  });

  test('is not given to a chain that was rewritten since the last one, and an engineer is told', async () => {
    await books();
    await rewriteFrom(8, (entry) => entry.replace('ann@', 'bob@'));
    await append('acme', 'ten');
    expect(await anchor()).toMatchObject({ kind: 'refused', why: 'entry 10 does not follow entry 9' });
    await startAnchoring(engine, anchors, 3_600_000).stop();
    const { rows } = await owner.query("select subject, role from review_item where state = 'open'");
    expect(rows).toEqual([{ subject: 'audit-chain', role: 'engineer' }]);
  });

  test('goes on after a restore, once the anchors that the backup does not know were put aside', async () => {
    await books();
    await owner.query(`delete from audit where tenant = 'acme' and seq > 7; delete from audit_anchor where number = 3;
      update audit_head h set seq = 7, hash = a.hash from audit a where (a.tenant, a.seq) = ('acme', 7) and h.tenant = 'acme'`);
    expect(await look()).toMatchObject({ verified: false, reason: expect.stringContaining('anchor 3') });
    expect(await anchor()).toMatchObject({ kind: 'refused' });
    await unlink(fileOf(3));
    await append('acme', 'another eight');
    expect(await anchor()).toMatchObject({ kind: 'made', anchor: { anchor: { number: 3n, seq: 8n } } });
    expect(await look()).toMatchObject({ verified: true, entries: 8n, anchors: 3 });
  });

  test('is made when the service stops', async () => {
    await append('acme', 'one');
    const running = startAnchoring(engine, anchors, 3_600_000);
    await running.stop();
    expect(await look()).toMatchObject({ verified: true, anchors: 1 });
  });
});

describe('the key of the anchors', () => {
  test('is made once, for its owner only, and found again', async () => {
    expect((await stat(keyFile())).mode & 0o077).toBe(0);
    const again = await openAnchors({ folder: folder(), keyFile: keyFile() });
    expect([...again.trusted.keys()]).toEqual([...anchors.trusted.keys()]);
  });

  test('may change, while the anchors of its predecessor stay trusted', async () => {
    await append('acme', 'one');
    await anchor();
    const trustFile = join(scratch, 'earlier.pem');
    await writeFile(trustFile, publicPem(anchors.key));
    await unlink(keyFile());
    const alone = await openAnchors({ folder: folder(), keyFile: keyFile() });
    expect(await verifyAnchored(engine, 'acme', alone)).toMatchObject({ verified: false });
    anchors = await openAnchors({ folder: folder(), keyFile: keyFile(), trustFile });
    await append('acme', 'two');
    await anchor();
    expect(await look()).toMatchObject({ verified: true, anchors: 2 });
  });

  test('lets an auditor check copies without us, and not with any other key', async () => {
    await books();
    const copies = join(scratch, 'copies');
    await cp(folder(), copies, { recursive: true });
    const pem = join(scratch, 'public.pem');
    await writeFile(pem, publicPem(anchors.key));
    expect(await verifyAnchored(engine, 'acme', await openCopies(copies, pem))).toMatchObject({
      verified: true,
    });
    await writeFile(pem, publicPem(generateKeyPairSync('ed25519').privateKey));
    expect(await verifyAnchored(engine, 'acme', await openCopies(copies, pem))).toMatchObject({
      verified: false,
      reason: expect.stringContaining('not trusted'),
    });
  });
});
