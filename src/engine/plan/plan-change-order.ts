import { acceptedOrder } from '../../domain/approval/accepted-content.ts';
import { restrictionOf } from '../../domain/masters/project-codes.ts';
import { type ChangeOrderPlan, planChangeOrder as decide } from '../../domain/orders/plan-change-order.ts';
import { postingReference } from '../../domain/posting/reference.ts';
import type { Reason } from '../../domain/reasons.ts';
import type {
  AccountRecord,
  ChangeOrderRecord,
  CommitmentRecord,
  ProjectRecord,
} from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import { utcDate } from '../../domain/values/calendar-date.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { findAdoption } from '../../store/documents/adoption.ts';
import { ordersOfRoot } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { joinPlans, lockOrder } from '../../store/documents/plan-lock.ts';
import { expireSubject, openReview, wasAsked } from '../../store/documents/review.ts';
import { findRecord, findRecords, type StoredRecord } from '../../store/records/record.ts';
import { newestItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import { mappingsFor } from '../../store/settings/mapping.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor } from '../erp-companies.ts';
import { commitmentRoot } from '../lanes.ts';
import { attachFiles } from '../post/attach.ts';
import { closeOlderItems, confirmUnchanged, failRequest } from '../post/confirm.ts';
import { waitsForCompany } from './ask-company.ts';
import { type StandingOrder, standingOrder } from './order-in-erp.ts';
import { asPosted, codesFor, ownOf, revisionOf } from './plan-commitment.ts';
import { whyNotOrdered } from './plan-requisition.ts';
import {
  isRefusedAlready,
  isSpent,
  type Origin,
  saveAndGate,
  staysWithdrawn,
  takeWritesBack,
  withdraw,
} from './save-plan.ts';
import { originMayBeOurs } from './source-facts.ts';
import { subJobPlacesFor } from './sub-job-places.ts';
import { exportOf, refusesTyped } from './typed-fields.ts';

type Case = {
  readonly at: OpenConnection;
  readonly erp: OpenConnection;
  readonly record: StoredRecord<ChangeOrderRecord>;
  readonly commitment: CommitmentRecord | null;
  readonly order: StandingOrder | null;
  /** What of it stands in that order. */
  readonly posted: StoredDocument | null;
  readonly open: StoredDocument | null;
  readonly item: StoredRequestItem | null;
  readonly revision: number;
};

/** Turns the present state of a change order into the change of its order that it should be, and brings it to the gate. */
export async function planChangeOrder(engine: Engine, tx: Tx, at: OpenConnection, id: string): Promise<void> {
  await joinPlans(tx);
  const key = { connection: at.id, object: 'change-order', nativeId: id };
  const record = await findRecord<ChangeOrderRecord>(tx, key);
  if (record === null) return;
  if (await waitsForCompany(engine, tx, at, record)) return;
  const erp = await erpFor(engine, tx, at.tenant, record.body.projectId);
  const { commitmentId } = record.body;
  const root = commitmentRoot(commitmentId);
  await lockOrder(tx, erp.id, root);
  const written = await ordersOfRoot(tx, erp.id, root);
  const documents = ownOf(written, key);
  const order = standingOrder(written, at.id);
  const posted =
    documents.findLast((one) => isStanding(one) && one.targetId === order?.contract.targetId) ?? null;
  const last = documents.at(-1) ?? null;
  const open = last === null || isStanding(last) || last.state === 'detached' ? null : last;
  // A file may come only after its change was posted.
  if (posted !== null && record.body.attachments !== undefined) await attachFiles(engine, tx, erp, posted);
  const newest = await newestItem(tx, at.id, key.object, id);
  // Whatever becomes of the newest, an older one that comes late is answered as well.
  if (newest !== null) await closeOlderItems(engine, tx, at, newest, documents);
  // Something may be on its way: what it becomes decides what comes next, so the lane is woken when it ends.
  if (open?.state === 'posting' || open?.state === 'conflict') return;
  // What its sender was told will not be done is not done by itself later on.
  const isOver =
    open === null &&
    posted === null &&
    (newest?.state === 'failed' || isSpent(newest, documents) || stoodBefore(newest, last));
  const item = isOver ? null : newest;
  if (await refusesTyped(engine, tx, { at, erp, item })) return;
  if (staysWithdrawn(open, item, { recordVersion: record.version, isPosted: posted !== null })) return;
  const of = { connection: at.id, object: 'commitment', nativeId: commitmentId };
  const commitment = (await findRecord<CommitmentRecord>(tx, of))?.body ?? null;
  const facts: Case = {
    ...{ at, erp, record, commitment, order, posted, open, item },
    revision: revisionOf(documents),
  };
  if (item !== null && open === null && !(await isOrdered(tx, facts, written)))
    return refuseUnordered(engine, tx, facts, item);
  await askTakenBack(engine, tx, facts);
  const plan = decide(await planInput(engine, tx, facts));
  if (plan.kind === 'nothing') return nothingToDo(engine, tx, facts, plan.why);
  if (isRefusedAlready(open, item, plan.operation)) return;
  if (open !== null && !(await takeWritesBack(tx, erp, open))) return;
  const content = acceptedOrder(null, record.body.currency, record.body.lines);
  await saveAndGate(engine, tx, { ...facts, content }, originOf(facts), { ...plan, conflict: false });
}

/** It came into an order that another one took the place of: only another export brings it into that. */
function stoodBefore(item: StoredRequestItem | null, last: StoredDocument | null): boolean {
  return item !== null && last !== null && isStanding(last) && last.requestKey === item.key;
}

function originOf({ record, commitment }: Case): Origin {
  const { nativeId, body, version, hash } = record;
  return {
    sourceObject: 'change-order',
    sourceId: nativeId,
    kind: 'purchase-order',
    part: '',
    root: commitmentRoot(body.commitmentId),
    projectId: body.projectId,
    vendorId: commitment?.vendorId ?? null,
    vendorName: commitment?.vendorName ?? null,
    number: `${commitment?.number ?? body.commitmentId} CO ${body.number}`,
    title: body.title,
    recordVersion: version,
    recordHash: hash,
  };
}

async function planInput(
  engine: Engine,
  tx: Tx,
  { at, erp, record, order, posted, open, item, revision }: Case,
): Promise<Parameters<typeof decide>[0]> {
  const { body } = record;
  const rows = asPosted(await mappingsFor(tx, erp, body.projectId), posted?.mappings ?? []);
  const accounts = await findRecords<AccountRecord>(tx, erp.id, 'account', codesFor(rows, body).accounts);
  return {
    record: record.gone ? { ...body, deleted: true } : body,
    exported: item === null ? null : exportOf(erp, item),
    order: order?.base ?? null,
    whyNotOrdered: order === null ? await whyNotOrdered(tx, at, erp, body.commitmentId) : null,
    held: (posted?.body?.kind === 'purchase-order' && posted.body.changeFields) || {},
    mayHold: mayHold(order),
    mapping: (kind, scope, key) =>
      rows.find((row) => row.kind === kind && row.scope === scope && row.key === key) ?? null,
    targetAccount: (code) => accounts.find(({ nativeId }) => nativeId === code)?.body ?? null,
    subJobPlaces: await subJobPlacesFor(tx, at, erp, body.lines),
    restriction: await restrictionIn(tx, erp, order),
    originMayBeOurs: await originMayBeOurs(tx, erp, body.originId, open),
    preflight: erp.connection.preflight,
    revision,
    referenceOf: (of) =>
      postingReference(erp.code, {
        tenant: at.tenant,
        connection: erp.id,
        sourceObject: 'change-order',
        sourceId: record.nativeId,
        kind: 'purchase-order',
        part: '',
        revision: of,
      }),
    today: utcDate(engine.clock.now()),
  };
}

/** Which cost codes the project of an order takes in the ERP. */
async function restrictionIn(tx: Tx, erp: OpenConnection, order: StandingOrder | null) {
  if (order === null) return null;
  const key = { connection: erp.id, object: 'project', nativeId: order.base.body.projectCode };
  return restrictionOf((await findRecord<ProjectRecord>(tx, key))?.body ?? null);
}

/**
 * An order that was taken over with a difference may hold change orders of the time before. Once the commitment is
 * exported its lines say what the contract says, and what is missing then is known.
 */
function mayHold(order: StandingOrder | null): Reason | null {
  const difference = order?.contract.reasons.find(({ code }) => code === 'taken-over');
  if (difference === undefined) return null;
  return {
    code: 'taken-over',
    owner: 'accountant',
    message: `${difference.message} The change order may be a part of it.`,
    remedy:
      'Export the commitment, which brings the order to the contract without its change orders; this one goes by itself after that. If the order holds it already, leave it.',
  };
}

/** Whether an order stands for its commitment, or may come to: somebody exported it, or asks which one it is. */
async function isOrdered(
  tx: Tx,
  { at, erp, record, order }: Case,
  written: readonly StoredDocument[],
): Promise<boolean> {
  const { commitmentId: commitment } = record.body;
  if (order !== null || written.some(({ sourceObject }) => sourceObject === 'commitment')) return true;
  if ((await newestItem(tx, at.id, 'commitment', commitment)) !== null) return true;
  const key = { sourceConnection: at.id, commitment, targetConnection: erp.id };
  return (await findAdoption(tx, key)) !== null;
}

function refuseUnordered(
  engine: Engine,
  tx: Tx,
  { at, erp, record, commitment }: Case,
  item: StoredRequestItem,
): Promise<void> {
  const which = commitment === null ? 'Its commitment' : `Commitment ${commitment.number}`;
  return failRequest(engine, tx, at, item, [
    `${which} was never exported, so there is no order in ${erp.name} that change order ${record.body.number} could change. Export the commitment first, then the change order.`,
  ]);
}

/** Nothing to send: what waited is withdrawn, and a request that asked for it is answered. */
async function nothingToDo(
  engine: Engine,
  tx: Tx,
  { at, erp, posted, open, item, record }: Case,
  why: Extract<ChangeOrderPlan, { kind: 'nothing' }>['why'],
): Promise<void> {
  await withdraw(engine, tx, erp, open, why);
  if (item === null || item.state === 'succeeded' || item.state === 'failed' || item.state === 'stale')
    return;
  // What stands already came from it and is being told: that answers it.
  if (posted?.state === 'posted' && posted.requestKey === item.key) return;
  if (why === 'unchanged' && posted !== null) return confirmUnchanged(engine, tx, at, posted, item);
  const { number, status } = record.body;
  const messages: Partial<Record<typeof why, string>> = {
    deleted:
      posted === null
        ? `Change order ${number} was deleted or voided in Procore before it was posted.`
        : `Change order ${number} was deleted or voided in Procore. Its lines still stand in the order.`,
    'not-approved-any-more': `Change order ${number} is "${status}" in Procore. Its lines still stand in the order.`,
    'without-amount': `Change order ${number} moves no amount: there is nothing to post.`,
  };
  const message = messages[why];
  if (message !== undefined) await failRequest(engine, tx, at, item, [message]);
}

/**
 * What was taken back in Procore after it was posted still stands in the order. Nothing follows from it by itself:
 * somebody is asked, once for each time that it is taken back.
 */
async function askTakenBack(engine: Engine, tx: Tx, { at, erp, record, posted, order }: Case): Promise<void> {
  const { nativeId, body, gone, version } = record;
  const kind = 'conflict';
  const subject = `change-order:${at.id}:${nativeId}`;
  const isTakenBack = gone || body.deleted || !body.approved;
  if (posted === null || !isTakenBack) return expireSubject(tx, kind, subject);
  if (await wasAsked(tx, kind, subject, version)) return;
  const how = gone ? 'deleted' : `"${body.status}"`;
  await openReview(tx, {
    id: engine.newId(),
    kind,
    subject,
    document: null,
    title: `${posted.number} ${body.title}`,
    question: `Change order ${body.number} is ${how} in Procore, and its lines (${body.total} ${body.currency}) still stand in order ${order?.contract.targetNumber ?? posted.targetId} of ${erp.name}. Nothing was changed there. Approve it again, or undo it by a change order of the opposite amount.`,
    evidence: { document: posted.id, status: body.status, recordVersion: version },
    role: 'accountant',
  });
}
