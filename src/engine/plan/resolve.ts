import { Stop } from '../../domain/outcomes.ts';
import type { CommitmentRecord, SubInvoiceRecord, VendorRecord } from '../../domain/records.ts';
import type { CommitmentRef, ErpRequest, Hub, SubInvoiceRef } from '../../procore/hub.ts';
import { appendAudit } from '../../store/audit.ts';
import { type Lane, wakeLane } from '../../store/lane.ts';
import { keepPayload } from '../../store/payload.ts';
import {
  findRecord,
  markGone,
  noteMissed,
  noteShown,
  type RecordKey,
  type StoredRecord,
} from '../../store/record.ts';
import { getItem, newestItem, receiveItem } from '../../store/request-item.ts';
import { expireSubject, openReview } from '../../store/review.ts';
import { type Signal, takeSignals, waitingHints } from '../../store/signal.ts';
import { filesOf, keepFile } from '../../store/source-file.ts';
import type { Tx } from '../../store/transaction.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { laneParts, sourceLane } from '../lanes.ts';
import { closeOlderItems, failRequest } from '../post/confirm.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';
import { lookAtOrder } from './order-in-erp.ts';
import { planCommitment } from './plan-commitment.ts';
import { planPayment } from './plan-payment.ts';
import { planSubInvoice } from './plan-sub-invoice.ts';
import { planTargetSetup } from './plan-target-setup.ts';
import { planVendor } from './plan-vendor.ts';
import { wakeLaterApplications } from './wake.ts';

// A record may be announced before the API shows it; after this many looks somebody is asked.
const MAX_LOOKS = 8;
// Between the two looks that must both miss a record that was there.
const GONE_AGAIN_MS = 2_000;

/** Works one source record from its signals to its documents: fetch the present state, keep it, plan. */
export async function resolveSource(engine: Engine, lane: Lane): Promise<void> {
  const { connection, rest } = laneParts(lane.id);
  const [object = '', nativeId = ''] = rest;
  const at = await engine.systems.get(lane.tenant, connection);
  if (object === 'erp-request') return resolveRequest(engine, lane, at, nativeId);
  if (object === 'commitment') return resolveCommitment(engine, lane, at, nativeId);
  if (object === 'sub-invoice') return resolveSubInvoice(engine, lane, at, nativeId);
  if (object === 'payment') return resolvePayment(engine, lane, at, nativeId);
  if (object === 'vendor') return resolveVendor(engine, lane, at, nativeId);
  if (object === 'connection') {
    await step(engine, lane.tenant, (tx) => planTargetSetup(engine, tx, at, { isAsked: false }));
    return;
  }
  throw new Stop('bug', 'tiebeam', `no room resolves the object ${object}`);
}

/** A request is a command with items: each is written down once and closed once. */
async function resolveRequest(engine: Engine, lane: Lane, at: OpenConnection, id: string): Promise<void> {
  const hub = hubOf(at);
  const hints = await step(engine, lane.tenant, (tx) => waitingHints(tx, at.id, 'erp-request', id));
  const request = await hub.fetchRequest(id);
  if (request === null) return notThere(engine, lane, at, 'erp-request', id);
  const requester = await requesterOf(hub, hints);
  const authors = requester === null ? await authorsOf(hub, request) : new Map<string, string>();
  engine.failPoint('after-fetch');
  await step(engine, lane.tenant, async (tx) => {
    await keepPayload(tx, request.raw, 'request');
    await takeSignals(tx, at.id, 'erp-request', id);
    const key = { connection: at.id, object: 'erp-request', nativeId: id };
    await expireSubject(tx, 'quarantined', missingSubject(key));
    for (const item of request.items) {
      const author = authors.get(item.key) ?? null;
      await takeItem(engine, tx, at, request, item, { requester, author });
    }
  });
}

async function takeItem(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  request: ErpRequest,
  item: ErpRequest['items'][number],
  who: { readonly requester: string | null; readonly author: string | null },
): Promise<void> {
  const subject = subjectOf(item);
  const fresh = await receiveItem(tx, {
    connection: at.id,
    key: item.key,
    requestId: request.id,
    event: item.event,
    object: subject?.object ?? 'unknown',
    nativeId: subject?.id ?? request.id,
    detailId: item.detailId,
    projectId: subject?.projectId ?? null,
    type: item.commitment?.type ?? null,
    erpCode: item.erpCode,
    accountingDate: item.accountingDate,
    ...who,
  });
  if (subject !== null) return wakeLane(tx, sourceLane(at, subject.object, subject.id));
  if (!fresh) return;
  await openReview(tx, {
    id: engine.newId(),
    kind: 'quarantined',
    subject: `request:${item.key}`,
    document: null,
    title: `Procore event ${item.event}`,
    question: `Procore sent the event "${item.event}", which this version does not carry. It is kept; nothing was written.`,
    evidence: { request: request.id, event: item.event },
    role: 'engineer',
  });
  // Its sender waits for an answer as well: an item may not stay in progress for ever.
  const stored = await getItem(tx, at.id, item.key);
  if (stored !== null)
    await failRequest(engine, tx, at, stored, [
      `This integration does not carry "${item.event}" yet. Nothing was changed in the ERP.`,
    ]);
}

