import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestEngine, vault } from '../../test/scenarios/test-engine.ts';
import { createTestDatabase, type TestDatabase } from '../../test/setup/database.ts';
import { ada, eli, setUpQuietTenant } from '../../test/setup/quiet-tenant.ts';
import { describeConnection } from '../main.ts';
import { inTenant } from '../store/database/transaction.ts';
import { recoverCommand } from './recover.ts';
import { replay } from './replay.ts';
import { type Command, exit, type Shell, UsageError } from './shell.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await setUpQuietTenant(db);
});
afterAll(() => db?.drop());

async function run(
  flags: Shell['flags'],
  json = false,
  command: Command = recoverCommand,
): Promise<{ code: number; printed: string[] }> {
  const printed: string[] = [];
  const shell: Shell = {
    words: [],
    flags,
    json,
    isTerminal: false,
    print: (text) => void printed.push(text),
    say: () => {},
    open: async () => ({ engine: openTestEngine(db.pools), pools: db.pools, vault, close: async () => {} }),
    describe: describeConnection,
    systems: [],
    root: '.',
    dataDir: '.',
    until: async () => {},
  };
  return { code: await command.run(shell), printed };
}

const raised = async () =>
  (
    await inTenant(db.pools.app, 'acme', (tx) =>
      tx.query<{ actor: string }>("select actor from audit where kind = 'epoch-raised' order by seq"),
    )
  ).rows;

describe('tiebeam recover', () => {
  it('says what would be looked for and changes nothing', async () => {
    const { code, printed } = await run({}, true);
    expect(code).toBe(exit.ok);
    expect(JSON.parse(printed[0]!)).toEqual({
      applied: false,
      epoch: 1,
      recoveries: [{ tenant: 'acme', connections: [], documents: 0 }],
    });
    expect(await raised()).toEqual([]);
  });

  it('is done by an engineer with a name, and by nobody else', async () => {
    await expect(run({ apply: true })).rejects.toThrow(UsageError);
    await expect(run({ apply: true, by: ada.email })).rejects.toThrow(/not an engineer/);
    await expect(run({ apply: true, by: 'nobody@acme.example' })).rejects.toThrow(/not an engineer/);
    expect(await raised()).toEqual([]);
  });

  it('raises the epoch by one each time it is applied, and the chain says by whom', async () => {
    const first = await run({ apply: true, by: 'Eli@acme.example' }, true);
    expect(JSON.parse(first.printed[0]!)).toMatchObject({ applied: true, epoch: 2 });
    const second = await run({ apply: true, by: eli.email });
    expect(second.printed).toEqual([
      'acme: open writes to look for now: none; documents to look for when they are first sent: 0',
    ]);
    expect(await raised()).toEqual([{ actor: 'Eli@acme.example' }, { actor: eli.email }]);
  });
});

describe('tiebeam replay', () => {
  it('is done by an engineer with a name, and by nobody else', async () => {
    await expect(run({}, false, replay)).rejects.toThrow(/--by/);
    await expect(run({ by: ada.email }, false, replay)).rejects.toThrow(/not an engineer of acme/);
    const { code, printed } = await run({ by: eli.email }, true, replay);
    expect(code).toBe(exit.ok);
    expect(JSON.parse(printed[0]!)).toEqual([{ tenant: 'acme', read: 0, left: 0, unread: [] }]);
  });
});
