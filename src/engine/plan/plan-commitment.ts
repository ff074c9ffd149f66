import { utcDate } from '../../domain/calendar-date.ts';
import { canonicalOf, contentHash } from '../../domain/canonical.ts';
import type { PostedBase, PurchaseOrderBody } from '../../domain/documents.ts';
import { costKey, type MappingRow, mappingHash } from '../../domain/mapping.ts';
import { money } from '../../domain/money.ts';
import { type OrderPlan, planOrder } from '../../domain/plan-order.ts';
import type {
  AccountRecord,
  CommitmentRecord,
  PeriodRecord,
  ProjectRecord,
  VendorRecord,
} from '../../domain/records.ts';
import { postingReference } from '../../domain/reference.ts';
import { type DocumentState, move } from '../../domain/states.ts';
import { appendAudit } from '../../store/audit.ts';
import { moveDocument, savePlan } from '../../store/document.ts';
import { documentsOf } from '../../store/document-lists.ts';
import type { DocumentPlan, StoredDocument } from '../../store/document-row.ts';
import { currentEpoch } from '../../store/installation.ts';
import { wakeLane } from '../../store/lane.ts';
import { linkedSource } from '../../store/link.ts';
import { mappingsFor } from '../../store/mapping.ts';
import { joinPlans } from '../../store/plan-lock.ts';
import { cancelPostings } from '../../store/posting.ts';
import { findRecord, findRecords, listRecords, type StoredRecord } from '../../store/record.ts';
import { moveItem, newestItem, type StoredRequestItem } from '../../store/request-item.ts';
import { expireReviews } from '../../store/review.ts';
import type { Tx } from '../../store/transaction.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { postLane } from '../lanes.ts';
import { closeOlderItems, confirmUnchanged, failRequest } from '../post/confirm.ts';
import { askMappings } from './ask.ts';
import { passGate } from './pass-gate.ts';

/** Turns the present state of a commitment into the documents it should be, and brings them to the gate. */
export async function planCommitment(engine: Engine, tx: Tx, at: OpenConnection, id: string): Promise<void> {
  await joinPlans(tx);
  const record = await findRecord<CommitmentRecord>(tx, {
    connection: at.id,
    object: 'commitment',
    nativeId: id,
  });
  if (record === null) return;
  const erp = await engine.systems.erpOf(at.tenant);
  const key = {
    sourceConnection: at.id,
    sourceObject: 'commitment',
    sourceId: id,
    targetConnection: erp.id,
    kind: 'purchase-order',
    part: '',
  } as const;
  const documents = await documentsOf(tx, key);
  const posted = documents.findLast(({ state }) => state === 'posted' || state === 'confirmed') ?? null;
  const last = documents.at(-1) ?? null;
  const open = last === null || last === posted || last.state === 'detached' ? null : last;
  const newest = await newestItem(tx, at.id, 'commitment', id);
  // Whatever becomes of the newest, an older one that comes late is answered as well.
  if (newest !== null) await closeOlderItems(engine, tx, at, newest, documents);
  // Something may be on its way: what it becomes decides what comes next, so the lane is woken when it ends.
  if (open?.state === 'posting' || open?.state === 'conflict') return;
  // What its sender was told will not be done is not done by itself later on.
  const item = open === null && posted === null && newest?.state === 'failed' ? null : newest;
  if (open?.state === 'withdrawn' && open.requestKey === (item?.key ?? null)) {
    if (open.recordVersion === record.version) return;
    // A person said no, and told its sender to export it again: an edit alone does not bring it back.
    if (posted === null && open.reasons.some(({ code }) => code === 'withdrawn')) return;
  }
  const facts: Case = { at, erp, record, posted, open, item, revision: revisionOf(documents) };
  const plan = planOrder(await planInput(engine, tx, facts));
  if (plan.kind === 'nothing') return nothingToDo(engine, tx, facts, plan.why);
  // What was refused is not sent again by itself, unless somebody asks once more or something of it changed.
  if (
    open?.state === 'refused' &&
    open.requestKey === (item?.key ?? null) &&
    open.payloadHash === (plan.operation === null ? null : contentHash(canonicalOf(plan.operation)))
  )
    return;
  if (open !== null && !(await takeWritesBack(tx, erp, open))) return;
  await saveAndGate(engine, tx, facts, plan);
}