/** The record that an item asks to be carried; null for an event that this version does not carry. */
function subjectOf({ event, commitment, subInvoice }: ErpRequest['items'][number]) {
  if (commitment !== null)
    return { object: 'commitment', id: commitment.id, projectId: commitment.projectId };
  if (subInvoice === null || event !== 'create_requisitions') return null;
  return { object: 'sub-invoice', id: subInvoice.id, projectId: subInvoice.projectId };
}

/** Who pressed the button, as the delivery says; only used to keep the requester from approving. */
async function requesterOf(hub: Hub, hints: readonly Signal['hint'][]): Promise<string | null> {
  const userId = hints.map((hint) => hint.userId ?? null).find((value) => value !== null) ?? null;
  return userId === null ? null : hub.userEmail(userId);
}

/** A request that only a sweep found does not say who sent it: then whoever wrote the commitment stands for the sender. */
async function authorsOf(hub: Hub, { items }: ErpRequest): Promise<ReadonlyMap<string, string>> {
  const authors = new Map<string, string>();
  for (const { key, commitment } of items) {
    const pulled = commitment === null ? null : await hub.fetchCommitment(commitment);
    const userId = pulled?.record.object === 'commitment' ? pulled.record.createdByUserId : null;
    const email = userId === null ? null : await hub.userEmail(userId);
    if (email !== null) authors.set(key, email);
  }
  return authors;
}

async function resolveCommitment(engine: Engine, lane: Lane, at: OpenConnection, id: string): Promise<void> {
  const hub = hubOf(at);
  const ref = await step(engine, lane.tenant, (tx) => commitmentRef(tx, at, id));
  if (ref === null) return notThere(engine, lane, at, 'commitment', id);
  const pulled = await hub.fetchCommitment(ref);
  engine.failPoint('after-fetch');
  const key = { connection: at.id, object: 'commitment', nativeId: id };
  if (pulled === null && !(await isGone(engine, lane, at, key)))
    return notThere(engine, lane, at, 'commitment', id);
  await step(engine, lane.tenant, async (tx) => {
    await takeSignals(tx, at.id, 'commitment', id);
    if (pulled === null) await markGone(tx, key);
    else {
      await keepRecord(tx, at.id, pulled);
      await noteShown(tx, key);
      await expireSubject(tx, 'quarantined', missingSubject(key));
    }
    await planCommitment(engine, tx, at, id);
  });
  engine.failPoint('after-plan');
}

/**
 * Whether a record that we know is gone, and not only out of sight for a moment: a permission that flickers must
 * not take a document back. One that was announced and never seen is not visible yet, which is something else.
 */
async function isGone(engine: Engine, lane: Lane, at: OpenConnection, key: RecordKey): Promise<boolean> {
  const now = engine.clock.now();
  const missed = await step(engine, lane.tenant, async (tx) => {
    const known = await findRecord(tx, key);
    return known === null ? null : { gone: known.gone, since: await noteMissed(tx, key, now) };
  });
  if (missed === null) return false;
  const leftMs = missed.since.getTime() + GONE_AGAIN_MS - now.getTime();
  if (missed.gone || leftMs <= 0) return true;
  throw new Stop('retry-later', at.system, `${key.object} ${key.nativeId} is not shown any more`, {
    retryAfterMs: leftMs,
  });
}

/** Where to look: the newest request says it, else the record we know, else the webhook's hint. */
async function commitmentRef(tx: Tx, at: OpenConnection, id: string): Promise<CommitmentRef | null> {
  const item = await newestItem(tx, at.id, 'commitment', id);
  if (item !== null && item.projectId !== null && item.type !== null)
    return { id, projectId: item.projectId, type: item.type };
  const known = await findRecord<CommitmentRecord>(tx, {
    connection: at.id,
    object: 'commitment',
    nativeId: id,
  });
  if (known !== null) return { id, projectId: known.body.projectId, type: known.body.type };
  for (const hint of await waitingHints(tx, at.id, 'commitment', id)) {
    const type = hint.type;
    if (hint.projectId && (type === 'subcontract' || type === 'purchase-order'))
      return { id, projectId: hint.projectId, type };
  }
  return null;
}

