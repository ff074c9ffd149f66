import { type ComparedCode, type ComparedCodes, compareCodes } from '../engine/watch/compare-codes.ts';
import { type Command, exit, table, tenantFlag, tenantsOf } from './shell.ts';

export const codesCommand: Command = {
  usage: 'tiebeam codes [--tenant ID] [--json]',
  summary:
    'Compare the codes of budgets in Procore with what the ERP has for each, where the connection reads them.',
  flags: { ...tenantFlag },
  async run(shell) {
    const house = await shell.open();
    try {
      let isWhole = true;
      for (const tenant of await tenantsOf(shell, house)) {
        const projects = await compareCodes(house.engine, tenant);
        isWhole &&= projects.every(({ codes }) => codes.every(hasPlace));
        if (shell.json) shell.print(JSON.stringify({ tenant, projects }));
        else for (const project of projects) shell.print(worded(project));
      }
      return isWhole ? exit.ok : exit.found;
    } finally {
      await house.close();
    }
  },
};

function hasPlace({ standing: { kind } }: ComparedCode): boolean {
  return kind === 'own' || kind === 'mapped';
}

function worded({ project: { name, number, id }, codes }: ComparedCodes): string {
  const missing = codes.filter((code) => !hasPlace(code));
  const head = `${name} (${number ?? id})  ${codes.length} codes, ${codes.length - missing.length} have a place in the ERP`;
  const rows = missing.map((code) => [`  ${code.costCode} ${code.costType}`, code.description, whyOf(code)]);
  return rows.length === 0 ? head : `${head}\n${table(rows)}\n`;
}

function whyOf({ standing }: ComparedCode): string {
  return standing.kind === 'closed'
    ? `mapped to ${standing.to}, which does not exist there or takes no cost`
    : 'mapped to nothing: a line that bears it will be asked about in Review';
}
