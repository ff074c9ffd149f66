import { verifyAudit } from '../store/audit.ts';
import { inTenant } from '../store/transaction.ts';
import { type Command, exit, tenantFlag, tenantsOf, UsageError } from './shell.ts';

export const audit: Command = {
  usage: 'tiebeam audit verify [--tenant ID] [--json]',
  words: 1,
  summary: 'Check the audit chain from its first entry to its head; names the first broken entry.',
  flags: tenantFlag,
  async run(shell) {
    if (shell.words[0] !== 'verify') throw new UsageError('audit knows one thing to do: verify');
    const house = await shell.open();
    try {
      let broken = false;
      for (const tenant of await tenantsOf(shell, house)) {
        const verdict = await inTenant(house.engine.pools.app, tenant, verifyAudit);
        broken ||= !verdict.verified;
        if (shell.json)
          shell.print(
            JSON.stringify({ tenant, ...verdict }, (_key, value: unknown) =>
              typeof value === 'bigint' ? value.toString() : value,
            ),
          );
        else if (verdict.verified)
          shell.print(`${tenant}: verified, ${verdict.entries} entries, head ${verdict.head}`);
        else shell.print(`${tenant}: BROKEN at entry ${verdict.brokenAt}: ${verdict.reason}`);
      }
      return broken ? exit.found : exit.ok;
    } finally {
      await house.close();
    }
  },
};
