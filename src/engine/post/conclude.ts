import { sourceLineId } from '../../domain/orders/change-order.ts';
import type { ReceiptRecord } from '../../domain/owner/receipt.ts';
import type { Posting } from '../../domain/posting/posting.ts';
import { type Reason, waitKeys } from '../../domain/reasons.ts';
import type { PaymentRecord } from '../../domain/records.ts';
import { type PostingState, postingDone } from '../../domain/states.ts';
import type { AuditEntry } from '../../store/audit/audit.ts';
import { type Tx, tenantOf } from '../../store/database/transaction.ts';
import { getDocument, moveDocument } from '../../store/documents/document.ts';
import { waitingOrders, writtenRevision } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { addLinks, type Link } from '../../store/documents/link.ts';
import { lockBilling, lockPayments } from '../../store/documents/plan-lock.ts';
import {
  cancelOrderChanges,
  cancelReady,
  postingsOf,
  type StoredPosting,
} from '../../store/documents/posting.ts';
import { openReview } from '../../store/documents/review.ts';
import { findByMatchKeys } from '../../store/records/record.ts';
import { getItem } from '../../store/requests/request-item.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { commitmentOfRoot, sourceLane } from '../lanes.ts';
import { askAboutLinks, askAboutWrite, openConflict } from '../plan/ask.ts';
import { movedOn } from '../plan/moved-on.ts';
import { wakePlanner, wakeReleased, wakeWaiting } from '../plan/wake.ts';
import { concludeRemoval } from '../requests/remove-assignment.ts';
import { concludeStaging } from '../requests/staging.ts';
import { concludeCodeSync } from '../requests/sync-codes.ts';
import { paidInvoice } from '../watch/keep-record.ts';
import { concludeInsurances } from '../watch/show-insurances.ts';
import { attachFiles } from './attach.ts';
import { confirmPosted, failRequest } from './confirm.ts';
import { documentEntry } from './document-entry.ts';
import { proposeAccrual } from './late-cost.ts';
import { backToPlan } from './may-intend.ts';
import { settleMaster } from './new-master.ts';
import { concludeHold, endsHold, followHolds } from './payment-hold.ts';
import { concludeTelling, sameOperation } from './source-told.ts';

type Ended = {
  readonly before: PostingState;
  /** The target was changed by somebody else: a conflict for a person, not a failure. */
  readonly foreign: boolean;
  readonly number: string | null;
};

/** What a posting's new state means for its document, in the same transaction. Returns the audit entries. */
export async function conclude(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  posting: StoredPosting & Posting,
  ended: Ended,
): Promise<AuditEntry[]> {
  if (posting.state === ended.before) return [];
  if (posting.document === null) {
    if (posting.operation.kind === 'stage-records') await concludeStaging(engine, tx, at, posting);
    if (posting.operation.kind === 'sync-codes') await concludeCodeSync(tx, at, posting);
    if (posting.operation.kind === 'sync-insurances') await concludeInsurances(tx, at, posting);
    if (posting.operation.kind === 'remove-assignment') await concludeRemoval(engine, tx, at, posting);
    return orphanException(engine, tx, at, posting);
  }
  const [document, siblings] = await Promise.all([
    getDocument(tx, posting.document, 'lock'),
    postingsOf(tx, posting.document),
  ]);
  if (document === null) return [];
  const isEffect = isEffectOf(document, posting);
  if (endsHold(posting, ended.foreign)) {
    await concludeHold(engine, tx, at, document, posting);
    return [];
  }
  if (postingDone.has(posting.state)) {
    if (!isEffect)
      return concludeTelling(engine, tx, at, { document, siblings, operation: posting.operation });
    const mine = siblings.filter(
      (other) =>
        sameOperation(other.operation, posting.operation) &&
        other.connection === at.id &&
        other.state !== 'cancelled',
    );
    if (!mine.every((other) => other.id === posting.id || postingDone.has(other.state))) return [];
    return posted(engine, tx, at, document, posting, ended.number);
  }
  if (posting.state === 'refused') {
    const said = posting.reason ?? `${at.name} refused it without a reason.`;
    const question = `${at.name} refused it; nothing was posted. ${said}`;
    return isEffect
      ? refused(engine, tx, document, { message: said, question })
      : exception(engine, tx, document, posting, `${at.name} refused it: ${said}`);
  }
  if (posting.state !== 'exception') return [];
  if (!isEffect || !ended.foreign) return exception(engine, tx, document, posting, posting.reason ?? '');
  if (!(await isOutrun(tx, posting))) return conflict(engine, tx, document, posting);
  await backToPlan(engine, tx, at, document, 'the order was changed by another of its documents');
  return [];
}

