import type { Operation } from '../../domain/documents.ts';
import { mappingHash } from '../../domain/mapping.ts';
import { planNewProject as planned, projectCode } from '../../domain/masters/new-project.ts';
import { postingReference } from '../../domain/posting/reference.ts';
import { type Reason, waitKeys } from '../../domain/reasons.ts';
import type { ProjectRecord } from '../../domain/records.ts';
import { documentWaits } from '../../domain/states.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { savePlan } from '../../store/documents/document.ts';
import { documentsOf } from '../../store/documents/document-lists.ts';
import type { DocumentPlan, StoredDocument } from '../../store/documents/document-row.ts';
import { joinPlans } from '../../store/documents/plan-lock.ts';
import { expireReviews, openReview } from '../../store/documents/review.ts';
import { findRecords, type StoredRecord } from '../../store/records/record.ts';
import { moveItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor } from '../erp-companies.ts';
import { closeOlderItems, failRequest } from '../post/confirm.ts';
import { tellMaster } from '../post/new-master.ts';
import { waitsForCompany } from './ask-company.ts';
import { mappedTo } from './map-project.ts';
import { passGate } from './pass-gate.ts';
import { revisionOf } from './plan-commitment.ts';
import { openExport } from './plan-new-vendor.ts';
import { hashOf, isRefusedAlready, takeWritesBack, withdraw } from './save-plan.ts';

type Case = {
  readonly at: OpenConnection;
  readonly erp: OpenConnection;
  readonly project: StoredRecord<ProjectRecord>;
  readonly item: StoredRequestItem;
  readonly documents: readonly StoredDocument[];
  readonly open: StoredDocument | null;
};

/** What happens to a project that was sent to the ERP: it is the one it is mapped to, asked about, or created. */
export async function planNewProject(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  project: StoredRecord<ProjectRecord>,
): Promise<void> {
  const item = await openExport(tx, at, 'project', project.nativeId);
  if (item === null) return;
  const erp = await erpFor(engine, tx, at.tenant, project.nativeId);
  // Its rows are locked before it joins the plans: whoever concludes one of them outlasts the plans in that order.
  const documents = await documentsOf(tx, { ...keyOf(at, erp, project), kind: 'project', part: '' });
  await joinPlans(tx);
  if (await waitsForCompany(engine, tx, at, project)) return;
  // Said at this very moment: it is planned again, there.
  if ((await erpFor(engine, tx, at.tenant, project.nativeId)) !== erp) return;
  await closeOlderItems(engine, tx, at, item, documents);
  const last = documents.at(-1) ?? null;
  // On its way, or told to Procore just now: that answers it.
  if (last?.state === 'posting' || (last?.state === 'posted' && last.requestKey === item.key)) return;
  const open = last !== null && (documentWaits.has(last.state) || last.state === 'withdrawn') ? last : null;
  await moveItem(tx, item, 'working');
  const facts: Case = { at, erp, project, item, documents, open };
  const mapped = await mappedTo(tx, project.nativeId);
  if (mapped === null) return planCreate(engine, tx, facts);
  const { code } = mapped.value;
  const { originId } = project.body;
  if (originId !== null && originId !== code)
    return refuse(engine, tx, facts, [
      `code: Procore shows it as "${originId}", but it is mapped to ${code} of ${erp.name}. One of both has to be corrected.`,
    ]);
  await withdraw(engine, tx, erp, open, 'the project is mapped');
  await tellMaster(engine, tx, at, item, { object: 'project', recordId: project.nativeId, code });
}

