import { type Finding, wordsOf } from '../domain/masters/reference-findings.ts';
import type { OpenConnection } from '../engine/engine.ts';
import { step } from '../engine/step.ts';
import { sweepReferences } from '../engine/watch/reference-sweep.ts';
import { appendAudit } from '../store/audit/audit.ts';
import { setMissingLimit } from '../store/settings/connection.ts';
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

type Swept = {
  readonly tenant: string;
  readonly connection: string;
  readonly listed: number;
  readonly stopped: boolean;
  readonly findings: readonly { readonly kind: string; readonly reference: string; readonly title: string }[];
};

export const sweepCommand: Command = {
  usage: 'tiebeam sweep --references [--missing-limit PERCENT] [--tenant ID] [--json]',
  summary:
    'List every ERP document under our references and compare it with what was posted: duplicates, orphans, missing, changed. Writes nothing to any system.',
  flags: {
    ...tenantFlag,
    references: { type: 'boolean', help: 'sweep by reference now, without waiting for the daily look' },
    'missing-limit': {
      type: 'string',
      help: 'from now on: the share of posted documents (1 to 100) that may be missing before the connection is stopped',
    },
  },
  async run(shell) {
    if (shell.flags.references !== true) throw new UsageError('say what to sweep: --references');
    const limit = limitOf(shell);
    const house = await shell.open();
    try {
      const all: Swept[] = [];
      for (const tenant of await tenantsOf(shell, house))
        for (const at of await house.engine.systems.erpsOf(tenant))
          all.push(await sweepOf(shell, house, at, limit));
      if (shell.json) shell.print(JSON.stringify(all));
      return all.every(({ findings, stopped }) => findings.length === 0 && !stopped) ? exit.ok : exit.found;
    } finally {
      await house.close();
    }
  },
};

async function sweepOf(
  shell: Shell,
  { engine }: House,
  at: OpenConnection,
  limit: number | null,
): Promise<Swept> {
  const { tenant } = at;
  if (limit !== null)
    await step(engine, tenant, async (tx) => {
      await setMissingLimit(tx, at.id, limit);
      const body = { connection: at.id, percent: String(limit) };
      await appendAudit(tx, [{ kind: 'missing-limit-set', actor: 'cli', at: engine.clock.now(), body }]);
    });
  const { listed, findings, stopped } = await sweepReferences(engine, at, null);
  const named = findings.map((finding) => ({ ...titled(finding, at.name) }));
  if (!shell.json) {
    if (named.length > 0)
      shell.print(table(named.map(({ kind, reference, title }) => [kind, reference, title])));
    if (stopped)
      shell.print(`STOPPED: ${at.name} was set to read-only, too much of what was posted is gone.`);
    shell.print(
      `${tenant}: ${listed} documents under our references in ${at.name}, ${named.length} findings.`,
    );
  }
  return { tenant, connection: at.id, listed, stopped, findings: named };
}

function titled(finding: Finding, erp: string): Swept['findings'][number] {
  return { kind: finding.kind, reference: finding.reference, title: wordsOf(finding, erp).title };
}

function limitOf(shell: Shell): number | null {
  const given = shell.flags['missing-limit'];
  if (given === undefined) return null;
  const percent = Number(given);
  if (!Number.isInteger(percent) || percent < 1 || percent > 100)
    throw new UsageError('--missing-limit takes a whole number from 1 to 100');
  return percent;
}
