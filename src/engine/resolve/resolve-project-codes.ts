import type { ProjectCodesRecord } from '../../domain/masters/job-cost-masters.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { findRecord } from '../../store/records/record.ts';
import type { Lane } from '../../store/work/lane.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { findErp, mappedIn } from '../erp-companies.ts';
import { sourceLane } from '../lanes.ts';
import { PROJECT_CODES, planProjectCodes, withdrawProjectCodes } from '../plan/plan-project-codes.ts';
import { hubOf } from '../plan/visibility.ts';
import { syncLane } from '../requests/sync-codes.ts';
import { ofProject } from '../requests/sync-project-codes.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';
import { pullToEnd } from '../watch/pull.ts';

/** Reads the cost codes of a project and plans what of them its project in the ERP lacks. */
export async function resolveProjectCodes(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  projectId: string,
): Promise<void> {
  const hub = hubOf(at);
  if (hub.projectCodeRule !== 'to-erp')
    return step(engine, lane.tenant, (tx) => withdrawProjectCodes(engine, tx, at, projectId));
  const pulled = await hub.projectCodes(projectId);
  // What was assigned just now is no longer lacking.
  await pullToEnd(engine, await findErp(engine, lane.tenant, projectId), 'project');
  engine.failPoint('after-fetch');
  await step(engine, lane.tenant, async (tx) => {
    await keepRecord(tx, at.id, pulled);
    const key = { connection: at.id, object: PROJECT_CODES, nativeId: projectId };
    const record = await findRecord<ProjectCodesRecord>(tx, key);
    if (record !== null) await planProjectCodes(engine, tx, at, record);
  });
  engine.failPoint('after-plan');
}

/** A project was sent, linked or changed: its cost codes are compared, in the direction that somebody chose. */
export async function wakeProjectCodes(tx: Tx, at: OpenConnection, projectId: string): Promise<void> {
  const rule = hubOf(at).projectCodeRule;
  if (rule === 'to-erp') await wakeLane(tx, sourceLane(at, PROJECT_CODES, projectId));
  if (rule === 'from-erp') await wakeLane(tx, syncLane(at, ofProject(projectId)));
}

/** The same of a project of the ERP: of each that is mapped to it. */
export async function wakeCodesOfErpProject(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  code: string,
): Promise<void> {
  const hub = await engine.systems.hubOf(erp.tenant);
  if (hub.hub.projectCodeRule === 'off') return;
  for (const { key, value } of await mappedIn(engine, tx, erp))
    if (value.code === code) await wakeProjectCodes(tx, hub, key);
}
