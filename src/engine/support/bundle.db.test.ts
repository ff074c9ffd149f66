import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestEngine, vault } from '../../../test/scenarios/test-engine.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { setUpQuietTenant } from '../../../test/setup/quiet-tenant.ts';
import { tokenHash } from '../../http/auth/tokens.ts';
import { systemForms } from '../../main.ts';
import { openPools, type Pools } from '../../store/database/pools.ts';
import { inTenant } from '../../store/database/transaction.ts';
import { listConnections } from '../../store/settings/connection.ts';
import type { Engine } from '../engine.ts';
import { type BundleWish, supportBundle } from './bundle.ts';

const canary = {
  clientSecret: 'canary-client-Zx81',
  erpPassword: 'canary-erp-"Qv92',
  smtpPassword: 'canary-smtp-%Rt03',
  databasePassword: 'canary-database-Lm44',
  secretKey: 'canary-key-Hs15',
  session: 'canary-session-Kd26',
  signInToken: 'canary-sign-in-Pw37',
  webhookSecret: 'Bearer canary-webhook-Fg48',
  addressPassword: 'canary-address-Bn59',
};
const names = { vendor: 'Halvorsen Concrete', amount: '48211377', person: 'quill@larkspur.example' };
const everything = [...Object.values(canary), ...Object.values(names)].join(' ');

const environment = {
  DATABASE_URL: `postgres://owner:${canary.databasePassword}@127.0.0.1/tiebeam`,
  TIEBEAM_SECRET_KEY: canary.secretKey,
  TIEBEAM_SMTP_URL: `smtps://us:${encodeURIComponent(canary.smtpPassword)}@mail.example`,
  TIEBEAM_LOG: canary.session,
};
const around = { systems: systemForms(), vault, environment };
const wish: BundleWish = {
  tenant: null,
  days: 7,
  withNames: false,
  metrics: 'tiebeam_up 1\nsecret_of_others 1\n',
};

