import type { SubJobPlace, SubJobPlaces } from '../../domain/planning/sub-job-place.ts';
import type { CommitmentLine } from '../../domain/records.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { linkedTarget } from '../../store/documents/link.ts';
import type { OpenConnection } from '../engine.ts';

/** Where the ERP books what belongs to the sub jobs that lines name. */
export async function subJobPlacesFor(
  tx: Tx,
  at: OpenConnection,
  { id, connection }: OpenConnection,
  lines: readonly Pick<CommitmentLine, 'subJob'>[],
): Promise<SubJobPlaces> {
  const named = new Set(lines.flatMap(({ subJob }) => (subJob === undefined ? [] : [subJob.id])));
  if (!connection.supports.has('create-sub-job')) {
    const kind = connection.costOfSubJobs === 'to-their-job' ? 'job' : 'undecided';
    return () => ({ kind });
  }
  const places = new Map<string, SubJobPlace>();
  for (const sourceId of named) {
    const source = { sourceConnection: at.id, sourceObject: 'sub-job', sourceId };
    const link = await linkedTarget(tx, id, source);
    if (link !== null) places.set(sourceId, { kind: 'part', code: link.targetId });
  }
  return (subJobId) => places.get(subJobId) ?? { kind: 'unlinked' };
}