/** Whether what differs there is what we wrote ourselves since this was planned, and nobody else's work. */
async function isOutrun(
  tx: Tx,
  { connection, root, operation, attempt }: StoredPosting & Posting,
): Promise<boolean> {
  if (operation.kind !== 'update-order' || attempt > 0) return false;
  const { id, body } = operation.base;
  return (await writtenRevision(tx, connection, root, id)) > body.revision;
}

/** Whether a write does what its document is for, rather than tell the source of it. */
export function isEffectOf(
  document: StoredDocument,
  posting: Pick<StoredPosting, 'connection' | 'operation'>,
): boolean {
  return (
    document.targetConnection === posting.connection && posting.operation.kind === document.operation?.kind
  );
}

/** What a person sent to the ERP, and is told of. */
const EXPORTED_KINDS: ReadonlySet<StoredDocument['kind']> = new Set([
  'purchase-order',
  'purchase-requisition',
  'ap-invoice',
  'ar-invoice',
  'vendor-payment',
  'contract-change',
  'budget',
  'vendor',
  'project',
  'cost-code',
  'sub-job',
]);

async function posted(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  before: StoredDocument,
  posting: StoredPosting,
  number: string | null,
): Promise<AuditEntry[]> {
  const hub = await engine.systems.hubOf(at.tenant);
  // Adopted without an intent of its own (it already stood there): the document still passes through posting.
  if (before.state === 'ready') await moveDocument(tx, before, { state: 'posting' });
  const targetId = posting.targetId ?? '';
  const lineKeys = posting.lineKeys;
  const moved = moveDocument(
    tx,
    { id: before.id, state: 'posting' },
    {
      state: 'posted',
      reasons: [],
      targetId,
      lineKeys,
      ...(number === null ? {} : { targetNumber: number }),
    },
  );
  const document: StoredDocument = {
    ...before,
    state: 'posted',
    reasons: [],
    targetId,
    lineKeys,
    targetNumber: number ?? before.targetNumber,
  };
  const links = linksOf(document);
  const isExported = EXPORTED_KINDS.has(document.kind);
  const [, inTheWay, isOld, isTold] = await Promise.all([
    moved,
    addLinks(tx, links),
    // The source may have changed while this was on its way.
    movedOn(tx, document),
    isExported && confirmPosted(engine, tx, hub, at, document),
  ]);
  await askAboutLinks(engine, tx, `${document.number} ${document.title}`, inTheWay);
  if (!isTold) await moveDocument(tx, document, { state: 'confirmed' });
  if (document.kind === 'vendor-link') await wakeWaiting(engine, tx, at.tenant, 'vendor', targetId);
  await settleMaster(engine, tx, { hub, erp: at }, document);
  await wakeInvoices(engine, tx, at, document);
  await attachFiles(engine, tx, at, document);
  await proposeAccrual(engine, tx, at, document);
  await followHolds(engine, tx, at, document);
  await wakePayments(tx, at, document);
  if (isOld) await wakePlanner(engine, tx, at.tenant, document);
  return [
    documentEntry(engine, 'document-posted', document, {
      target: targetId,
      number: document.targetNumber,
      links: String(links.length),
    }),
  ];
}

