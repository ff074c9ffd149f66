import { epochOf, foreseeRecovery, isEngineer, type Recovery, recover } from '../engine/post/recover.ts';
import { type Command, exit, type House, type Shell, tenantsOf, UsageError } from './shell.ts';

export const recoverCommand: Command = {
  usage: 'tiebeam recover [--apply --by EMAIL] [--json]',
  summary:
    'After a restore or failover of the database: have everything looked for in the systems before it is sent. Says what that is; --apply does it.',
  flags: {
    apply: { type: 'boolean', help: 'do it; without it nothing is changed' },
    by: { type: 'string', help: 'e-mail of the engineer who does it, for the audit chain' },
  },
  async run(shell) {
    const house = await shell.open();
    try {
      const { engine } = house;
      // The epoch is one for the whole database, and so is a restore.
      const tenants = await tenantsOf(shell, house);
      const recoveries = await Promise.all(tenants.map((tenant) => foreseeRecovery(engine, tenant)));
      const seen = await epochOf(engine, tenants[0]!);
      const epoch = shell.flags.apply === true ? await apply(shell, house, tenants, seen) : null;
      if (shell.json)
        shell.print(JSON.stringify({ applied: epoch !== null, epoch: Number(epoch ?? seen), recoveries }));
      else for (const recovery of recoveries) shell.print(sentence(recovery));
      shell.say(
        epoch === null
          ? 'Nothing was changed. Stop every worker that still uses another copy of this database, then run it again with --apply --by EMAIL.'
          : `The epoch is ${epoch} now: all of this is looked for before anything is sent.`,
      );
      return exit.ok;
    } finally {
      await house.close();
    }
  },
};

async function apply(shell: Shell, house: House, tenants: readonly string[], seen: bigint): Promise<bigint> {
  const { by } = shell.flags;
  if (typeof by !== 'string') throw new UsageError('say who does it with --by EMAIL');
  const known = await Promise.all(tenants.map((tenant) => isEngineer(house.engine, tenant, by)));
  if (!known.includes(true)) throw new UsageError(`${by} is not an engineer here`);
  let epoch = seen;
  for (const tenant of tenants) epoch = await recover(house.engine, { tenant, seen, by });
  return epoch;
}

function sentence({ tenant, connections, documents }: Recovery): string {
  const writes = connections.map(({ name, writes: count }) => `${count} of ${name}`).join(', ');
  return `${tenant}: open writes to look for now: ${writes || 'none'}; documents to look for when they are first sent: ${documents}`;
}
