import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestEngine, vault } from '../../test/scenarios/test-engine.ts';
import { createTestDatabase, type TestDatabase } from '../../test/setup/database.ts';
import { connect, ensureTenant, ensureUsers } from '../engine/set-up/tenant.ts';
import { describeConnection } from '../main.ts';
import { rememberServedAt } from './served-at.ts';
import { type Shell, UsageError } from './shell.ts';
import { signInLink } from './sign-in-link.ts';

let db: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  db = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'tiebeam-link-'));
});
afterAll(async () => {
  await db.drop();
  await rm(dataDir, { recursive: true, force: true });
});

async function linkFor(email: string): Promise<{ readonly printed: string[]; readonly said: string[] }> {
  const printed: string[] = [];
  const said: string[] = [];
  const shell: Shell = {
    words: [email],
    flags: {},
    json: false,
    isTerminal: false,
    print: (text) => void printed.push(text),
    say: (text) => void said.push(text),
    open: async () => ({ engine: openTestEngine(db.pools), pools: db.pools, vault, close: async () => {} }),
    describe: describeConnection,
    systems: [],
    root: '.',
    dataDir,
    until: async () => {},
  };
  await signInLink.run(shell);
  return { printed, said };
}

const local = { url: 'http://127.0.0.1:4999', host: '127.0.0.1', https: false };

describe('a sign-in link', () => {
  it('says that nothing is connected, and what to do, before there is a tenant', async () => {
    await expect(linkFor('ana@acme.example')).rejects.toMatchObject({
      message: 'nothing is connected yet',
      remedy: expect.stringContaining('docs/connect.md'),
    });
  });

  it('has the address at which the web app was last served', async () => {
    const engine = openTestEngine(db.pools);
    await ensureTenant(engine, 'acme', 'Acme');
    await ensureUsers(engine, 'acme', [
      { id: 'ana', email: 'ana@acme.example', name: 'Ana', roles: ['accountant'] },
    ]);
    const businessOne = {
      baseUrl: 'https://b1.example:50000',
      companyDb: 'SBO_TEST',
      userName: 'tiebeam',
      password: 'secret',
    };
    const erp = { id: 'erp', system: 'sap-business-one', name: 'ERP', code: 'B1' };
    await connect(engine, vault, 'acme', { ...erp, ...describeConnection(erp.system, businessOne) }, 'test');
    await rememberServedAt(dataDir, local);
    const { printed, said } = await linkFor('ana@acme.example');
    expect(printed[0]).toMatch(/^http:\/\/127\.0\.0\.1:4999\/sign-in\?token=[\w-]{43}$/);
    expect(said).toEqual([]);
  });

  it('is a path with a hint where people come through a proxy whose address we do not know', async () => {
    for (const behindProxy of [
      { ...local, https: true },
      { ...local, host: '0.0.0.0' },
    ]) {
      await rememberServedAt(dataDir, local);
      await rememberServedAt(dataDir, behindProxy);
      const { printed, said } = await linkFor('ana@acme.example');
      expect(printed[0]).toMatch(/^\/sign-in\?token=/);
      expect(said.join()).toContain('Open this path at the address');
    }
  });

  it('is refused for an e-mail that nobody has', async () => {
    await expect(linkFor('nobody@acme.example')).rejects.toBeInstanceOf(UsageError);
  });
});