let db: TestDatabase;
let readOnly: Pools;
let engine: Engine;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiebeam-support-'));
  db = await createTestDatabase();
  await setUpQuietTenant(db);
  await plant();
  // What would write, fails: the server itself refuses it.
  readOnly = openPools(db.ownerUrl, db.secret, { readOnly: true });
  engine = openTestEngine(readOnly);
});
afterAll(async () => {
  await engine?.systems.close();
  await readOnly?.close();
  await db?.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Puts every secret and every name wherever a person, a server or a fault of ours may have put it. */
async function plant(): Promise<void> {
  await inTenant(db.pools.app, 'acme', async (tx) => {
    const set = (sql: string, ...values: unknown[]) => tx.query(sql, values);
    const [hub, erp] = await listConnections(tx);
    const sealed = (id: string, secrets: Record<string, string>) => vault.seal('acme', id, secrets);
    const health = JSON.stringify({ ok: false, message: `refused ${everything}`, stray: everything });
    await set(
      'update connection set secrets = $2, health = $3, name = $4 where id = $1',
      hub!.id,
      sealed(hub!.id, { clientSecret: canary.clientSecret }),
      health,
      names.vendor,
    );
    const config = { ...erp!.config, baseUrl: `http://us:${canary.addressPassword}@127.0.0.1:1` };
    await set(
      'update connection set secrets = $2, config = $3 where id = $1',
      erp!.id,
      sealed(erp!.id, { apiKey: canary.erpPassword }),
      JSON.stringify(config),
    );
    // As a version that knew other settings may have left it.
    await set(
      `insert into connection (tenant, id, system, name, code, config, secrets, account)
       values ('acme', 'former', 'sap-business-one', $1, 'B9', $2, $3, $1)`,
      everything,
      JSON.stringify({ password: canary.erpPassword, stray: everything }),
      sealed('former', {}),
    );
    await set(
      "insert into session (token_hash, tenant, user_id) values ($1, 'acme', 'eli')",
      tokenHash(canary.session),
    );
    await set(
      "insert into login_link (token_hash, tenant, user_id, expires_at) values ($1, 'acme', 'eli', now())",
      tokenHash(canary.signInToken),
    );
    await set(
      "insert into hook (id, tenant, connection, secret_hash, company_id) values ('h', 'acme', $1, $2, '7')",
      hub!.id,
      tokenHash(canary.webhookSecret),
    );
    await set(
      `insert into document (tenant, id, source_connection, source_object, source_id, target_connection, kind, part, revision, root,
         state, vendor_name, number, title, amount_minor, currency, record_version, record_hash, body, reasons, requester)
       values ('acme', '00000000-0000-8000-8000-000000000001', $1, 'commitment', $3, $2, 'purchase-order', $3, 1, $3, 'refused',
         $3, $3, $3, $4, 'USD', 1, 'h', $5, $6, $7)`,
      hub!.id,
      erp!.id,
      everything,
      names.amount,
      JSON.stringify({ everything }),
      JSON.stringify([
        {
          code: 'target-refuses',
          owner: 'accountant',
          message: `The period is closed: ${everything}`,
          remedy: everything,
        },
      ]),
      names.person,
    );
    await set(
      "insert into waits_for (tenant, document, kind, key) values ('acme', '00000000-0000-8000-8000-000000000001', 'vendor', $1)",
      everything,
    );
    await set(
      `insert into posting (tenant, id, document, connection, root, operation, write_name, write_kind, object, reference, target_hash, state, reason)
       values ('acme', '00000000-0000-8000-8000-000000000002', '00000000-0000-8000-8000-000000000001', $1, $2, $3, 'order', 'create', 'order', 'TLL', 'h', 'exception', $2)`,
      erp!.id,
      everything,
      JSON.stringify({ everything }),
    );
    await set(
      "insert into attempt (tenant, id, connection, lane_fence, account_fence, intended_at, deadline) values ('acme', '00000000-0000-8000-8000-000000000003', $1, 1, 1, now(), now())",
      erp!.id,
    );
    await set(
      "insert into attempt_posting (tenant, attempt, posting, number, outcome) values ('acme', '00000000-0000-8000-8000-000000000003', '00000000-0000-8000-8000-000000000002', 1, $1)",
      JSON.stringify({ kind: 'unknown', why: `connection reset ${everything}` }),
    );
    await set(
      "insert into signal (tenant, connection, dedupe_key, object, native_id, state, reason, hint) values ('acme', $1, $2, $2, $2, 'quarantined', $2, $3)",
      hub!.id,
      everything,
      JSON.stringify({ everything }),
    );
    await set(
      "insert into request_item (tenant, connection, key, request_id, event, object, native_id, content, messages) values ('acme', $1, 'k', 'r', $2, $2, '1', $3, array[$2])",
      hub!.id,
      everything,
      JSON.stringify({ everything }),
    );
    await set(
      "insert into lane (tenant, stage, id, account, attempts, last_error) values ('acme', 'post', $1, $1, 9, 'token is invalid: ' || $1)",
      everything,
    );
    await set(
      "insert into cursor (tenant, connection, name, value) values ('acme', $1, $2, $2)",
      hub!.id,
      `place:${everything}`,
    );
    await set(
      "insert into schedule (tenant, job, slot) values ('acme', $1, '2026-09-14')",
      `references:${everything}`,
    );
    await set(
      'select append_audit($1)',
      JSON.stringify([
        {
          at: new Date().toISOString(),
          kind: 'document.refused',
          actor: names.person,
          document: '00000000-0000-8000-8000-000000000001',
          entry: JSON.stringify({ everything }),
        },
      ]),
    );
  });
}

/** Unpacked by the tar of the machine: whoever gets it has no Tiebeam. */
async function unpacked(bundle: Buffer): Promise<Map<string, string>> {
  const place = await mkdtemp(join(folder, 'bundle-'));
  execFileSync('tar', ['-xzf', '-', '-C', place], { input: bundle });
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [path.slice(place.length + '/tiebeam-support/'.length), await readFile(path, 'utf8')] as const;
      }),
    ),
  );
}

function json(files: Map<string, string>, path: string): Record<string, never> {
  return JSON.parse(files.get(path) ?? 'null') as Record<string, never>;
}

