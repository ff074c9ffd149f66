import type { ProjectRecord } from '../../domain/records.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { findRecord } from '../../store/records/record.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpOf } from '../erp-companies.ts';
import { mapProject, mappedTo, placeProject } from '../plan/map-project.ts';
import { planNewProject } from '../plan/plan-new-project.ts';
import { step } from '../step.ts';
import { wakeProjectCodes } from './resolve-project-codes.ts';
import { readExported } from './resolve-vendor.ts';

/** Works a project of Procore that was sent to the ERP, or imported from there. */
export async function resolveProject(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  id: string,
): Promise<void> {
  if (!(await readExported(engine, lane, at, 'project', id))) return;
  // A step of its own: what waits for the mapping is released, for which no plan may be running.
  await step(engine, lane.tenant, (tx) => adoptMapping(engine, tx, at, id));
  await step(engine, lane.tenant, async (tx) => {
    const key = { connection: at.id, object: 'project', nativeId: id };
    const project = await findRecord<ProjectRecord>(tx, key);
    if (project !== null) await planNewProject(engine, tx, at, project);
    if (project !== null) await wakeProjectCodes(tx, at, id);
  });
  engine.failPoint('after-plan');
}

/** Procore shows the code of a project that the ERP has: both sides agree, and nobody has to map it. */
async function adoptMapping(engine: Engine, tx: Tx, at: OpenConnection, id: string): Promise<void> {
  const project = await findRecord<ProjectRecord>(tx, { connection: at.id, object: 'project', nativeId: id });
  const code = project?.body.originId ?? null;
  if (code === null || (await mappedTo(tx, id)) !== null) return;
  const said = await erpOf(engine, tx, at.tenant, id);
  const holders = await thatHave(tx, said === null ? await engine.systems.erpsOf(at.tenant) : [said], code);
  const [erp, ...others] = holders;
  // More than one has a project under this code: a person says which it is.
  if (erp === undefined || others.length > 0) return;
  if (said === null) await placeProject(engine, tx, erp, id);
  await mapProject(engine, tx, at.tenant, { id, code, why: 'the origin id in Procore is this code' });
}

/** The ERP companies that have a project under a code. */
async function thatHave(
  tx: Tx,
  erps: readonly OpenConnection[],
  code: string,
): Promise<readonly OpenConnection[]> {
  const found: OpenConnection[] = [];
  for (const erp of erps) {
    const record = await findRecord(tx, { connection: erp.id, object: 'project', nativeId: code });
    if (record !== null && !record.gone) found.push(erp);
  }
  return found;
}
