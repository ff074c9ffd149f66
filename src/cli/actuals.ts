import { allowJobCosts } from '../engine/decisions/allow-job-costs.ts';
import { step } from '../engine/step.ts';
import { type ComparedCost, compareActuals } from '../engine/watch/compare-actuals.ts';
import { askForActuals } from '../engine/watch/cost-hours.ts';
import { listUsers } from '../store/people/users.ts';
import {
  type Command,
  exit,
  type House,
  type Shell,
  table,
  tenantFlag,
  tenantsOf,
  UsageError,
} from './shell.ts';

export const actualsCommand: Command = {
  usage: 'tiebeam actuals [--allow yes|no --by EMAIL] [--now] [--tenant ID] [--json]',
  summary:
    'Compare posted cost per project: the ledger of the ERP, what of it is attributed, and what the budget in Procore shows.',
  flags: {
    ...tenantFlag,
    allow: {
      type: 'string',
      help: 'yes: posted cost is shown in Procore from now on, whatever the phase; no: nothing more of it is written',
    },
    now: {
      type: 'boolean',
      help: 'have the running service read the ledger and show what may be shown now, whatever its hours are',
    },
    by: { type: 'string', help: 'e-mail of the controller or engineer who decides that' },
  },
  async run(shell) {
    const allowed = wishOf(shell);
    const house = await shell.open();
    try {
      let isWhole = true;
      for (const tenant of await tenantsOf(shell, house)) {
        if (allowed !== null) await allow(shell, house, tenant, allowed);
        if (shell.flags.now === true) {
          await askForActuals(house.engine, tenant);
          if (!shell.json) shell.print('The service reads the ledger now. As it stands at this moment:');
        }
        const projects = await compareActuals(house.engine, tenant);
        isWhole &&= projects.every(isTiedOut);
        if (shell.json) shell.print(JSON.stringify({ tenant, projects }));
        else for (const project of projects) shell.print(worded(project));
      }
      return isWhole ? exit.ok : exit.found;
    } finally {
      await house.close();
    }
  },
};

function wishOf(shell: Shell): boolean | null {
  const { allow: wish, by } = shell.flags;
  if (wish === undefined) return null;
  if (wish !== 'yes' && wish !== 'no') throw new UsageError('--allow takes yes or no');
  if (typeof by !== 'string') throw new UsageError('say who decides that: --by EMAIL');
  return wish === 'yes';
}

async function allow(shell: Shell, { engine }: House, tenant: string, allowed: boolean): Promise<void> {
  const users = await step(engine, tenant, listUsers);
  const user = users.find(({ email }) => email.toLowerCase() === String(shell.flags.by).toLowerCase());
  if (user === undefined) throw new UsageError(`${tenant} has no user ${String(shell.flags.by)}`);
  const done = await allowJobCosts(engine, { tenant, user, allowed });
  if (!done.ok) throw new UsageError(done.detail);
}

function isTiedOut({ residual, strayed, waiting, unattributed, unread }: ComparedCost): boolean {
  return [residual, strayed, waiting, unattributed, unread].every((amount) => /^-?0(\.0+)?$/.test(amount));
}

function worded(cost: ComparedCost): string {
  const rows = [
    ['posted in the ERP', cost.ledger],
    ['  not read yet', cost.unread],
    ['  not attributed', cost.unattributed],
    ['  attributed', cost.attributed],
    ['    shown in Procore', cost.shown],
    ['      as direct costs', cost.directCosts],
    ['      by pay applications', cost.byPayApplications],
    ['    waiting or refused', cost.waiting],
    ['  edited in Procore', cost.strayed],
    ['  unexplained', cost.residual],
  ];
  const head = `${cost.project.name} (${cost.project.erpCode})  in ${cost.currency}`;
  return [head, table(rows, [1]), ...cost.notes.map((note) => `  - ${note}`), ''].join('\n');
}
