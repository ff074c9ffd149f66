import type { Operation } from '../../domain/documents.ts';
import { mappingHash } from '../../domain/mapping.ts';
import type { AssignedCode, ProjectCodesRecord } from '../../domain/masters/job-cost-masters.ts';
import { type AssignmentPlan, planAssignment } from '../../domain/masters/project-codes.ts';
import { postingReference } from '../../domain/posting/reference.ts';
import { type Reason, type Wait, waitKeys } from '../../domain/reasons.ts';
import type { ProjectRecord } from '../../domain/records.ts';
import { documentWaits } from '../../domain/states.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { savePlan } from '../../store/documents/document.ts';
import { documentsOf } from '../../store/documents/document-lists.ts';
import type { DocumentPlan, StoredDocument } from '../../store/documents/document-row.ts';
import { joinPlans } from '../../store/documents/plan-lock.ts';
import { findRecord, listRecords, type StoredRecord } from '../../store/records/record.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor, placementIn } from '../erp-companies.ts';
import { waitsForCompany } from './ask-company.ts';
import { mappedTo } from './map-project.ts';
import { passGate } from './pass-gate.ts';
import { revisionOf } from './plan-commitment.ts';
import { hashOf, isRefusedAlready, takeWritesBack, withdraw } from './save-plan.ts';

export const PROJECT_CODES = 'project-codes';
const PART = 'cost-codes';
// As many as one operation carries; what is more follows when these stand.
const CODES_AT_ONCE = 20_000;
// More than any company has.
const MAX_MASTERS = 100_000;
// What is named in a reason; the others are counted.
const NAMED = 10;

type Case = {
  readonly at: OpenConnection;
  readonly erp: OpenConnection;
  readonly record: StoredRecord<ProjectCodesRecord>;
  readonly open: StoredDocument | null;
  readonly revision: number;
};

/** What the project of the ERP lacks of the cost codes that the source's project works with is added to it. */
export async function planProjectCodes(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  record: StoredRecord<ProjectCodesRecord>,
): Promise<void> {
  const { projectId } = record.body;
  const erp = await erpFor(engine, tx, at.tenant, projectId);
  // Its rows are locked before it joins the plans: whoever concludes one of them outlasts the plans in that order.
  const documents = await documentsOf(tx, keyOf(at, erp, projectId));
  await joinPlans(tx);
  if (await waitsForCompany(engine, tx, at, record)) return;
  // Said at this very moment: it is planned again, there.
  if ((await erpFor(engine, tx, at.tenant, projectId)) !== erp) return;
  const last = documents.at(-1) ?? null;
  if (last?.state === 'posting') return;
  const open = last !== null && (documentWaits.has(last.state) || last.state === 'withdrawn') ? last : null;
  const facts: Case = { at, erp, record, open, revision: revisionOf(documents) };
  if (!erp.connection.supports.has('assign-cost-codes'))
    return wait(engine, tx, facts, keepsNone(erp), [{ kind: 'source', key: projectId }]);
  const mapped = (await mappedTo(tx, projectId))?.value.code ?? null;
  const project = mapped === null ? null : await projectIn(tx, erp, mapped);
  if (mapped === null || project === null)
    return wait(engine, tx, facts, notThere(erp, mapped), [
      { kind: 'mapping', key: waitKeys.mapping('project', projectId) },
      ...(mapped === null ? [] : [{ kind: 'record', key: waitKeys.record('project', mapped) } as const]),
    ]);
  const standing = project.costCodes?.assigned ?? [];
  const plan = planAssignment({ wanted: record.body.codes, standing, ...(await openMasters(tx, erp)) });
  if (plan.codes.length > 0) return assign(engine, tx, facts, mapped, plan.codes);
  if (plan.unknown.codes.length > 0 || plan.unknown.types.length > 0)
    return wait(engine, tx, facts, unknown(erp, plan), waitsFor(plan));
  await withdraw(engine, tx, erp, open, 'the project has its cost codes');
}

/** Somebody set the rule otherwise meanwhile: what waits of it waits for nothing any more. */
export async function withdrawProjectCodes(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  projectId: string,
): Promise<void> {
  const erp = await erpFor(engine, tx, at.tenant, projectId);
  const last = (await documentsOf(tx, keyOf(at, erp, projectId))).at(-1);
  if (last !== undefined && documentWaits.has(last.state))
    await withdraw(engine, tx, erp, last, 'cost codes of projects are not assigned any more');
}