async function resolveSubInvoice(engine: Engine, lane: Lane, at: OpenConnection, id: string): Promise<void> {
  const hub = hubOf(at);
  const key = { connection: at.id, object: 'sub-invoice', nativeId: id };
  const ref = await step(engine, lane.tenant, (tx) => subInvoiceRef(tx, key));
  if (ref === null) return notThere(engine, lane, at, key.object, id);
  const pulled = await hub.fetchSubInvoice(ref);
  engine.failPoint('after-fetch');
  if (pulled === null && !(await isGone(engine, lane, at, key)))
    return notThere(engine, lane, at, key.object, id);
  const known = await step(engine, lane.tenant, async (tx) => {
    await takeSignals(tx, at.id, key.object, id);
    if (pulled === null) await markGone(tx, key);
    else {
      const kept = await keepRecord(tx, at.id, pulled);
      if (kept.changed) await wakeLaterApplications(engine, tx, lane.tenant, pulled.record);
      await noteShown(tx, key);
      await expireSubject(tx, 'quarantined', missingSubject(key));
    }
    return findRecord<SubInvoiceRecord>(tx, key);
  });
  if (known === null) return;
  if (pulled !== null) await readFiles(engine, lane, hub, known);
  const seen = await lookAtOrder(engine, at, known.body);
  await step(engine, lane.tenant, (tx) => planSubInvoice(engine, tx, at, id, seen));
  engine.failPoint('after-plan');
}

/** Each file is read once, when its invoice is to be posted. One that cannot be read holds nothing back. */
async function readFiles(
  engine: Engine,
  lane: Lane,
  hub: Hub,
  { connection, object, nativeId, body }: StoredRecord<SubInvoiceRecord>,
): Promise<void> {
  const key = { connection, object, nativeId };
  const missing = await step(engine, lane.tenant, async (tx) => {
    if ((await newestItem(tx, connection, object, nativeId)) === null) return [];
    const kept = new Set((await filesOf(tx, key)).map(({ id }) => id));
    return body.attachments.filter(({ id }) => !kept.has(id));
  });
  for (const { id, name } of missing) {
    try {
      const file = await hub.fetchSubInvoiceFile({ id: nativeId, projectId: body.projectId }, id);
      if (file !== null)
        await step(engine, lane.tenant, (tx) => keepFile(tx, key, { id, name, bytes: file.bytes }));
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      engine.log.warn({ file: name, subInvoice: nativeId, why: error.message }, 'a file could not be read');
    }
  }
}

async function subInvoiceRef(tx: Tx, key: RecordKey): Promise<SubInvoiceRef | null> {
  const { connection, object, nativeId: id } = key;
  const known = await findRecord<SubInvoiceRecord>(tx, key);
  const projectId =
    known?.body.projectId ?? (await newestItem(tx, connection, object, id))?.projectId ?? null;
  return projectId === null ? null : { id, projectId };
}

async function resolvePayment(engine: Engine, lane: Lane, at: OpenConnection, id: string): Promise<void> {
  await step(engine, lane.tenant, (tx) => planPayment(engine, tx, at, id));
  engine.failPoint('after-plan');
}

async function resolveVendor(engine: Engine, lane: Lane, at: OpenConnection, id: string): Promise<void> {
  await step(engine, lane.tenant, async (tx) => {
    const vendor = await findRecord<VendorRecord>(tx, { connection: at.id, object: 'vendor', nativeId: id });
    if (vendor !== null) await planVendor(engine, tx, at, vendor);
  });
  engine.failPoint('after-plan');
}

/** 404 right after an event is a reason to look again, never a deletion. */
async function notThere(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  object: string,
  id: string,
): Promise<void> {
  if (lane.attempts < MAX_LOOKS)
    throw new Stop('retry-later', at.system, `${object} ${id} is not visible yet`);
  const key = { connection: at.id, object, nativeId: id };
  await step(engine, lane.tenant, async (tx) => {
    await takeSignals(tx, at.id, object, id);
    await openReview(tx, {
      id: engine.newId(),
      kind: 'quarantined',
      subject: missingSubject(key),
      document: null,
      title: `${object} ${id} is not visible`,
      question: `${at.name} announced ${object} ${id} but does not show it. Check the service account's permissions for its project.`,
      evidence: { object, id },
      role: 'engineer',
    });
    if (object === 'commitment' || object === 'sub-invoice') await failUnseen(engine, tx, at, key);
    await appendAudit(tx, [
      {
        kind: 'quarantined',
        actor: 'tiebeam',
        at: engine.clock.now(),
        body: { object, id, connection: at.id },
      },
    ]);
  });
}

/** Its sender waits for an answer: what cannot be seen cannot be carried. */
async function failUnseen(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  { object, nativeId }: RecordKey,
): Promise<void> {
  const item = await newestItem(tx, at.id, object, nativeId);
  if (item === null) return;
  await closeOlderItems(engine, tx, at, item);
  await failRequest(engine, tx, at, item, [
    `${at.name} does not show this record to the integration, so nothing was posted. Once it may be seen, export it again.`,
  ]);
}

function missingSubject({ connection, object, nativeId }: RecordKey): string {
  return `missing:${connection}:${object}:${nativeId}`;
}

function hubOf(at: OpenConnection): Hub {
  if (at.hub === null) throw new Stop('bug', 'tiebeam', `${at.name} is not the hub`);
  return at.hub;
}
