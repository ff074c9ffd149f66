import { inTenant } from '../store/database/transaction.ts';
import { type BusinessEventRow, listBusinessEvents } from '../store/views/business-event-view.ts';
import { type Command, exit, table, tenantFlag, tenantsOf } from './shell.ts';

const MAX_ROWS = 200;

export const eventsCommand: Command = {
  usage: 'tiebeam events [--project ID] [--tenant ID] [--json]',
  summary: `Show what happened to the business: approvals, closings and decisions, the newest ${MAX_ROWS}.`,
  flags: {
    ...tenantFlag,
    project: {
      type: 'string',
      help: 'of this project only, by the id that Procore shows in the address bar',
    },
  },
  async run(shell) {
    const project = typeof shell.flags.project === 'string' ? shell.flags.project : null;
    const house = await shell.open();
    try {
      let count = 0;
      for (const tenant of await tenantsOf(shell, house)) {
        const filter = { project, below: null, limit: MAX_ROWS };
        const rows = await inTenant(house.engine.pools.app, tenant, (tx) => listBusinessEvents(tx, filter));
        count += rows.length;
        if (shell.json) shell.print(JSON.stringify(rows.map((row) => ({ tenant, ...row }))));
        else if (rows.length > 0) shell.print(table(rows.map(worded)));
      }
      shell.say(count === 0 ? 'Nothing happened that was noticed.' : `${count} versions of records.`);
      return exit.ok;
    } finally {
      await house.close();
    }
  },
};

function worded({ seen_at, events, object, native_id, number, title, project }: BusinessEventRow): string[] {
  const named = [number, title].filter((part) => part !== null && part !== '').join(' ');
  const when = `${seen_at.slice(0, 10)} ${seen_at.slice(11, 16)}`;
  return [
    when,
    events.join(', '),
    `${object} ${native_id}`,
    named,
    project === null ? '' : `project ${project}`,
  ];
}
