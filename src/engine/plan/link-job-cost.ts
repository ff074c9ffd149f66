import { waitKeys } from '../../domain/reasons.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { addLinks, linkedTarget } from '../../store/documents/link.ts';
import type { StoredRecord } from '../../store/records/record.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor } from '../erp-companies.ts';
import { askAboutLinks } from './ask.ts';
import { type JobCostMaster, projectOf } from './plan-job-cost.ts';
import { wakeWaiting } from './wake.ts';

/**
 * Links a master of job cost to the one that it is in the ERP. In a step of its own, before anything of it is planned:
 * what waits for the link is released, for which no plan may be running.
 */
export async function linkJobCost(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  record: StoredRecord<JobCostMaster>,
  standing: { readonly object: 'cost-code' | 'sub-job'; readonly id: string },
): Promise<void> {
  const erp = await erpFor(engine, tx, at.tenant, projectOf(record.body));
  const source = sourceOf(at, record);
  if ((await linkedTarget(tx, erp.id, source)) !== null) return;
  const { object: targetObject, id: targetId } = standing;
  const target = { targetConnection: erp.id, targetObject, targetId, targetLine: '' };
  const inTheWay = await addLinks(tx, [{ ...source, sourceLine: '', ...target }]);
  if (inTheWay.length > 0) return askAboutLinks(engine, tx, record.body.name, inTheWay);
  await releaseBelow(engine, tx, at, { object: record.body.object, id: record.nativeId });
  await appendAudit(tx, [
    {
      kind: 'job-cost-linked',
      actor: 'tiebeam',
      at: engine.clock.now(),
      body: { object: record.body.object, id: record.nativeId, code: targetId },
    },
  ]);
}

/** What hangs below a code waits until that one is known in the ERP, and what belongs to a sub job for that. */
export function releaseBelow(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  { object, id }: { readonly object: string; readonly id: string },
): Promise<void> {
  return wakeWaiting(engine, tx, at.tenant, 'record', waitKeys.record(object, id));
}

export function sourceOf(at: OpenConnection, { body, nativeId }: StoredRecord<JobCostMaster>) {
  return { sourceConnection: at.id, sourceObject: body.object, sourceId: nativeId } as const;
}
