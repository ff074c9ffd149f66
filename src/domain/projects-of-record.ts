import type { CanonicalRecord } from './records.ts';

/** The projects of Procore that a record belongs to: a bill of the company may be for several of them, a vendor for none. */
export function projectsOfRecord(record: CanonicalRecord): readonly string[] {
  if (record.object === 'project') return [record.id];
  if (record.object === 'company-direct-cost')
    return [...new Set(record.lines.map(({ projectId }) => projectId))];
  return 'projectId' in record && record.projectId !== null ? [record.projectId] : [];
}
