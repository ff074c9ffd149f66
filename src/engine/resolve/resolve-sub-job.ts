import type { Pulled } from '../../connectors/connector.ts';
import { type SubJobRecord, subJobKey } from '../../domain/masters/job-cost-masters.ts';
import { planNewSubJob } from '../../domain/masters/new-job-cost.ts';
import { waitKeys } from '../../domain/reasons.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { findByMatchKeys, findRecord, findRecords, type StoredRecord } from '../../store/records/record.ts';
import { newestItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor, findErp } from '../erp-companies.ts';
import { linkJobCost } from '../plan/link-job-cost.ts';
import { mappedTo } from '../plan/map-project.ts';
import { type JobCostCase, type JobCostFinding, planJobCost } from '../plan/plan-job-cost.ts';
import { hubOf, missingSubject, notThere } from '../plan/visibility.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';
import { pullToEnd } from '../watch/pull.ts';
import { wakeProjectCodes } from './resolve-project-codes.ts';

const OBJECT = 'sub-job';

/** Works a sub job of Procore that was sent to the ERP. */
export async function resolveSubJob(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  id: string,
): Promise<void> {
  const item = await step(engine, lane.tenant, (tx) => newestItem(tx, at.id, OBJECT, id));
  if (item?.projectId == null) return;
  const pulled = await shownSubJob(at, { id, projectId: item.projectId });
  const erp = await findErp(engine, at.tenant, item.projectId);
  if (erp.connection.pull[OBJECT] !== undefined) await pullToEnd(engine, erp, OBJECT);
  engine.failPoint('after-fetch');
  if (pulled === undefined) return notThere(engine, lane, at, OBJECT, id);
  const key = { connection: at.id, object: OBJECT, nativeId: id };
  const read = (tx: Tx) => findRecord<SubJobRecord>(tx, key);
  await step(engine, lane.tenant, (tx) => expireSubject(tx, 'quarantined', missingSubject(key)));
  await keepAndLink(engine, at, pulled);
  await step(engine, lane.tenant, async (tx) => {
    const record = await read(tx);
    if (record === null) return;
    await planJobCost(engine, tx, at, record, (facts) => finding(tx, facts));
    await wakeProjectCodes(tx, at, record.body.projectId);
  });
  engine.failPoint('after-plan');
}

/** Somebody imported one: it is linked by the id that Procore shows of it. */
export async function linkShownSubJob(
  engine: Engine,
  at: OpenConnection,
  { nativeId: id, projectId }: Pick<StoredRequestItem, 'nativeId' | 'projectId'>,
): Promise<void> {
  const pulled = projectId === null ? undefined : await shownSubJob(at, { id, projectId });
  if (pulled !== undefined) await keepAndLink(engine, at, pulled);
}

async function shownSubJob(
  at: OpenConnection,
  { id, projectId }: { readonly id: string; readonly projectId: string },
): Promise<Pulled | undefined> {
  return (await hubOf(at).subJobs(projectId)).find(({ record }) => record.id === id);
}

function keepAndLink(engine: Engine, at: OpenConnection, pulled: Pulled): Promise<void> {
  return step(engine, at.tenant, async (tx) => {
    await keepRecord(tx, at.id, pulled);
    const key = { connection: at.id, object: OBJECT, nativeId: pulled.record.id };
    const record = await findRecord<SubJobRecord>(tx, key);
    if (record !== null) await linkSame(engine, tx, at, record);
  });
}

/** The ERP has it in the same job under its code and name, or Procore shows the ERP's own id of it. */
async function linkSame(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  record: StoredRecord<SubJobRecord>,
): Promise<void> {
  const erp = await erpFor(engine, tx, at.tenant, record.body.projectId);
  const projectCode = (await mappedTo(tx, record.body.projectId))?.value.code ?? null;
  if (projectCode === null) return;
  const standing = await standingOf(tx, erp, record.body, projectCode);
  const unused = { reference: '', revision: 0, preflight: () => [] };
  const plan = planNewSubJob({ record: record.body, projectCode, standing, ...unused });
  if (plan.kind === 'same') await linkJobCost(engine, tx, at, record, { object: OBJECT, id: plan.id });
}

async function finding(
  tx: Tx,
  { erp, record, identity }: JobCostCase<SubJobRecord>,
): Promise<JobCostFinding> {
  const { projectId } = record.body;
  const mapped = await mappedTo(tx, projectId);
  if (mapped === null)
    return {
      kind: 'wait',
      reason: {
        code: 'project-unmapped',
        owner: 'accountant',
        message: `Its project is not linked to one of ${erp.name} yet.`,
        remedy: 'Send the project to the ERP, or map it in Mappings: this follows by itself.',
      },
      waits: [{ kind: 'mapping', key: waitKeys.mapping('project', projectId) }],
    };
  const { code: projectCode } = mapped.value;
  const standing = await standingOf(tx, erp, record.body, projectCode);
  const { preflight } = erp.connection;
  return planNewSubJob({ record: record.body, projectCode, standing, ...identity, preflight });
}

async function standingOf(
  tx: Tx,
  erp: OpenConnection,
  { originId, code }: SubJobRecord,
  projectCode: string,
): Promise<SubJobRecord | null> {
  const found =
    originId === null
      ? await findByMatchKeys<SubJobRecord>(tx, erp.id, OBJECT, [subJobKey(projectCode, code)])
      : await findRecords<SubJobRecord>(tx, erp.id, OBJECT, [originId]);
  return found[0]?.body ?? null;
}
