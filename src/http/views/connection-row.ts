import { z } from 'zod';
import type { ConnectionViewRow } from '../../store/views/connection-view.ts';
import { ConnectionRow } from '../schemas/connections.ts';
import type { Overview } from '../schemas/overview.ts';
import { instant, maybeInstant } from './amounts.ts';
import { healthOf, listOf } from './stored-json.ts';

const Finding = z.object({ subject: z.string(), ok: z.boolean(), message: z.string() });
const phase = ConnectionRow.shape.phase;
// The system that tells; every other one is told.
const SOURCE = 'procore';

export function toConnectionRow(row: ConnectionViewRow): z.infer<typeof ConnectionRow> {
  return {
    id: row.id,
    system: row.system,
    name: row.name,
    code: row.code,
    phase: phase.parse(row.phase),
    ...healthOf(row.health),
    lastWriteAt: maybeInstant(row.last_write_at),
    selfTest:
      row.self_test === null
        ? null
        : { at: instant(new Date(row.self_test.at)), findings: listOf(Finding, row.self_test.findings) },
    projects: row.projects.map((project) => ({
      projectId: project.projectId,
      phase: phase.parse(project.phase),
    })),
    jobCosts: row.system === SOURCE ? row.job_costs : null,
    hasHook: row.system === SOURCE ? row.has_hook : null,
    lacks: row.system === SOURCE ? lacksOf(row) : [],
  };
}

function lacksOf({ has_hook, knows_limits }: ConnectionViewRow): string[] {
  return [
    ...(has_hook ? [] : ['No webhook: changes are noticed by looking at the lists.']),
    ...(knows_limits
      ? []
      : ['Procore was not told the limits of the ERP: it refuses nothing before an export.']),
  ];
}

export function toConnectionHealth(row: ConnectionViewRow): z.infer<typeof Overview>['health'][number] {
  return {
    connection: row.name,
    system: row.system,
    phase: phase.parse(row.phase),
    ...healthOf(row.health),
    lastWriteAt: maybeInstant(row.last_write_at),
  };
}
