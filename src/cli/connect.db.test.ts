import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestEngine, vault } from '../../test/scenarios/test-engine.ts';
import { createTestDatabase, type TestDatabase } from '../../test/setup/database.ts';
import { describeConnection } from '../main.ts';
import { listConnections } from '../store/connection.ts';
import { inTenant } from '../store/transaction.ts';
import { connectCommand } from './connect.ts';
import { type Shell, UsageError } from './shell.ts';

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'tiebeam-connect-'));
});
afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true, force: true });
});

const businessOne = {
  baseUrl: 'https://b1.example:50000',
  companyDb: 'SBO_TEST',
  userName: 'tiebeam',
  password: 'not to be seen',
};

async function connect(
  config: Record<string, unknown>,
  more: { readonly apply?: boolean; readonly code?: string } = {},
): Promise<string[]> {
  const file = join(folder, 'connections.json');
  const connection = { id: 'erp', system: 'sap-business-one', name: 'ERP', code: more.code ?? 'B1', config };
  const plan = { tenant: { id: 'acme', name: 'Acme' }, users: [], connections: [connection] };
  await writeFile(file, JSON.stringify(plan));
  const printed: string[] = [];
  const shell: Shell = {
    words: [file],
    flags: { apply: more.apply === true },
    json: false,
    isTerminal: false,
    print: (text) => void printed.push(text),
    say: () => {},
    open: async () => ({ engine: openTestEngine(db.pools), pools: db.pools, vault, close: async () => {} }),
    describe: describeConnection,
    root: '.',
    dataDir: folder,
    until: async () => {},
  };
  await connectCommand.run(shell);
  return printed;
}

describe('a connection file', () => {
  it('only shows what it would change until it is applied', async () => {
    expect((await connect(businessOne)).join()).toContain('+ connection erp to sap-business-one, read-only');
    expect(await inTenant(db.pools.app, 'acme', listConnections)).toEqual([]);
  });

  it('connects read-only, and shows no credentials afterwards', async () => {
    await connect(businessOne, { apply: true });
    const saved = await inTenant(db.pools.app, 'acme', listConnections);
    expect(saved).toMatchObject([{ id: 'erp', phase: 'read-only' }]);
    expect((await connect({ ...businessOne, companyDb: 'SBO_OTHER' })).join()).toMatch(/SBO_TEST.*SBO_OTHER/);
    expect((await connect(businessOne)).join()).not.toContain('not to be seen');
  });

  it('is refused with the field that is wrong, in the words of its system', async () => {
    const refused = async (wish: Promise<unknown>) => {
      const error: unknown = await wish.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(UsageError);
      return (error as UsageError).message;
    };
    expect(await refused(connect({ ...businessOne, baseUrl: 'http://b1.example:50000' }))).toContain(
      'connection erp, baseUrl: must be the https address',
    );
    expect(await refused(connect(businessOne, { code: 'b' }))).toContain('connections.0.code');
    expect(await refused(connect({ ...businessOne, password: '$TIEBEAM_NO_SUCH' }))).toContain(
      'TIEBEAM_NO_SUCH is not set',
    );
  });
});
