import type { SubJobRecord } from '../../domain/masters/job-cost-masters.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { listRecords } from '../../store/records/record.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { mappedIn } from '../erp-companies.ts';
import { step } from '../step.ts';

// More than any company has; what is beyond is not offered and no figure claims it.
const MAX_RECORDS = 100_000;

export async function subJobsOfErp(tx: Tx, erp: OpenConnection): Promise<readonly SubJobRecord[]> {
  return (await listRecords<SubJobRecord>(tx, erp.id, 'sub-job', MAX_RECORDS)).map(({ body }) => body);
}

/**
 * Sub jobs of Procore as they stand now, under what the ERP calls their projects. Procore lists them by project: only
 * projects are read that have some in the ERP.
 */
export async function shownSubJobs(
  engine: Engine,
  hub: OpenConnection,
  erp: OpenConnection,
): Promise<readonly SubJobRecord[]> {
  const projects = await step(engine, hub.tenant, async (tx) => {
    const wanted = new Set((await subJobsOfErp(tx, erp)).map(({ projectId }) => projectId));
    return (await mappedIn(engine, tx, erp)).filter(({ value }) => wanted.has(value.code));
  });
  const found: SubJobRecord[] = [];
  for (const { key, value } of projects)
    for (const { record } of await hub.hub!.subJobs(key)) found.push({ ...record, projectId: value.code });
  return found;
}
