import { inTenant } from '../store/database/transaction.ts';
import { listReview } from '../store/views/review-view.ts';
import { type Command, exit, table, tenantFlag, tenantsOf } from './shell.ts';

const MAX_ROWS = 500;

export const review: Command = {
  usage: 'tiebeam review [--tenant ID] [--json]',
  summary: 'List what waits for a person. Deciding needs a signed-in person: open Review in the web app.',
  flags: tenantFlag,
  async run(shell) {
    const house = await shell.open();
    try {
      let open = 0;
      for (const tenant of await tenantsOf(shell, house)) {
        const rows = await inTenant(house.engine.pools.app, tenant, (tx) => listReview(tx, 'open', MAX_ROWS));
        open += rows.length;
        if (shell.json)
          shell.print(
            JSON.stringify(
              rows.map(({ id, kind, title, question, role, evidence, opened_at }) => ({
                tenant,
                id,
                kind,
                title,
                question,
                role,
                evidence,
                openedAt: opened_at,
              })),
            ),
          );
        else if (rows.length > 0)
          shell.print(table(rows.map((row) => [row.kind, row.role, row.title, row.question])));
      }
      shell.say(open === 0 ? 'Nothing waits for a person.' : `${open} wait for a person.`);
      return open === 0 ? exit.ok : exit.found;
    } finally {
      await house.close();
    }
  },
};
