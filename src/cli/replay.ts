import { readAgain } from '../engine/decisions/read-again.ts';
import { isEngineer } from '../engine/post/recover.ts';
import { type Command, exit, table, tenantFlag, tenantsOf, UsageError } from './shell.ts';

// Enough to see what kind of thing is left; each row names its body among the payloads.
const MAX_SHOWN = 100;

export const replay: Command = {
  usage: 'tiebeam replay --by EMAIL [--tenant ID] [--json]',
  summary:
    'Read the webhooks once more that could not be read when they came, and carry what they tell. Nothing is done twice.',
  flags: {
    ...tenantFlag,
    by: { type: 'string', help: 'e-mail of the engineer who does it, for the audit chain' },
  },
  async run(shell) {
    const { by } = shell.flags;
    if (typeof by !== 'string') throw new UsageError('say who does it with --by EMAIL');
    const house = await shell.open();
    try {
      const all = [];
      for (const tenant of await tenantsOf(shell, house)) {
        if (!(await isEngineer(house.engine, tenant, by)))
          throw new UsageError(`${by} is not an engineer of ${tenant}`);
        const { read, left } = await readAgain(house.engine, tenant, by);
        all.push({ tenant, read, left: left.length, unread: left.slice(0, MAX_SHOWN) });
        if (shell.json) continue;
        if (left.length > 0)
          shell.print(
            table(
              left
                .slice(0, MAX_SHOWN)
                .map(({ receivedAt, hook, reason, payload }) => [
                  receivedAt.toISOString(),
                  hook ?? '',
                  reason,
                  payload,
                ]),
            ),
          );
        shell.print(`${tenant}: ${read} read, ${left.length} left.`);
      }
      if (shell.json) shell.print(JSON.stringify(all));
      return all.every(({ left }) => left === 0) ? exit.ok : exit.found;
    } finally {
      await house.close();
    }
  },
};
