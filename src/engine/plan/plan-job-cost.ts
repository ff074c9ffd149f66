import { mappingHash } from '../../domain/mapping.ts';
import type { StandardCostCodeRecord, SubJobRecord } from '../../domain/masters/job-cost-masters.ts';
import type { NewJobCostPlan, StandingMaster } from '../../domain/masters/new-job-cost.ts';
import { postingReference } from '../../domain/posting/reference.ts';
import { type Reason, type Wait, waitKeys } from '../../domain/reasons.ts';
import { documentWaits } from '../../domain/states.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { savePlan } from '../../store/documents/document.ts';
import { documentsOf } from '../../store/documents/document-lists.ts';
import type { DocumentPlan, StoredDocument } from '../../store/documents/document-row.ts';
import { type Link, linkedTarget } from '../../store/documents/link.ts';
import { joinPlans } from '../../store/documents/plan-lock.ts';
import { expireReviews, openReview } from '../../store/documents/review.ts';
import type { StoredRecord } from '../../store/records/record.ts';
import { moveItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor } from '../erp-companies.ts';
import { closeOlderItems, failRequest } from '../post/confirm.ts';
import { tellMaster } from '../post/new-master.ts';
import { waitsForCompany } from './ask-company.ts';
import { sourceOf } from './link-job-cost.ts';
import { passGate } from './pass-gate.ts';
import { revisionOf } from './plan-commitment.ts';
import { openExport } from './plan-new-vendor.ts';
import { hashOf, isRefusedAlready, takeWritesBack, withdraw } from './save-plan.ts';

/** A master of job cost that people send to the ERP. */
export type JobCostMaster = StandardCostCodeRecord | SubJobRecord;

const KINDS = {
  'standard-cost-code': { kind: 'cost-code', creates: 'create-cost-code', words: 'cost codes' },
  'sub-job': { kind: 'sub-job', creates: 'create-sub-job', words: 'sub jobs' },
} as const;

/** What is known of one when it is planned. */
export type JobCostCase<R extends JobCostMaster = JobCostMaster> = {
  readonly at: OpenConnection;
  readonly erp: OpenConnection;
  readonly record: StoredRecord<R>;
  readonly item: StoredRequestItem;
  readonly open: StoredDocument | null;
  readonly identity: { readonly revision: number; readonly reference: string };
};

/** What it depends on, or what becomes of it. */
export type JobCostFinding =
  | NewJobCostPlan
  | { readonly kind: 'wait'; readonly reason: Reason; readonly waits: readonly Wait[] };

/** Plans one that was sent to the ERP: it is what it is linked to, waits, is asked about, refused, or created. */
export async function planJobCost<R extends JobCostMaster>(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  record: StoredRecord<R>,
  find: (facts: JobCostCase<R>) => Promise<JobCostFinding>,
): Promise<void> {
  const { object } = record.body;
  const { kind, creates, words } = KINDS[object];
  const item = await openExport(tx, at, object, record.nativeId);
  if (item === null) return;
  const erp = await erpFor(engine, tx, at.tenant, projectOf(record.body));
  const key = { ...sourceOf(at, record), targetConnection: erp.id, kind, part: '' } as const;
  // Its rows are locked before it joins the plans: whoever concludes one of them outlasts the plans in that order.
  const documents = await documentsOf(tx, key);
  await joinPlans(tx);
  if (await waitsForCompany(engine, tx, at, record)) return;
  // Said at this very moment: it is planned again, there.
  if ((await erpFor(engine, tx, at.tenant, projectOf(record.body))) !== erp) return;
  await closeOlderItems(engine, tx, at, item, documents);
  const last = documents.at(-1) ?? null;
  // On its way, or told to Procore just now: that answers it.
  if (last?.state === 'posting' || (last?.state === 'posted' && last.requestKey === item.key)) return;
  const open = last !== null && (documentWaits.has(last.state) || last.state === 'withdrawn') ? last : null;
  await moveItem(tx, item, 'working');
  const revision = revisionOf(documents);
  const { sourceConnection: _, targetConnection: __, ...source } = key;
  const named = { ...source, tenant: at.tenant, connection: erp.id, revision };
  const identity = { revision, reference: postingReference(erp.code, named) };
  const facts: JobCostCase<R> = { at, erp, record, item, open, identity };
  const linked = await linkedTarget(tx, erp.id, sourceOf(at, record));
  if (linked !== null) return tellLinked(engine, tx, facts, linked);
  if (!erp.connection.supports.has(creates))
    return refuse(engine, tx, facts, [
      `${erp.name} keeps no ${words}, so nothing was created there. ${INSTEAD[object]}`,
    ]);
  const found = await find(facts);
  if (found.kind === 'refuse')
    return refuse(
      engine,
      tx,
      facts,
      found.errors.map(({ field, message }) => `${field}: ${message}`),
    );
  // Whoever links it finds that it is the same; here only another link can have stood in its way.
  if (found.kind === 'same')
    return refuse(engine, tx, facts, [
      `code: ${found.id} of ${erp.name} is linked to another record of Procore already.`,
    ]);
  await save(engine, tx, facts, found);
}