/** The revision that a plan is for. What was ever over keeps its number and its reference: the next is another one. */
export function revisionOf(documents: readonly StoredDocument[]): number {
  const last = documents.at(-1);
  if (last === undefined) return 1;
  const isOver = last.state === 'posted' || last.state === 'confirmed' || last.state === 'detached';
  return isOver ? last.revision + 1 : last.revision;
}

type Case = {
  readonly at: OpenConnection;
  readonly erp: OpenConnection;
  readonly record: StoredRecord<CommitmentRecord>;
  readonly posted: StoredDocument | null;
  readonly open: StoredDocument | null;
  readonly item: StoredRequestItem | null;
  /** The revision that is planned. */
  readonly revision: number;
};

export async function planInput(
  engine: Engine,
  tx: Tx,
  { at, erp, record, posted, open, item, revision }: Case,
): Promise<Parameters<typeof planOrder>[0]> {
  const { body } = record;
  const rows = asPosted(await mappingsFor(tx, body.projectId), posted?.mappings ?? []);
  const find = (kind: MappingRow['kind'], scope: string, key: string) =>
    rows.find((row) => row.kind === kind && row.scope === scope && row.key === key) ?? null;
  const vendor =
    body.vendorId === null
      ? null
      : await linkedSource(tx, erp.id, {
          targetConnection: at.id,
          targetObject: 'vendor',
          targetId: body.vendorId,
        });
  const vendorRecord =
    vendor === null
      ? null
      : await findRecord<VendorRecord>(tx, {
          connection: erp.id,
          object: 'vendor',
          nativeId: vendor.sourceId,
        });
  const used = codesFor(rows, body);
  const projects = await findRecords<ProjectRecord>(tx, erp.id, 'project', used.projects);
  const accounts = await findRecords<AccountRecord>(tx, erp.id, 'account', used.accounts);
  const periods = await listRecords<PeriodRecord>(tx, erp.id, 'period');
  const base = baseOf(posted);
  return {
    record: record.gone ? { ...body, deleted: true } : body,
    exported: item === null ? null : { erpCode: item.erpCode, accountingDate: item.accountingDate },
    mapping: find,
    originMayBeOurs:
      (await currentEpoch(tx)) > 1n &&
      body.originId?.startsWith(`${erp.code}-`) === true &&
      // Looked for and not found: whoever wrote that origin id, it was not for this reference.
      !open?.reasons.some(({ code }) => code === 'sent-back' || code === 'foreign-origin'),
    vendorCode: vendor?.sourceId ?? null,
    vendorBlocked:
      vendorRecord !== null && !vendorRecord.body.active
        ? `Vendor ${vendorRecord.nativeId} is inactive or frozen in ${erp.name}.`
        : null,
    targetProject: (code) => projects.find(({ nativeId }) => nativeId === code)?.body ?? null,
    targetAccount: (code) => accounts.find(({ nativeId }) => nativeId === code)?.body ?? null,
    periods: periods.map((period) => period.body),
    base,
    revision,
    referenceOf: (revision) =>
      postingReference(erp.code, {
        tenant: at.tenant,
        connection: erp.id,
        sourceObject: 'commitment',
        sourceId: record.nativeId,
        kind: 'purchase-order',
        part: '',
        revision,
      }),
    preflight: erp.connection.preflight,
    // A new export may carry another date; within one export the date never moves by itself.
    frozenDate: open !== null && open.requestKey === (item?.key ?? null) ? open.accountingDate : null,
    today: utcDate(engine.clock.now()),
  };
}

/** The few ERP codes that the record's mappings name, of the thousands that a company may have. */
function codesFor(
  rows: readonly MappingRow[],
  record: CommitmentRecord,
): { readonly projects: string[]; readonly accounts: string[] } {
  const keys = new Set(record.lines.map(costKey));
  const codes = (wanted: (row: MappingRow) => boolean) => [
    ...new Set(rows.filter(wanted).map((row) => row.value.code)),
  ];
  return {
    projects: codes(({ kind, key }) => kind === 'project' && key === record.projectId),
    accounts: codes(({ kind, key }) => kind === 'cost' && keys.has(key)),
  };
}

/** What is posted keeps its coding: a mapping that changed since then is for new codes and new documents. */
function asPosted(current: readonly MappingRow[], used: readonly MappingRow[]): MappingRow[] {
  const keyOf = ({ kind, key }: MappingRow) => `${kind}|${key}`;
  const kept = new Set(used.map(keyOf));
  return [...used, ...current.filter((row) => !kept.has(keyOf(row)))];
}

