import type { ProjectRecord } from '../../../domain/records.ts';
import type { ProjectEntity } from '../service-layer/wire.ts';

/** A financial project: flat, and its code is the number people know it by. */
export function projectRecord(entity: ProjectEntity): ProjectRecord {
  return {
    object: 'project',
    id: entity.Code,
    name: entity.Name.trim(),
    number: entity.Code,
    originId: null,
    active: entity.Active !== 'tNO',
  };
}