async function planCreate(engine: Engine, tx: Tx, facts: Case): Promise<void> {
  const { at, erp, project, item, documents, open } = facts;
  if (!erp.connection.supports.has('create-project'))
    return refuse(engine, tx, facts, [`${erp.name} takes no new projects from here: enter it there.`]);
  if (project.body.originId !== null)
    return refuse(engine, tx, facts, [
      `code: Procore already shows it as "${project.body.originId}", which is no project of ${erp.name}.`,
    ]);
  const typedCode = item.erpCode?.trim() || null;
  const code = projectCode({ record: project.body, typedCode });
  const [standing] = await findRecords<ProjectRecord>(tx, erp.id, 'project', [code]);
  const revision = revisionOf(documents);
  const plan = planned({
    record: project.body,
    typedCode,
    target: () => standing?.body ?? null,
    reference: postingReference(erp.code, {
      tenant: at.tenant,
      connection: erp.id,
      sourceObject: 'project',
      sourceId: project.nativeId,
      kind: 'project',
      part: '',
      revision,
    }),
    revision,
    preflight: erp.connection.preflight,
  });
  if (plan.kind === 'refuse')
    return refuse(
      engine,
      tx,
      facts,
      plan.errors.map(({ field, message }) => `${field}: ${message}`),
    );
  const operation = plan.kind === 'create' ? plan.operation : null;
  if (isRefusedAlready(open, item, operation)) return;
  if (open !== null && !(await takeWritesBack(tx, erp, open))) return;
  const draft = draftOf(engine, facts, { revision, code, operation });
  if (plan.kind === 'create')
    return passGate(engine, tx, { erp, hub: at, draft, exposure: null, before: open });
  await savePlan(tx, { ...draft, state: 'in-review', reasons: [codeTaken(erp, plan.standing)] }, [
    { kind: 'mapping', key: waitKeys.mapping('project', project.nativeId) },
  ]);
  await expireReviews(tx, draft.id, []);
  await askAbout(engine, tx, facts, plan.standing);
}

/** A code stands for one project for ever: whether it is this one, only a person knows. */
async function askAbout(
  engine: Engine,
  tx: Tx,
  { project, erp }: Case,
  standing: ProjectRecord,
): Promise<void> {
  const { nativeId, body } = project;
  await openReview(tx, {
    id: engine.newId(),
    kind: 'unmapped',
    subject: `mapping:project:${nativeId}`,
    document: null,
    title: body.name,
    question: `It was sent to the ERP, which has a project under this code already. Which ERP project is this? Reject it if it is none: whoever sent it can then send it under another code.`,
    evidence: {
      asks: [{ kind: 'project', key: nativeId, label: body.name, scopeId: '' }],
      suggestions: [{ code: standing.id, name: standing.name, why: `the same code in ${erp.name}` }],
    },
    role: 'accountant',
  });
}

/** Procore lets a code be typed anew only where the answer speaks of it. */
async function refuse(
  engine: Engine,
  tx: Tx,
  { at, erp, item, open }: Case,
  messages: readonly string[],
): Promise<void> {
  await withdraw(engine, tx, erp, open, 'it is refused');
  await failRequest(engine, tx, at, item, messages);
}

function draftOf(
  engine: Engine,
  { at, erp, project, item, open }: Case,
  {
    revision,
    code,
    operation,
  }: { readonly revision: number; readonly code: string; readonly operation: Operation | null },
): DocumentPlan {
  const { nativeId, body, version, hash } = project;
  return {
    ...keyOf(at, erp, project),
    kind: 'project',
    part: '',
    id: open?.id ?? engine.newId(),
    revision,
    root: `project:${nativeId}`,
    state: 'planned',
    // The phase of a project cannot be raised before the ERP has it: that of the company counts.
    projectId: null,
    vendorId: null,
    vendorName: null,
    number: code,
    title: body.name,
    amountMinor: null,
    currency: null,
    exposureMinor: 0n,
    accountingDate: null,
    recordVersion: version,
    recordHash: hash,
    body: operation?.kind === 'create-project' ? operation.body : null,
    operation,
    payloadHash: hashOf(operation),
    mappings: [],
    mappingHash: mappingHash([]),
    gate: null,
    reasons: [],
    requester: item.requester,
    requestKey: item.key,
  };
}

function keyOf(at: OpenConnection, erp: OpenConnection, { nativeId }: StoredRecord) {
  const source = { sourceConnection: at.id, sourceObject: 'project', sourceId: nativeId };
  return { ...source, targetConnection: erp.id } as const;
}

function codeTaken(erp: OpenConnection, { id, name }: ProjectRecord): Reason {
  return {
    code: 'code-taken',
    owner: 'accountant',
    message: `${erp.name} has a project under the code ${id} already: ${name}.`,
    remedy: 'Say in Review whether it is this one; if not, send it under another code.',
  };
}