describe('a support bundle', () => {
  it('tells what runs, how it is set and what is in trouble, while both systems are down', async () => {
    const files = await unpacked(await supportBundle(engine, around, wish));
    expect([...files.keys()].sort()).toEqual([
      'README.txt',
      'acme/audit.json',
      'acme/check.json',
      'acme/connections.json',
      'acme/counts.json',
      'acme/documents.json',
      'acme/lanes.json',
      'acme/looks.json',
      'acme/postings.json',
      'acme/quarantined.json',
      'database.json',
      'installation.json',
      'metrics.json',
    ]);
    expect(files.get('README.txt')).toContain('Could not be read: none');
    expect(json(files, 'database.json')).toMatchObject({
      epoch: '1',
      settings: expect.arrayContaining([
        expect.objectContaining({ name: 'server_encoding', setting: 'UTF8' }),
      ]),
    });
    expect(json(files, 'metrics.json')).toEqual(['tiebeam_up 1']);
    expect(json(files, 'acme/documents.json')).toMatchObject({
      total: 1,
      rows: [
        {
          state: 'refused',
          reasons: [{ code: 'target-refuses', message: expect.stringMatching(/^The period is closed: …/) }],
          waits: [{ kind: 'vendor' }],
          history: [{ kind: 'document.refused' }],
        },
      ],
    });
    expect(json(files, 'acme/postings.json')).toMatchObject({
      rows: [
        {
          state: 'exception',
          attempts: [{ outcome: { kind: 'unknown', why: expect.stringMatching(/^connection reset …/) } }],
        },
      ],
    });
    expect(json(files, 'acme/lanes.json')).toMatchObject({
      failing: {
        rows: expect.arrayContaining([
          expect.objectContaining({ attempts: 9, last_error: expect.stringMatching(/^token is invalid: …/) }),
        ]),
      },
    });
    expect(json(files, 'acme/connections.json')).toMatchObject([
      { system: 'procore', settings: { clientSecret: 'never shown' } },
      { settings: { baseUrl: 'http://127.0.0.1:1/', requestLifeMs: 300 } },
      { id: 'former' },
    ]);
    for (const { connection, check, findings } of json(files, 'acme/check.json') as unknown as {
      connection: string;
      check: string;
      findings: { ok: boolean; message: string }[];
    }[]) {
      expect(check).toBe('ended');
      expect(findings[0]).toMatchObject({ ok: false });
      if (connection !== 'former') expect(findings[0]!.message).toContain('ECONNREFUSED');
    }
  });

  it('holds no secret, no name and no amount, wherever it was planted', async () => {
    const files = await unpacked(await supportBundle(engine, around, wish));
    for (const [path, text] of files)
      for (const word of everything.split(/[\s"]+/).filter((each) => each !== 'Bearer'))
        expect(text, path).not.toContain(word);
  });

  it('names names where that is wished, and leaves a file out in which a credential stands', async () => {
    const files = await unpacked(await supportBundle(engine, around, { ...wish, withNames: true }));
    expect(files.get('README.txt')).toContain('WITH names');
    expect(files.get('acme/documents.json')).toContain('a credential of this installation stood in it');
    expect(files.get('acme/audit.json')).toContain('verified');
    const known = [
      canary.clientSecret,
      canary.erpPassword,
      canary.smtpPassword,
      canary.databasePassword,
      canary.secretKey,
      canary.addressPassword,
    ];
    for (const [path, text] of files) for (const secret of known) expect(text, path).not.toContain(secret);
    await inTenant(db.pools.app, 'acme', async (tx) => {
      await tx.query(
        "update document set vendor_name = $1, number = '', title = '', part = '', source_id = '1', reasons = '[]'",
        [names.vendor],
      );
      await tx.query('delete from waits_for');
      await tx.query("update posting set reason = 'asked of ' || $1, root = ''", [names.vendor]);
      await tx.query("update attempt_posting set outcome = '{}'");
    });
    const again = await unpacked(await supportBundle(engine, around, { ...wish, withNames: true }));
    expect(json(again, 'acme/postings.json')).toMatchObject({
      rows: [{ reason: `asked of ${names.vendor}` }],
    });
  });

  it('says that the database does not answer', async () => {
    const gone = openPools('postgres://owner:no@127.0.0.1:1/none', db.secret);
    const alone = openTestEngine(gone);
    const files = await unpacked(await supportBundle(alone, around, wish));
    expect([...files.keys()].sort()).toEqual([
      'README.txt',
      'database.json',
      'installation.json',
      'metrics.json',
    ]);
    expect(files.get('database.json')).toContain('ECONNREFUSED');
    expect(files.get('README.txt')).toContain('Could not be read: database.json');
    await gone.close();
  });
});
