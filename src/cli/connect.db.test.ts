import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestEngine, vault } from '../../test/scenarios/test-engine.ts';
import { createTestDatabase, type TestDatabase } from '../../test/setup/database.ts';
import { describeConnection } from '../main.ts';
import { inTenant } from '../store/database/transaction.ts';
import { listConnections } from '../store/settings/connection.ts';
import { companiesOf, mappingsFor, setMapping } from '../store/settings/mapping.ts';
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

type More = {
  readonly apply?: boolean;
  readonly code?: string;
  readonly others?: readonly Record<string, unknown>[];
  readonly projects?: readonly { readonly id: string; readonly connection: string }[];
};

async function connect(config: Record<string, unknown>, more: More = {}): Promise<string[]> {
  const file = join(folder, 'connections.json');
  const connection = { id: 'erp', system: 'sap-business-one', name: 'ERP', code: more.code ?? 'B1', config };
  const plan = {
    tenant: { id: 'acme', name: 'Acme' },
    users: [],
    connections: [connection, ...(more.others ?? [])],
    projects: more.projects ?? [],
  };
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
    systems: [],
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

  it('leaves what runs with the first ERP company, and places what it names with another', async () => {
    await inTenant(db.pools.app, 'acme', (tx) =>
      setMapping(tx, {
        kind: 'project',
        scope: '',
        key: '1001',
        value: { kind: 'project', code: 'JOB-1' },
        setBy: 'anna',
      }),
    );
    const procore = {
      ...{ authUrl: 'https://login.example', apiUrl: 'https://api.example' },
      ...{ companyId: '7', clientId: 'tiebeam', clientSecret: 'secret' },
    };
    const others = [
      { id: 'procore', system: 'procore', name: 'Procore', code: 'PC', config: procore },
      {
        ...{ id: 'south', system: 'sap-business-one', name: 'South', code: 'B2' },
        config: { ...businessOne, companyDb: 'SBO_SOUTH' },
      },
    ];
    const more = { others, projects: [{ id: '1002', connection: 'south' }] };
    expect((await connect(businessOne, more)).join('|')).toContain('+ project 1002 belongs to south');
    await connect(businessOne, { ...more, apply: true });
    const placed = await inTenant(db.pools.app, 'acme', (tx) => companiesOf(tx, ['1001', '1002', '1003']));
    expect(Object.fromEntries(placed)).toEqual({ '1001': 'erp', '1002': 'south' });
    expect((await connect(businessOne, more)).join('|')).not.toContain('1002');
    const rowsIn = (id: string) =>
      inTenant(db.pools.app, 'acme', (tx) => mappingsFor(tx, { id, isHome: id === 'erp' }, '1001'));
    expect((await rowsIn('erp')).map(({ kind }) => kind)).toContain('project');
    expect(await rowsIn('south')).toEqual([]);
    const elsewhere = { ...more, projects: [{ id: '1002', connection: 'nowhere' }], apply: true };
    await expect(connect(businessOne, elsewhere)).rejects.toThrow(/Choose one of.*erp, south/);
  });
});
