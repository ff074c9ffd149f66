import type { ProjectRecord } from '../../domain/records.ts';
import type { ProjectRow } from '../wire.ts';

export function projectRecord(row: ProjectRow): ProjectRecord {
  return {
    object: 'project',
    id: row.id,
    name: row.name,
    number: row.project_number,
    originId: row.origin_id,
    active: row.active !== false,
  };
}
