import { signInToken } from '../engine/set-up/tenant.ts';
import { servedAt } from './served-at.ts';
import { type Command, exit, tenantFlag, tenantsOf, UsageError } from './shell.ts';

const LIFE_MS = 15 * 60_000;

export const signInLink: Command = {
  usage: 'tiebeam sign-in-link EMAIL [--tenant ID] [--json]',
  words: 1,
  summary: 'Make a link that signs one user in once, within 15 minutes.',
  flags: tenantFlag,
  async run(shell) {
    const [email] = shell.words;
    if (email === undefined) throw new UsageError('say whose link it should be');
    const house = await shell.open();
    try {
      for (const tenant of await tenantsOf(shell, house)) {
        const token = await signInToken(house.engine, tenant, email, LIFE_MS);
        if (token === null) continue;
        const path = `/sign-in?token=${token}`;
        const address = await servedAt(shell.dataDir);
        const url = address === null ? null : `${address}${path}`;
        shell.print(shell.json ? JSON.stringify({ tenant, path, url }) : (url ?? path));
        if (url === null) shell.say('Open this path at the address under which people reach Tiebeam.');
        return exit.ok;
      }
      throw new UsageError(`no user has the e-mail ${email}`);
    } finally {
      await house.close();
    }
  },
};
