import type { Operation } from '../domain/documents.ts';
import type { Posting } from '../domain/posting.ts';
import type { Reason } from '../domain/reasons.ts';
import { type PostingState, postingDone } from '../domain/states.ts';
import type { AuditEntry } from '../store/audit.ts';
import { getDocument, moveDocument } from '../store/document.ts';
import type { StoredDocument } from '../store/document-row.ts';
import { addLinks, type Link } from '../store/link.ts';
import { cancelReady, postingsOf, type StoredPosting } from '../store/posting.ts';
import { findRecord } from '../store/record.ts';
import { getItem, moveItem, newestItem } from '../store/request-item.ts';
import { openReview } from '../store/review.ts';
import { type Tx, tenantOf } from '../store/transaction.ts';
import { openConflict } from './ask.ts';
import { confirmOrder, failRequest } from './confirm.ts';
import type { Engine, OpenConnection } from './engine.ts';
import { wakePlanner, wakeWaiting } from './wake.ts';

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
  if (posting.state === ended.before || posting.document === null)
    return posting.document === null ? orphanException(engine, tx, at, posting) : [];
  const document = await getDocument(tx, posting.document, 'lock');
  if (document === null) return [];
  const isEffect = document.targetConnection === at.id && posting.operation.kind === document.operation?.kind;
  if (postingDone.has(posting.state)) {
    const siblings = await postingsOf(tx, document.id);
    const mine = siblings.filter(
      (other) =>
        sameOperation(other.operation, posting.operation) &&
        other.connection === at.id &&
        other.state !== 'cancelled',
    );
    if (!mine.every((other) => other.id === posting.id || postingDone.has(other.state))) return [];
    return isEffect
      ? posted(engine, tx, at, document, posting, ended.number)
      : posting.operation.kind === 'confirm-order'
        ? confirmed(engine, tx, at, document)
        : [];
  }
  if (posting.state === 'refused')
    return isEffect
      ? refused(engine, tx, document, posting)
      : exception(engine, tx, document, posting, 'the source refused the confirmation');
  if (posting.state === 'exception')
    return isEffect && ended.foreign
      ? conflict(engine, tx, document, posting)
      : exception(engine, tx, document, posting, posting.reason ?? '');
  return [];
}

async function posted(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  before: StoredDocument,
  posting: StoredPosting,
  number: string | null,
): Promise<AuditEntry[]> {
  // Adopted without an intent of its own (it already stood there): the document still passes through posting.
  if (before.state === 'ready') await moveDocument(tx, before, { state: 'posting' });
  const targetId = posting.targetId ?? '';
  const lineKeys = posting.lineKeys;
  await moveDocument(
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
    targetId,
    lineKeys,
    targetNumber: number ?? before.targetNumber,
  };
  const links = linksOf(document);
  await addLinks(tx, links);
  const hub = await engine.systems.hubOf(at.tenant);
  if (document.kind === 'purchase-order') await confirmOrder(engine, tx, hub, at, document);
  else await moveDocument(tx, document, { state: 'confirmed' });
  if (document.kind === 'vendor-link') await wakeWaiting(engine, tx, at.tenant, 'vendor', targetId);
  // The source may have changed while this was on its way.
  if (document.sourceObject === 'commitment' && (await movedOn(tx, document)))
    await wakePlanner(engine, tx, at.tenant, document);
  return [
    entry(engine, 'document-posted', document, {
      target: targetId,
      number: document.targetNumber,
      links: String(links.length),
    }),
  ];
}

/** Whether the source changed, or was exported again, since this was planned. The document is locked by now, so a
 * plan that saw something newer has either been seen here or comes after. */
async function movedOn(tx: Tx, document: StoredDocument): Promise<boolean> {
  const { sourceConnection, sourceObject, sourceId } = document;
  const record = await findRecord(tx, {
    connection: sourceConnection,
    object: sourceObject,
    nativeId: sourceId,
  });
  const item = await newestItem(tx, sourceConnection, sourceObject, sourceId);
  return record?.version !== document.recordVersion || (item?.key ?? null) !== document.requestKey;
}

