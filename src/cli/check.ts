import { Stop } from '../domain/outcomes.ts';
import { prepareTarget } from '../engine/prepare-target.ts';
import { listConnections } from '../store/connection.ts';
import { inTenant } from '../store/transaction.ts';
import { type Command, exit, type House, type Shell, tenantFlag, tenantsOf } from './shell.ts';

type Line = {
  readonly tenant: string;
  readonly connection: string;
  readonly subject: string;
  readonly ok: boolean;
  readonly message: string;
  readonly remedy: string | null;
};

export const check: Command = {
  usage: 'tiebeam check [--fix] [--tenant ID] [--json]',
  summary: 'Reach every connected system and prove every permission that is needed. Reads only.',
  flags: {
    ...tenantFlag,
    fix: { type: 'boolean', help: 'create what is missing in the ERP (user fields); writes, and is audited' },
  },
  async run(shell) {
    const house = await shell.open();
    try {
      const lines: Line[] = [];
      for (const tenant of await tenantsOf(shell, house)) {
        if (shell.flags.fix === true) await fix(shell, house, tenant);
        for (const { id } of await inTenant(house.engine.pools.app, tenant, listConnections)) {
          for await (const line of findings(house, tenant, id)) {
            lines.push(line);
            if (!shell.json) shell.print(worded(line));
          }
        }
      }
      if (shell.json) shell.print(JSON.stringify(lines));
      return lines.every((line) => line.ok) ? exit.ok : exit.found;
    } finally {
      await house.close();
    }
  },
};

async function* findings(house: House, tenant: string, connection: string): AsyncGenerator<Line> {
  try {
    const at = await house.engine.systems.get(tenant, connection);
    for await (const { subject, ok, message, remedy } of at.connection.check())
      yield { tenant, connection, subject, ok, message, remedy: remedy ?? null };
  } catch (error) {
    const remedy = error instanceof Stop ? (error.remedy ?? null) : null;
    yield {
      tenant,
      connection,
      subject: 'connection',
      ok: false,
      message: error instanceof Error ? error.message : String(error),
      remedy,
    };
  }
}

async function fix(shell: Shell, house: House, tenant: string): Promise<void> {
  shell.say(`Preparing the ERP of ${tenant} ...`);
  const done = await prepareTarget(house.engine, tenant);
  shell.say(done.ok ? 'Prepared.' : `Not prepared: ${done.why}`);
}

function worded({ connection, subject, ok, message, remedy }: Line): string {
  const first = `${ok ? 'ok    ' : 'FAILED'} ${connection}  ${subject}: ${message}`;
  return ok || remedy === null ? first : `${first}\n       What to do: ${remedy}`;
}