/** A pay application may wait for its order, or for the application before it. Both are locked by who plans one. */
async function wakeInvoices(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  document: StoredDocument,
): Promise<void> {
  const { kind, root, sourceObject } = document;
  const commitmentId = commitmentOfRoot(root);
  if (kind === 'purchase-order' || kind === 'purchase-requisition')
    await wakeReleased(engine, tx, at.tenant, 'order', waitKeys.order(commitmentId));
  if (document.operation?.kind === 'update-order') await planOthersAgain(engine, tx, at, document);
  if (sourceObject !== 'sub-invoice' && sourceObject !== 'owner-invoice') return;
  await lockBilling(tx, at.id, root);
  const billed = sourceObject === 'sub-invoice' ? commitmentId : root;
  await wakeReleased(engine, tx, at.tenant, 'billing', waitKeys.billing(billed));
}

/** The order is another one now: what else was to change it goes back to its plan before anything of it is sent. */
async function planOthersAgain(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  document: StoredDocument,
): Promise<void> {
  await cancelOrderChanges(tx, at.id, document.root);
  for (const other of await waitingOrders(tx, document)) await wakePlanner(engine, tx, at.tenant, other);
}

/** It may have been paid before we knew that it stands. */
export async function wakePayments(
  tx: Tx,
  at: OpenConnection,
  { kind, targetId }: Pick<StoredDocument, 'kind' | 'targetId'>,
): Promise<void> {
  if ((kind !== 'ap-invoice' && kind !== 'ar-invoice') || targetId === null) return;
  const object = kind === 'ap-invoice' ? 'payment' : 'receipt';
  await lockPayments(tx, at.id);
  const payments = await findByMatchKeys<PaymentRecord | ReceiptRecord>(tx, at.id, object, [
    paidInvoice(targetId),
  ]);
  for (const { nativeId } of payments) await wakeLane(tx, sourceLane(at, object, nativeId));
}

/** Nothing of it stands in the target: the sender is told, and it may come again corrected. */
export async function refused(
  engine: Engine,
  tx: Tx,
  document: StoredDocument,
  said: { readonly message: string; readonly question: string },
): Promise<AuditEntry[]> {
  const { message, question } = said;
  const reason: Reason = {
    code: 'refused',
    owner: 'accountant',
    message,
    remedy: 'Correct it in Procore, the mapping or the ERP; then plan it again.',
  };
  await cancelReady(tx, document.id);
  if (document.state === 'ready') await moveDocument(tx, document, { state: 'posting' });
  await moveDocument(tx, { id: document.id, state: 'posting' }, { state: 'refused', reasons: [reason] });
  await openReview(tx, {
    id: engine.newId(),
    kind: 'refused',
    subject: `refused:${document.id}`,
    document: document.id,
    title: `${document.number} ${document.title}`,
    question,
    evidence: { message },
    role: 'accountant',
  });
  const tenant = await tenantOf(tx);
  await failItemOf(engine, tx, document, message);
  // What came while it was on its way, of the source or of the mapping, is planned now; what is the same waits for a
  // person.
  await wakePlanner(engine, tx, tenant, document);
  return [documentEntry(engine, 'document-refused', document, { reason: message })];
}

/** What stood in the target was cancelled there: it is over, and only a new export makes a new order. */
export async function detached(
  engine: Engine,
  tx: Tx,
  document: StoredDocument,
  message: string,
): Promise<AuditEntry[]> {
  const reason: Reason = {
    code: 'cancelled-in-target',
    owner: 'project-manager',
    message,
    remedy: 'Export it again in Procore if it shall be ordered anew.',
  };
  await cancelReady(tx, document.id);
  if (document.state === 'ready') await moveDocument(tx, document, { state: 'posting' });
  await moveDocument(tx, { id: document.id, state: 'posting' }, { state: 'detached', reasons: [reason] });
  await failItemOf(engine, tx, document, message);
  await wakePlanner(engine, tx, await tenantOf(tx), document);
  return [documentEntry(engine, 'document-detached', document, { reason: message })];
}

async function failItemOf(engine: Engine, tx: Tx, document: StoredDocument, message: string): Promise<void> {
  const hub = await engine.systems.hubOf(await tenantOf(tx));
  const item = document.requestKey === null ? null : await getItem(tx, hub.id, document.requestKey);
  if (item !== null) await failRequest(engine, tx, hub, item, [message], document.id);
}

