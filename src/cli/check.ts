import type { OpenConnection } from '../engine/engine.ts';
import { checkConnection } from '../engine/set-up/check.ts';
import { prepareTarget } from '../engine/set-up/prepare-target.ts';
import { runSelfTest } from '../engine/watch/self-test.ts';
import { planSelfTest, SENDS, type SelfTestPlan, type TestMasters } from '../engine/watch/self-test-plan.ts';
import { inTenant } from '../store/database/transaction.ts';
import { listConnections } from '../store/settings/connection.ts';
import { type Command, exit, type House, type Shell, tenantFlag, tenantsOf, UsageError } from './shell.ts';

type Line = {
  readonly tenant: string;
  readonly connection: string;
  readonly subject: string;
  readonly ok: boolean;
  readonly message: string;
  readonly remedy: string | null;
  readonly unproven?: true;
};

export const check: Command = {
  usage:
    'tiebeam check [--fix] [--self-test [--consent] [--with VENDOR,PROJECT,ACCOUNT] [--connection ID]] [--tenant ID] [--json]',
  summary:
    'Reach every connected system and prove the permissions that are needed. Reads only, unless told otherwise.',
  flags: {
    ...tenantFlag,
    fix: { type: 'boolean', help: 'create what is missing in the ERP (user fields); writes, and is audited' },
    'self-test': {
      type: 'boolean',
      help: `say what a self-test would write: one marked order, sent ${SENDS} times under one reference, then taken back`,
    },
    consent: { type: 'boolean', help: 'with --self-test: really do it; best in a sandbox company' },
    connection: {
      type: 'string',
      help: 'with --self-test: the ERP connection to test, where there are several',
    },
    with: { type: 'string', help: 'with --self-test: codes of the vendor, project and account to use' },
  },
  async run(shell) {
    if (shell.flags.consent === true && shell.flags['self-test'] !== true)
      throw new UsageError('--consent goes with --self-test');
    const masters = mastersOf(shell);
    const house = await shell.open();
    try {
      const lines: Line[] = [];
      const show = (line: Line) => {
        lines.push(line);
        if (!shell.json) shell.print(worded(line));
      };
      if (shell.flags['self-test'] !== true) for await (const line of mailServer(house)) show(line);
      for (const tenant of await tenantsOf(shell, house)) {
        const erps = await house.engine.systems.erpsOf(tenant);
        for (const erp of erps) if (shell.flags.fix === true) await fix(shell, house, erp);
        if (shell.flags['self-test'] === true) {
          for (const erp of testedOf(shell, erps))
            for (const line of await selfTest(shell, house, erp, masters)) show(line);
          continue;
        }
        for (const { id } of await inTenant(house.engine.pools.app, tenant, listConnections))
          for await (const line of findings(house, tenant, id)) show(line);
      }
      if (shell.json) shell.print(JSON.stringify(lines));
      return lines.every((line) => line.ok) ? exit.ok : exit.found;
    } finally {
      await house.close();
    }
  },
};

/** Nobody misses a mail that never comes: the server is asked for its sign-in here. */
async function* mailServer({ engine: { mail } }: House): AsyncGenerator<Line> {
  if (mail === undefined) return;
  const place = { tenant: '', connection: 'mail', subject: `sign-in at ${mail.server}` };
  try {
    await mail.verify();
    yield { ...place, ok: true, message: 'The mail server takes the sign-in.', remedy: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const remedy = 'Correct TIEBEAM_SMTP_URL. Until then mails wait, and everything else goes on.';
    yield { ...place, ok: false, message, remedy };
  }
}

async function* findings(house: House, tenant: string, connection: string): AsyncGenerator<Line> {
  for await (const { remedy, ...found } of checkConnection(house.engine, tenant, connection))
    yield { tenant, connection, ...found, remedy: remedy ?? null };
}

/** Says what would be written, and writes it only with consent: a company's books are not a playground. */
async function selfTest(
  shell: Shell,
  house: House,
  erp: OpenConnection,
  masters: TestMasters,
): Promise<readonly Line[]> {
  const plan = await planSelfTest(house.engine, erp, masters);
  const place = { tenant: erp.tenant, connection: plan.at.id };
  if (shell.flags.consent !== true)
    return [{ ...place, subject: 'self-test', ok: true, message: wouldWrite(plan), remedy: null }];
  shell.say(`Testing ${plan.at.name} ...`);
  const result = await runSelfTest(house.engine, plan, 'cli');
  return result.findings.map(({ remedy, ...found }) => ({ ...place, ...found, remedy: remedy ?? null }));
}

function wouldWrite({ at, order, fingerprint }: SelfTestPlan): string {
  return `Would send one order of ${order.total} ${order.currency} ${SENDS} times to ${fingerprint}: vendor ${order.vendorCode}, project ${order.projectCode}, account ${order.lines[0]?.coding.code}, dated ${order.accountingDate}, marked "${order.title}". Then it takes back what stands, in the way ${at.name} offers; nothing is deleted. Nothing was written now: add --consent to do it.`;
}

function mastersOf(shell: Shell): TestMasters {
  const given = shell.flags.with;
  if (typeof given !== 'string') return {};
  const [vendor, project, account, ...rest] = given.split(',');
  if (!vendor || !project || !account || rest.length > 0)
    throw new UsageError('--with takes three codes: VENDOR,PROJECT,ACCOUNT');
  return { vendor, project, account };
}

/** The one that was named. Codes are those of one company: with several it has to be said which. */
function testedOf(shell: Shell, erps: readonly OpenConnection[]): readonly OpenConnection[] {
  const named = shell.flags.connection;
  const found = erps.filter(({ id }) => named === undefined || id === named);
  const ids = erps.map(({ id }) => id).join(', ');
  if (found.length === 0) throw new UsageError(`--connection takes one of: ${ids}`);
  if (found.length > 1 && (shell.flags.with !== undefined || shell.flags.consent === true))
    throw new UsageError(`name the ERP company with --connection: ${ids}`);
  return found;
}

async function fix(shell: Shell, house: House, erp: OpenConnection): Promise<void> {
  shell.say(`Preparing ${erp.name} of ${erp.tenant} ...`);
  const done = await prepareTarget(house.engine, erp);
  shell.say(done.ok ? 'Prepared.' : `Not prepared: ${done.why}`);
}

function worded({ connection, subject, ok, message, remedy, unproven }: Line): string {
  const first = `${unproven ? 'open  ' : ok ? 'ok    ' : 'FAILED'} ${connection}  ${subject}: ${message}`;
  return ok || remedy === null ? first : `${first}\n       What to do: ${remedy}`;
}
