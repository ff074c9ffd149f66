import { type DryRun, dryRun } from '../engine/plan/dry-run.ts';
import { readEverything } from '../engine/watch/sweep.ts';
import { type Command, exit, tenantFlag, tenantsOf } from './shell.ts';

export const plan: Command = {
  usage: 'tiebeam plan [--project ID] [--cached] [--tenant ID] [--json]',
  summary: 'Print exactly what would be written to the ERP. Reads both systems; writes to neither.',
  flags: {
    ...tenantFlag,
    project: { type: 'string', help: 'only this Procore project id' },
    cached: { type: 'boolean', help: 'use what was read before instead of reading both systems first' },
  },
  async run(shell) {
    const house = await shell.open();
    try {
      const project = typeof shell.flags.project === 'string' ? shell.flags.project : null;
      const counts = { write: 0, wait: 0, nothing: 0 };
      for (const tenant of await tenantsOf(shell, house)) {
        if (shell.flags.cached !== true)
          await readEverything(house.engine, tenant, (list) => shell.say(`reading ${list} ...`));
        for await (const item of dryRun(house.engine, tenant, project)) {
          counts[outcome(item)] += 1;
          shell.print(
            shell.json
              ? JSON.stringify(item, (_key, value: unknown) =>
                  typeof value === 'bigint' ? value.toString() : value,
                )
              : worded(item),
          );
        }
      }
      shell.say(
        `${counts.write} would be written, ${counts.wait} wait, ${counts.nothing} have nothing to do. Nothing was written.`,
      );
      return exit.ok;
    } finally {
      await house.close();
    }
  },
};

function outcome({ plan, requests }: DryRun): 'write' | 'wait' | 'nothing' {
  if (plan.kind === 'nothing') return 'nothing';
  return plan.reasons.length === 0 && requests.length > 0 ? 'write' : 'wait';
}

function worded({ record, plan, requests }: DryRun): string {
  const head = `${record.number}  ${record.title}  ${record.total} ${record.currency}`;
  if (plan.kind === 'nothing') return `${head}\n  nothing to do: ${plan.why}`;
  const reasons = plan.reasons.map(
    (reason) =>
      `  waits for ${reason.owner}: ${reason.message}${reason.remedy === undefined ? '' : `\n    ${reason.remedy}`}`,
  );
  const writes = requests.map(
    (request) =>
      `  ${reasons.length === 0 ? 'would send' : 'would send then'} ${request.method} ${request.path}\n    ${request.body ?? ''}`,
  );
  return [head, ...reasons, ...writes].join('\n');
}