function baseOf(posted: StoredDocument | null): PostedBase | null {
  if (posted === null || posted.targetId === null) return null;
  return { id: posted.targetId, body: posted.body as PurchaseOrderBody, lineKeys: posted.lineKeys };
}

async function saveAndGate(
  engine: Engine,
  tx: Tx,
  facts: Case,
  plan: Extract<OrderPlan, { kind: 'document' }>,
): Promise<void> {
  const { at, erp, record, open, item } = facts;
  const conflict = plan.reasons.some(({ code }) => code === 'vendor-changed');
  const waiting: DocumentState = conflict
    ? 'conflict'
    : plan.asks.length > 0
      ? 'in-review'
      : plan.reasons.length > 0
        ? 'blocked'
        : 'planned';
  if (open !== null && open.state !== 'planned') move('document', open.state, 'planned');
  const draft: DocumentPlan = {
    id: open?.id ?? engine.newId(),
    sourceConnection: at.id,
    sourceObject: 'commitment',
    sourceId: record.nativeId,
    targetConnection: erp.id,
    kind: 'purchase-order',
    part: '',
    revision: plan.revision,
    root: `commitment:${record.nativeId}`,
    state: move('document', 'planned', waiting),
    projectId: record.body.projectId,
    vendorId: record.body.vendorId,
    vendorName: record.body.vendorName,
    number: record.body.number,
    title: record.body.title,
    amountMinor: plan.amount.minor,
    currency: record.body.currency,
    exposureMinor: plan.exposure.minor,
    accountingDate: plan.accountingDate,
    recordVersion: record.version,
    recordHash: record.hash,
    body: plan.body,
    operation: plan.operation,
    payloadHash: plan.operation === null ? null : contentHash(canonicalOf(plan.operation)),
    mappings: plan.mappings,
    mappingHash: mappingHash(plan.mappings),
    gate: null,
    reasons: plan.reasons,
    requester: item?.requester ?? null,
    requestKey: item?.key ?? null,
  };
  if (item !== null) await moveItem(tx, item, 'working');
  if (waiting === 'planned')
    return passGate(engine, tx, {
      erp,
      hub: at,
      draft,
      exposure: money(plan.exposure.minor, record.body.currency),
      before: open,
    });
  await savePlan(tx, draft, plan.waits);
  await expireReviews(tx, draft.id, conflict ? ['conflict'] : []);
  await askMappings(engine, tx, draft, plan.asks, conflict ? plan.reasons : []);
}

/** The plan of before is over: what waited behind its writes is looked at. */
async function takeWritesBack(tx: Tx, erp: OpenConnection, open: StoredDocument): Promise<boolean> {
  if (!(await cancelPostings(tx, open, 'plan'))) return false;
  await wakeLane(tx, postLane(erp, open.root));
  return true;
}

/** Nothing to send: what waited is withdrawn, and a request that asked for it is answered. */
async function nothingToDo(
  engine: Engine,
  tx: Tx,
  facts: Case,
  why: 'not-exported' | 'unchanged' | 'deleted',
): Promise<void> {
  const { at, erp, posted, open, item } = facts;
  if (open !== null && open.state !== 'withdrawn' && (await takeWritesBack(tx, erp, open))) {
    await moveDocument(tx, open, { state: 'withdrawn', reasons: [] });
    await expireReviews(tx, open.id, []);
    await appendAudit(tx, [
      {
        kind: 'document-withdrawn',
        actor: 'tiebeam',
        document: open.id,
        at: engine.clock.now(),
        body: { why },
      },
    ]);
  }
  if (item === null) return;
  if (item.state === 'succeeded' || item.state === 'failed' || item.state === 'stale') return;
  // What stands already came from it and is being told: that answers it.
  if (posted?.state === 'posted' && posted.requestKey === item.key) return;
  if (why === 'unchanged' && posted !== null) return confirmUnchanged(engine, tx, at, posted, item);
  if (why === 'deleted')
    return failRequest(engine, tx, at, item, [
      posted === null
        ? 'The commitment was deleted in Procore before it was posted.'
        : 'The commitment was deleted in Procore. Its order still stands in the ERP.',
    ]);
}