async function conflict(
  engine: Engine,
  tx: Tx,
  document: StoredDocument,
  posting: StoredPosting,
): Promise<AuditEntry[]> {
  const what = posting.reason ?? 'It was changed in the ERP.';
  const reason: Reason = {
    code: 'edited-in-target',
    owner: 'accountant',
    message: what,
    remedy: 'Decide in Review which side is right; nothing was overwritten.',
  };
  if (document.state === 'ready') await moveDocument(tx, document, { state: 'posting' });
  await moveDocument(tx, { id: document.id, state: 'posting' }, { state: 'conflict', reasons: [reason] });
  await openConflict(engine, tx, document, what);
  return [documentEntry(engine, 'document-conflict', document, { reason: what })];
}

async function exception(
  engine: Engine,
  tx: Tx,
  document: StoredDocument,
  posting: StoredPosting,
  why: string,
): Promise<AuditEntry[]> {
  await askAboutWrite(engine, tx, posting, `${document.number} ${document.title}`, why);
  return [documentEntry(engine, 'posting-exception', document, { reason: why, write: posting.writeName })];
}

/** A closing without a document of its own can also need a person. */
async function orphanException(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  posting: StoredPosting,
): Promise<AuditEntry[]> {
  if (posting.state !== 'exception' && posting.state !== 'refused') return [];
  await askAboutWrite(engine, tx, posting, `${at.name}: ${posting.writeName}`, posting.reason ?? '');
  return [];
}

function linksOf(document: StoredDocument): Link[] {
  // What the commitment is linked to is the order that people make of it.
  if (document.kind === 'purchase-requisition') return [];
  if (document.kind === 'vendor') return [vendorLinkOf(document)];
  const base = {
    sourceConnection: document.sourceConnection,
    sourceObject: document.sourceObject,
    sourceId: document.sourceId,
    targetConnection: document.targetConnection,
    targetObject: document.kind === 'vendor-link' ? 'vendor' : document.kind,
    targetId: document.targetId ?? '',
  };
  const lines = sourceLinesOf(document).map(([sourceLine, targetLine]) => ({
    ...base,
    sourceLine,
    targetLine,
  }));
  // The order stands for its commitment: what a change order is linked to are its lines in it.
  if (document.sourceObject === 'change-order') return lines;
  return [{ ...base, sourceLine: placeOf(document), targetLine: '' }, ...lines];
}

/** Vendors are linked from the ERP's to Procore's, whichever of both was there first. */
function vendorLinkOf(document: StoredDocument): Link {
  return {
    sourceConnection: document.targetConnection,
    sourceObject: 'vendor',
    sourceId: document.targetId ?? '',
    sourceLine: '',
    targetConnection: document.sourceConnection,
    targetObject: 'vendor',
    targetId: document.sourceId,
    targetLine: '',
  };
}

/** A record that ends in several documents is linked once for each: to its main one as a whole. */
function placeOf({ kind, part, body, revision }: StoredDocument): string {
  if (body?.kind === 'budget') return body.purpose === 'original' ? '' : `change ${revision}`;
  return kind === 'payment' || kind === 'receipt' || part === 'retainage-release' ? part : '';
}

/** Lines of the source with those of the target; retainage is a line of an invoice that no line of its source stands for. */
function sourceLinesOf({ body, lineKeys, sourceObject, sourceId }: StoredDocument): [string, string][] {
  if (body?.kind === 'ap-invoice' || body?.kind === 'ar-invoice')
    return Object.entries(lineKeys).filter(([key]) => body.lines.some((line) => line.key === key));
  if (body?.kind !== 'purchase-order') return Object.entries(lineKeys);
  const changeOrder = sourceObject === 'change-order' ? sourceId : undefined;
  return body.lines.flatMap((line): [string, string][] => {
    const target = lineKeys[line.key];
    return target === undefined || line.changeOrder !== changeOrder ? [] : [[sourceLineId(line), target]];
  });
}
