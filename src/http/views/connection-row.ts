import { z } from 'zod';
import type { ConnectionViewRow } from '../../store/connection-view.ts';
import { ConnectionRow, type Overview } from '../schemas.ts';
import { instant, maybeInstant } from './amounts.ts';
import { healthOf, listOf } from './stored-json.ts';

const Finding = z.object({ subject: z.string(), ok: z.boolean(), message: z.string() });
const phase = ConnectionRow.shape.phase;

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
  };
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
