import { planSetUp, type SetUpPlan } from '../engine/set-up/plan.ts';
import { runSetUp, type SetUpDone } from '../engine/set-up/run.ts';
import { type Command, exit, type Shell, tenantFlag, tenantsOf, UsageError } from './shell.ts';

export const setUp: Command = {
  usage: 'tiebeam set-up procore [--address URL] [--new-secret] [--consent] [--tenant ID] [--json]',
  words: 1,
  summary:
    'Say what the Procore company still needs (ERP connection, limits of the ERP, webhook); with --consent, do it.',
  flags: {
    ...tenantFlag,
    address: { type: 'string', help: 'https address under which Procore reaches this service' },
    'new-secret': {
      type: 'boolean',
      help: 'give the webhook another secret; the former one is good until the new one was seen',
    },
    consent: { type: 'boolean', help: 'really do it; each write is audited' },
  },
  async run(shell) {
    if (shell.words[0] !== 'procore') throw new UsageError('the system that can be set up is procore');
    const house = await shell.open();
    try {
      const [tenant, ...others] = await tenantsOf(shell, house);
      if (tenant === undefined || others.length > 0) throw new UsageError('name the tenant with --tenant');
      const { address } = shell.flags;
      const planned = await planSetUp(house.engine, tenant, {
        freshSecret: shell.flags['new-secret'] === true,
        ...(typeof address === 'string' ? { address } : {}),
      });
      if (!planned.ok)
        throw new UsageError(planned.detail.replace('Name the address', 'Name with --address the address'));
      const { plan } = planned;
      const results = shell.flags.consent === true ? await runSetUp(house.engine, plan, 'cli') : null;
      show(shell, plan, results);
      const isWhole =
        results === null ? plan.steps.length === 0 : results.every(({ outcome }) => outcome === 'done');
      return isWhole ? exit.ok : exit.found;
    } finally {
      await house.close();
    }
  },
};

function show(shell: Shell, plan: SetUpPlan, results: readonly SetUpDone[] | null): void {
  const { hub, address, metadata, steps, notes } = plan;
  if (shell.json) {
    const would = steps.map(({ kind, what }) => ({ kind, what }));
    const seen = { connection: hub.id, address, metadata: metadata.document, steps: would, notes };
    shell.print(JSON.stringify(results === null ? seen : { ...seen, results }));
    return;
  }
  if (steps.length === 0) shell.print('Nothing is missing in Procore.');
  if (results === null) for (const { what } of steps) shell.print(`would  ${what}`);
  else for (const each of results) shell.print(worded(each));
  for (const note of notes) shell.print(`note   ${note}`);
  if (results === null && steps.length > 0)
    shell.say('Nothing was written now: add --consent to do it. --json shows the metadata whole.');
}

const MARKS: Readonly<Record<SetUpDone['outcome'], string>> = {
  done: 'done  ',
  'not-done': 'FAILED',
  unknown: 'open  ',
};

function worded({ what, outcome, message }: SetUpDone): string {
  return `${MARKS[outcome]} ${what}\n       ${message}`;
}
