import { startWorker } from '../engine/dispatch/dispatch.ts';
import { startSweeps } from '../engine/watch/sweep.ts';
import { inTenant } from '../store/database/transaction.ts';
import { countStates } from '../store/documents/document-lists.ts';
import { listConnections } from '../store/settings/connection.ts';
import { busyLanes } from '../store/work/lane.ts';
import { type Command, exit, tenantFlag, tenantsOf, UsageError } from './shell.ts';

// Work is done when nothing was due for this long: a lane may wake another one a moment later.
const QUIET_MS = 1_500;
const LOOK_EVERY_MS = 200;

export const sync: Command = {
  usage: 'tiebeam sync [--seconds N] [--tenant ID] [--json]',
  summary: 'Read both systems once, carry everything that may be carried, and end.',
  flags: {
    ...tenantFlag,
    seconds: { type: 'string', help: 'end after this time even if work is left (default 300)' },
  },
  async run(shell) {
    const seconds = Number(shell.flags.seconds ?? 300);
    if (!Number.isInteger(seconds) || seconds < 1)
      throw new UsageError('--seconds takes a whole number of at least 1');
    const house = await shell.open();
    const { engine } = house;
    try {
      const tenants = await tenantsOf(shell, house);
      for (const tenant of tenants) {
        const connections = await inTenant(engine.pools.app, tenant, listConnections);
        await startSweeps(
          engine,
          tenant,
          connections.map(({ id }) => id),
        );
      }
      const worker = startWorker(engine, { owner: engine.newId() });
      const done = await untilQuiet(
        engine,
        tenants,
        seconds * 1_000,
        shell.isTerminal ? shell.say : () => {},
      );
      await worker.stop();
      const states = await Promise.all(
        tenants.map(async (tenant) => ({
          tenant,
          states: await inTenant(engine.pools.app, tenant, countStates),
        })),
      );
      if (shell.json) shell.print(JSON.stringify(states));
      else
        for (const { tenant, states: counts } of states)
          shell.print(
            `${tenant}: ${
              Object.entries(counts)
                .map(([state, count]) => `${count} ${state}`)
                .join(', ') || 'no documents'
            }`,
          );
      return done ? exit.ok : exit.found;
    } finally {
      await house.close();
    }
  },
};

async function untilQuiet(
  engine: Parameters<typeof startWorker>[0],
  tenants: readonly string[],
  limitMs: number,
  say: (text: string) => void,
): Promise<boolean> {
  const start = engine.clock.now().getTime();
  let busyAt = start;
  for (let now = start; now - start < limitMs; now = engine.clock.now().getTime()) {
    const busy = await Promise.all(tenants.map((tenant) => inTenant(engine.pools.app, tenant, busyLanes)));
    const total = busy.reduce((sum, count) => sum + count, 0);
    if (total > 0) busyAt = now;
    else if (now - busyAt > QUIET_MS) return true;
    say(`${total} at work`);
    await engine.clock.sleep(LOOK_EVERY_MS);
  }
  return false;
}