/** Standard cost codes are of the whole company: the home company keeps them. */
export function projectOf(record: JobCostMaster): string | null {
  return record.object === 'sub-job' ? record.projectId : null;
}

/** What an ERP without them is used with instead. */
const INSTEAD: Readonly<Record<JobCostMaster['object'], string>> = {
  'standard-cost-code': 'Map it to an account in Tiebeam, once something is coded to it.',
  'sub-job': 'Work on its project: that is what the ERP books to.',
};

type Planned = Exclude<JobCostFinding, { kind: 'same' | 'refuse' }>;

async function save(engine: Engine, tx: Tx, facts: JobCostCase, found: Planned): Promise<void> {
  const { at, erp, item, open } = facts;
  const operation = found.kind === 'create' ? found.operation : null;
  if (isRefusedAlready(open, item, operation)) return;
  if (open !== null && !(await takeWritesBack(tx, erp, open))) return;
  const draft = draftOf(engine, facts, operation);
  if (found.kind === 'create')
    return passGate(engine, tx, { erp, hub: at, draft, exposure: null, before: open });
  const asks = found.kind === 'ask';
  const reason = asks ? codeTaken(erp, found.standing) : found.reason;
  await savePlan(
    tx,
    { ...draft, state: asks ? 'in-review' : 'blocked', reasons: [reason] },
    asks ? [{ kind: 'record', key: waitKeys.record(draft.kind, found.standing.id) }] : found.waits,
  );
  await expireReviews(tx, draft.id, asks ? ['conflict'] : []);
  if (asks) await ask(engine, tx, draft, erp, found.standing);
}

/** It stands in the ERP already: Procore is told, and nothing is created. */
async function tellLinked(engine: Engine, tx: Tx, facts: JobCostCase, { targetId }: Link): Promise<void> {
  const { at, erp, item, record, open } = facts;
  const { originId } = record.body;
  if (originId !== null && originId !== targetId)
    return refuse(engine, tx, facts, [
      `code: Procore shows it as "${originId}", but it is ${targetId} of ${erp.name}. One of both has to be corrected.`,
    ]);
  await withdraw(engine, tx, erp, open, 'it is linked');
  const { object } = record.body;
  await tellMaster(engine, tx, at, item, { object, recordId: record.nativeId, code: targetId });
}

async function refuse(
  engine: Engine,
  tx: Tx,
  { at, erp, item, open }: JobCostCase,
  messages: readonly string[],
): Promise<void> {
  await withdraw(engine, tx, erp, open, 'it is refused');
  await failRequest(engine, tx, at, item, messages);
}

/** One code for what may be two things: nothing is linked and nothing created before somebody looked. */
async function ask(
  engine: Engine,
  tx: Tx,
  draft: DocumentPlan,
  erp: OpenConnection,
  standing: StandingMaster,
): Promise<void> {
  const closed = standing.active ? '' : ', which is closed';
  await openReview(tx, {
    id: engine.newId(),
    kind: 'conflict',
    subject: `conflict:${draft.id}`,
    document: draft.id,
    title: `${draft.number} ${draft.title}`,
    question: `${erp.name} has ${standing.id} as "${standing.name}"${closed}; in Procore it is "${draft.title}". If it is the same, give both one name and plan it again: it is linked then. If not, reject this: whoever sent it can give it another code.`,
    evidence: { difference: `"${draft.title}" and "${standing.name}"` },
    role: 'accountant',
  });
}

function codeTaken(erp: OpenConnection, { id, name }: StandingMaster): Reason {
  return {
    code: 'code-taken',
    owner: 'accountant',
    message: `${erp.name} has the code ${id} already, as "${name}".`,
    remedy: 'Give both one name if they are the same, and plan it again; else reject it in Review.',
  };
}

function draftOf(
  engine: Engine,
  { at, erp, record, item, open, identity }: JobCostCase,
  operation: Extract<NewJobCostPlan, { kind: 'create' }>['operation'] | null,
): DocumentPlan {
  const { nativeId, body, version, hash } = record;
  const isSubJob = body.object === 'sub-job';
  return {
    ...sourceOf(at, record),
    targetConnection: erp.id,
    kind: KINDS[body.object].kind,
    part: '',
    id: open?.id ?? engine.newId(),
    revision: identity.revision,
    root: `${body.object}:${nativeId}`,
    state: 'planned',
    projectId: isSubJob ? body.projectId : null,
    vendorId: null,
    vendorName: null,
    number: isSubJob ? body.code : body.fullCode,
    title: body.name,
    amountMinor: null,
    currency: null,
    exposureMinor: 0n,
    accountingDate: null,
    recordVersion: version,
    recordHash: hash,
    body: operation?.body ?? null,
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
