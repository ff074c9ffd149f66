import { acceptedOrder } from '../../domain/approval/accepted-content.ts';
import type { PostedBase } from '../../domain/documents.ts';
import { costKey, type MappingRow } from '../../domain/mapping.ts';
import { AS_FOUND } from '../../domain/orders/adopted-order.ts';
import { planOrder } from '../../domain/orders/plan-order.ts';
import { postingReference } from '../../domain/posting/reference.ts';
import type { AccountRecord, CommitmentRecord, PeriodRecord, ProjectRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import { utcDate } from '../../domain/values/calendar-date.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { moveDocument } from '../../store/documents/document.ts';
import { ordersOfRoot } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { joinPlans, lockOrder } from '../../store/documents/plan-lock.ts';
import {
  findRecord,
  findRecords,
  listRecords,
  type RecordKey,
  type StoredRecord,
} from '../../store/records/record.ts';
import { newestItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import { mappingsFor } from '../../store/settings/mapping.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor } from '../erp-companies.ts';
import { commitmentRoot } from '../lanes.ts';
import { attachFiles } from '../post/attach.ts';
import { closeOlderItems, confirmUnchanged, failRequest } from '../post/confirm.ts';
import { adoptionOf } from './adopted.ts';
import { waitsForCompany } from './ask-company.ts';
import { standingOrder } from './order-in-erp.ts';
import { giveWayTo, isAskedAnew, type OrderedAs, orderedAs, whileRequested } from './plan-requisition.ts';
import { requisitionOrigins } from './requisition-told.ts';
import {
  isRefusedAlready,
  isSpent,
  type Origin,
  saveAndGate,
  staysWithdrawn,
  takeWritesBack,
  withdraw,
} from './save-plan.ts';
import { originMayBeOurs, vendorIn } from './source-facts.ts';
import { subJobPlacesFor } from './sub-job-places.ts';
import { exportOf, refusesTyped } from './typed-fields.ts';

/** Turns the present state of a commitment into the documents it should be, and brings them to the gate. */
export async function planCommitment(engine: Engine, tx: Tx, at: OpenConnection, id: string): Promise<void> {
  await joinPlans(tx);
  const record = await findRecord<CommitmentRecord>(tx, {
    connection: at.id,
    object: 'commitment',
    nativeId: id,
  });
  if (record === null) return;
  if (await waitsForCompany(engine, tx, at, record)) return;
  const erp = await erpFor(engine, tx, at.tenant, record.body.projectId);
  await lockOrder(tx, erp.id, commitmentRoot(id));
  const written = await ordersOfRoot(tx, erp.id, commitmentRoot(id));
  const orders = ownOf(written, { connection: at.id, object: 'commitment', nativeId: id });
  const ordered = await orderedAs(tx, at, erp, id, orders);
  const { kind, documents } = ordered;
  await giveWayTo(engine, tx, erp, ordered);
  const posted = documents.findLast(isStanding) ?? null;
  const last = documents.at(-1) ?? null;
  const open = last === null || last === posted || last.state === 'detached' ? null : last;
  // A file may come only after its order was posted.
  if (posted !== null && record.body.attachments !== undefined) await attachFiles(engine, tx, erp, posted);
  const newest = await newestItem(tx, at.id, 'commitment', id);
  // Whatever becomes of the newest, an older one that comes late is answered as well.
  if (newest !== null) await closeOlderItems(engine, tx, at, newest, documents);
  // Something may be on its way: what it becomes decides what comes next, so the lane is woken when it ends.
  if (open?.state === 'posting' || open?.state === 'conflict') return;
  // What its sender was told will not be done is not done by itself later on.
  const isOver =
    open === null && posted === null && (newest?.state === 'failed' || isSpent(newest, documents));
  const item = isOver ? null : newest;
  if (await refusesTyped(engine, tx, { at, erp, item })) return;
  if (staysWithdrawn(open, item, { recordVersion: record.version, isPosted: posted !== null })) return;
  const base = standingOrder(written, at.id)?.base ?? null;
  const facts: Case = { at, erp, record, kind, posted, base, open, item, revision: revisionOf(documents) };
  const input = await planInput(engine, tx, facts);
  if (kind === 'purchase-requisition' && posted !== null && open === null) {
    if (!isAskedAnew(posted, item)) return whileRequested(engine, tx, { at, erp, posted, item, input });
    await endRequisition(engine, tx, erp, posted);
    return planCommitment(engine, tx, at, id);
  }
  const plan = planOrder(input);
  if (plan.kind === 'nothing') return nothingToDo(engine, tx, facts, plan.why);
  if (isRefusedAlready(open, item, plan.operation)) return;
  if (open !== null && !(await takeWritesBack(tx, erp, open))) return;
  const { vendorId, currency, lines } = record.body;
  const content = acceptedOrder(vendorId, currency, lines);
  await saveAndGate(engine, tx, { ...facts, content }, originOf(record, kind), {
    ...plan,
    conflict: plan.reasons.some(({ code }) => code === 'vendor-changed'),
  });
}

function originOf(
  { nativeId, body, version, hash }: StoredRecord<CommitmentRecord>,
  kind: OrderedAs['kind'],
): Origin {
  return {
    sourceObject: 'commitment',
    sourceId: nativeId,
    kind,
    part: '',
    root: commitmentRoot(nativeId),
    projectId: body.projectId,
    vendorId: body.vendorId,
    vendorName: body.vendorName,
    number: body.number,
    title: body.title,
    recordVersion: version,
    recordHash: hash,
  };
}

/** Of all that was planned for one order, what one source record wanted of it. */
export function ownOf(
  written: readonly StoredDocument[],
  { connection, object, nativeId }: RecordKey,
): StoredDocument[] {
  return written.filter(
    (document) =>
      document.sourceConnection === connection &&
      document.sourceObject === object &&
      document.sourceId === nativeId,
  );
}

/** It was ended in the ERP: another export asks for a new one, under a reference of its own. */
async function endRequisition(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  posted: StoredDocument,
): Promise<void> {
  await moveDocument(tx, posted, { state: 'detached' });
  const body = { why: 'ended in the ERP and exported again', target: posted.targetId ?? '', erp: erp.id };
  const at = engine.clock.now();
  await appendAudit(tx, [{ kind: 'document-detached', actor: 'tiebeam', document: posted.id, at, body }]);
}

/** The revision that a plan is for. What was ever over keeps its number and its reference: the next is another one. */
export function revisionOf(documents: readonly StoredDocument[]): number {
  const last = documents.at(-1);
  if (last === undefined) return 1;
  const isOver = isStanding(last) || last.state === 'detached';
  return isOver ? last.revision + 1 : last.revision;
}

type Case = {
  readonly at: OpenConnection;
  readonly erp: OpenConnection;
  readonly record: StoredRecord<CommitmentRecord>;
  readonly kind: OrderedAs['kind'];
  readonly posted: StoredDocument | null;
  /** The order as it stands, with the change orders in it. */
  readonly base: PostedBase | null;
  readonly open: StoredDocument | null;
  readonly item: StoredRequestItem | null;
  /** The revision that is planned. */
  readonly revision: number;
};

export async function planInput(
  engine: Engine,
  tx: Tx,
  { at, erp, record, kind, posted, base, open, item, revision }: Case,
): Promise<Parameters<typeof planOrder>[0]> {
  const { body } = record;
  const rows = asPosted(await mappingsFor(tx, erp, body.projectId), posted?.mappings ?? []);
  const find = (kind: MappingRow['kind'], scope: string, key: string) =>
    rows.find((row) => row.kind === kind && row.scope === scope && row.key === key) ?? null;
  const vendor = await vendorIn(tx, at, erp, body.vendorId);
  const used = codesFor(rows, body);
  const projects = await findRecords<ProjectRecord>(tx, erp.id, 'project', used.projects);
  const accounts = await findRecords<AccountRecord>(tx, erp.id, 'account', used.accounts);
  const periods = await listRecords<PeriodRecord>(tx, erp.id, 'period');
  const { mayStand, accepted } = await adoptionOf(tx, at, erp, record.nativeId);
  return {
    record: record.gone ? { ...body, deleted: true } : body,
    exported: item === null ? null : exportOf(erp, item),
    mapping: find,
    originMayBeOurs:
      (await originMayBeOurs(tx, erp, body.originId, open)) ||
      (await requisitionOrigins(tx, at, erp, record.nativeId)).includes(body.originId ?? ''),
    vendorCode: vendor.code,
    vendorBlocked: vendor.blocked,
    vendorNotes: vendor.notes,
    targetProject: (code) => projects.find(({ nativeId }) => nativeId === code)?.body ?? null,
    targetAccount: (code) => accounts.find(({ nativeId }) => nativeId === code)?.body ?? null,
    subJobPlaces: await subJobPlacesFor(tx, at, erp, body.lines),
    periods: periods.map((period) => period.body),
    mayStand,
    accepted,
    requestKey: item?.key ?? null,
    base,
    asRequisition: kind === 'purchase-requisition',
    asFound: posted?.body?.kind === 'purchase-order' && posted.body.revision === AS_FOUND,
    revision,
    referenceOf: (revision) =>
      postingReference(erp.code, {
        tenant: at.tenant,
        connection: erp.id,
        sourceObject: 'commitment',
        sourceId: record.nativeId,
        kind,
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
export function codesFor(
  rows: readonly MappingRow[],
  record: Pick<CommitmentRecord, 'projectId' | 'lines'>,
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
export function asPosted(current: readonly MappingRow[], used: readonly MappingRow[]): MappingRow[] {
  const keyOf = ({ kind, key }: MappingRow) => `${kind}|${key}`;
  const kept = new Set(used.map(keyOf));
  return [...used, ...current.filter((row) => !kept.has(keyOf(row)))];
}

/** Nothing to send: what waited is withdrawn, and a request that asked for it is answered. */
async function nothingToDo(
  engine: Engine,
  tx: Tx,
  facts: Case,
  why: 'not-exported' | 'unchanged' | 'deleted',
): Promise<void> {
  const { at, erp, posted, open, item } = facts;
  await withdraw(engine, tx, erp, open, why);
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