async function confirmed(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  document: StoredDocument,
): Promise<AuditEntry[]> {
  if (document.requestKey !== null) {
    const item = await getItem(tx, at.id, document.requestKey);
    if (item !== null && document.state === 'posted') await moveItem(tx, item, 'succeeded');
  }
  if (document.state !== 'posted') return [];
  await moveDocument(tx, document, { state: 'confirmed' });
  return [entry(engine, 'document-confirmed', document, { target: document.targetId })];
}

/** The target said no and proved that nothing happened: the sender is told, and it may come again corrected. */
async function refused(
  engine: Engine,
  tx: Tx,
  document: StoredDocument,
  posting: StoredPosting,
): Promise<AuditEntry[]> {
  const message = posting.reason ?? 'The ERP refused it without a reason.';
  const reason: Reason = {
    code: 'refused',
    owner: 'accountant',
    message,
    remedy: 'Correct it in Procore, the mapping or the ERP; then plan it again.',
  };
  await cancelReady(tx, document.id);
  await moveDocument(tx, document, { state: 'refused', reasons: [reason] });
  await openReview(tx, {
    id: engine.newId(),
    kind: 'refused',
    subject: `refused:${document.id}`,
    document: document.id,
    title: `${document.number} ${document.title}`,
    question: `The ERP refused it; nothing was posted. ${message}`,
    evidence: { message },
    role: 'accountant',
  });
  const hub = await engine.systems.hubOf(await tenantOf(tx));
  const item = document.requestKey === null ? null : await getItem(tx, hub.id, document.requestKey);
  if (item !== null) await failRequest(engine, tx, hub, item, [message], document.id);
  return [entry(engine, 'document-refused', document, { reason: message })];
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
  return [entry(engine, 'document-conflict', document, { reason: what })];
}

async function exception(
  engine: Engine,
  tx: Tx,
  document: StoredDocument,
  posting: StoredPosting,
  why: string,
): Promise<AuditEntry[]> {
  await askEngineer(engine, tx, posting, `${document.number} ${document.title}`, why);
  return [entry(engine, 'posting-exception', document, { reason: why, write: posting.writeName })];
}

/** A closing without a document of its own can also need a person. */
async function orphanException(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  posting: StoredPosting,
): Promise<AuditEntry[]> {
  if (posting.state !== 'exception' && posting.state !== 'refused') return [];
  await askEngineer(engine, tx, posting, `${at.name}: ${posting.writeName}`, posting.reason ?? '');
  return [];
}

async function askEngineer(
  engine: Engine,
  tx: Tx,
  posting: StoredPosting,
  title: string,
  why: string,
): Promise<void> {
  await openReview(tx, {
    id: engine.newId(),
    kind: 'exception',
    subject: `exception:${posting.id}`,
    document: posting.document,
    title,
    question: `It needs a person before anything more is sent: ${why}.`,
    evidence: { posting: posting.id, reference: posting.reference, write: posting.writeName, reason: why },
    role: 'engineer',
  });
}

function linksOf(document: StoredDocument): Link[] {
  const base = {
    sourceConnection: document.sourceConnection,
    sourceObject: document.sourceObject,
    sourceId: document.sourceId,
    targetConnection: document.targetConnection,
    targetObject: document.kind === 'vendor-link' ? 'vendor' : document.kind,
    targetId: document.targetId ?? '',
  };
  const lines = Object.entries(document.lineKeys).map(([sourceLine, targetLine]) => ({
    ...base,
    sourceLine,
    targetLine,
  }));
  return [{ ...base, sourceLine: '', targetLine: '' }, ...lines];
}

function sameOperation(a: Operation, b: Operation): boolean {
  if (a.kind !== b.kind) return false;
  const detail = (operation: Operation) =>
    'closing' in operation ? (operation.closing?.requestDetailId ?? '') : '';
  return detail(a) === detail(b);
}

function entry(engine: Engine, kind: string, document: StoredDocument, body: AuditEntry['body']): AuditEntry {
  return {
    kind,
    actor: 'tiebeam',
    document: document.id,
    at: engine.clock.now(),
    body: { number: document.number, revision: String(document.revision), ...body },
  };
}
