import { tieOut, tieOutAnswer } from '../engine/watch/tie-out.ts';
import { tieOutBudgets } from '../engine/watch/tie-out-budgets.ts';
import { tieOutDirectCosts } from '../engine/watch/tie-out-direct-costs.ts';
import { type Command, exit, type Shell, table, tenantFlag, tenantsOf } from './shell.ts';

export const tieOutCommand: Command = {
  usage: 'tiebeam tie-out [--budget | --direct-costs] [--tenant ID] [--json]',
  summary: 'Compare committed cost per project in both systems and name every document in the difference.',
  flags: {
    ...tenantFlag,
    budget: { type: 'boolean', help: 'compare budgets instead, where the ERP keeps them by project' },
    'direct-costs': {
      type: 'boolean',
      help: 'compare bills that people entered on projects in Procore instead',
    },
  },
  async run(shell) {
    const house = await shell.open();
    try {
      let differs = false;
      for (const tenant of await tenantsOf(shell, house)) {
        const compared = await comparison(shell.flags)(house.engine, tenant);
        const answer = tieOutAnswer(compared, house.engine.clock.now());
        differs ||= answer.projects.some((project) => !isZero(project.difference));
        if (shell.json) shell.print(JSON.stringify({ tenant, ...answer }));
        else for (const project of answer.projects) shell.print(worded(project));
      }
      return differs ? exit.found : exit.ok;
    } finally {
      await house.close();
    }
  },
};

function comparison(flags: Shell['flags']): typeof tieOut {
  if (flags.budget === true) return tieOutBudgets;
  return flags['direct-costs'] === true ? tieOutDirectCosts : tieOut;
}

type Project = ReturnType<typeof tieOutAnswer>['projects'][number];

function worded({
  project,
  currency,
  source,
  target,
  difference,
  residual,
  received,
  foreign = [],
  items,
}: Project): string {
  const head = `${project.name} (${project.number ?? project.id}${project.erpCode === null ? ', not mapped' : `, ${project.erpCode}`})  in ${currency}`;
  const figures = table(
    [
      ['  Procore', source],
      ['  ERP', target],
      ['  difference', difference],
      ...items.map((item) => [`    ${item.cause} ${item.number}`, item.amount, item.explanation]),
      ['  unexplained', residual],
      ...(received === undefined || isZero(received)
        ? []
        : [['  received in the ERP, not billed', received, 'part of both totals']]),
      ...foreign.map(({ number, currency: own, amount, rate }) => [
        `  in ${own} ${number}`,
        amount,
        `in no total; rate in the ERP: ${rate ?? 'not known'}`,
      ]),
    ].map(padded),
    [1],
  );
  return `${head}\n${figures}\n`;
}

function padded([name = '', amount = '', words = '']: readonly string[]): string[] {
  return [name, amount, words];
}

function isZero(amount: string): boolean {
  return /^-?0(\.0+)?$/.test(amount);
}
