import { readAgain } from '../engine/decisions/read-again.ts';
import { type Command, exit, table, tenantFlag, tenantsOf } from './shell.ts';

// Enough to see what kind of thing is left; each row names its body among the payloads.
const MAX_SHOWN = 100;

export const replay: Command = {
  usage: 'tiebeam replay [--tenant ID] [--json]',
  summary:
    'Read the webhooks once more that could not be read when they came, and carry what they tell. Nothing is done twice.',
  flags: tenantFlag,
  async run(shell) {
    const house = await shell.open();
    try {
      const all = [];
      for (const tenant of await tenantsOf(shell, house)) {
        const { read, left } = await readAgain(house.engine, tenant, 'cli');
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