async function assign(
  engine: Engine,
  tx: Tx,
  facts: Case,
  projectCode: string,
  lacking: readonly AssignedCode[],
): Promise<void> {
  const { at, erp, record, open, revision } = facts;
  const codes = lacking.slice(0, CODES_AT_ONCE);
  const { sourceConnection: _, targetConnection: __, ...source } = keyOf(at, erp, record.body.projectId);
  const named = { ...source, tenant: at.tenant, connection: erp.id, revision };
  const reference = postingReference(erp.code, named);
  const operation: Operation = { kind: 'assign-cost-codes', reference, projectCode, codes };
  if (isRefusedAlready(open, null, operation)) return;
  if (open !== null && !(await takeWritesBack(tx, erp, open))) return;
  const draft = await draftOf(engine, tx, facts, operation);
  await passGate(engine, tx, { erp, hub: at, draft, exposure: null, before: open });
}

async function wait(
  engine: Engine,
  tx: Tx,
  facts: Case,
  reason: Reason,
  waits: readonly Wait[],
): Promise<void> {
  const { erp, open } = facts;
  if (open !== null && !(await takeWritesBack(tx, erp, open))) return;
  const draft = await draftOf(engine, tx, facts, null);
  await savePlan(tx, { ...draft, state: 'blocked', reasons: [reason] }, waits);
}

async function projectIn(tx: Tx, erp: OpenConnection, code: string): Promise<ProjectRecord | null> {
  const key = { connection: erp.id, object: 'project', nativeId: code };
  const found = await findRecord<ProjectRecord>(tx, key);
  return found?.body.active === true && !found.gone ? found.body : null;
}

/** Codes and types that the ERP has and takes. */
async function openMasters(tx: Tx, erp: OpenConnection) {
  const open = async (object: 'cost-code' | 'cost-type') => {
    const records = await listRecords<ProjectRecord>(tx, erp.id, object, MAX_MASTERS);
    return new Set(records.flatMap(({ nativeId, body }) => (body.active ? [nativeId] : [])));
  };
  const [codes, types] = [await open('cost-code'), await open('cost-type')];
  return { isCode: (code: string) => codes.has(code), isType: (type: string) => types.has(type) };
}

function keepsNone({ name }: OpenConnection): Reason {
  return {
    code: 'target-refuses',
    owner: 'engineer',
    message: `${name} keeps no cost codes by project, so none were assigned there.`,
    remedy:
      'Map cost codes to accounts, which is how they reach it; set the rule for cost codes of projects to off if nobody wants this, and plan it again: it is withdrawn then.',
  };
}

function notThere({ name }: OpenConnection, code: string | null): Reason {
  return {
    code: 'project-unmapped',
    owner: 'accountant',
    message:
      code === null
        ? `Its project is not linked to one of ${name} yet.`
        : `Project ${code} of ${name} is not open.`,
    remedy:
      'Send the project to the ERP, or map it to one that is open: its cost codes follow by themselves.',
  };
}

function unknown({ name }: OpenConnection, { unknown: { codes, types } }: AssignmentPlan): Reason {
  const parts = [
    ...(codes.length === 0 ? [] : [`cost codes ${listed(codes)}`]),
    ...(types.length === 0 ? [] : [`cost types ${listed(types)}`]),
  ];
  return {
    code: 'target-refuses',
    owner: 'accountant',
    message: `${name} does not have, or has closed: ${parts.join('; ')}. Everything else is assigned to the project.`,
    remedy: 'Send them to the ERP as standard cost codes, or open them there: they follow by themselves.',
  };
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function waitsFor({ unknown: { codes } }: AssignmentPlan): Wait[] {
  return codes.map((code) => ({ kind: 'record', key: waitKeys.record('cost-code', code) }));
}

async function draftOf(
  engine: Engine,
  tx: Tx,
  { at, erp, record, open, revision }: Case,
  operation: Operation | null,
): Promise<DocumentPlan> {
  const { body, version, hash } = record;
  const { projectId } = body;
  const key = { connection: at.id, object: 'project', nativeId: projectId };
  const project = (await findRecord<ProjectRecord>(tx, key))?.body ?? null;
  const mappings = await placementIn(engine, tx, at.tenant, projectId);
  return {
    ...keyOf(at, erp, projectId),
    id: open?.id ?? engine.newId(),
    revision,
    root: `${PROJECT_CODES}:${projectId}`,
    state: 'planned',
    projectId,
    vendorId: null,
    vendorName: null,
    number: project?.number ?? projectId,
    title: `Cost codes of ${project?.name ?? projectId}`,
    amountMinor: null,
    currency: null,
    exposureMinor: 0n,
    accountingDate: null,
    recordVersion: version,
    recordHash: hash,
    body: null,
    operation,
    payloadHash: hashOf(operation),
    mappings,
    mappingHash: mappingHash(mappings),
    gate: null,
    reasons: [],
    requester: null,
    requestKey: null,
  };
}

/** It sets up what documents of the project are coded by, and is none that anybody approves. */
function keyOf(at: OpenConnection, erp: OpenConnection, projectId: string) {
  return {
    sourceConnection: at.id,
    sourceObject: PROJECT_CODES,
    sourceId: projectId,
    targetConnection: erp.id,
    kind: 'target-setup',
    part: PART,
  } as const;
}
