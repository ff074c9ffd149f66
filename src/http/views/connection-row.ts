import type { z } from 'zod';
import type { ConnectionViewRow } from '../../store/connection-view.ts';
import { ConnectionRow, type Overview } from '../schemas.ts';
import { maybeInstant } from './amounts.ts';
import { healthOf } from './stored-json.ts';

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
