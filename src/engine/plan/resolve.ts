import { Stop } from '../../domain/outcomes.ts';
import type { CommitmentRecord, VendorRecord } from '../../domain/records.ts';
import type { CommitmentRef, ErpRequest, Hub } from '../../procore/hub.ts';
import { type Lane, wakeLane } from '../../store/lane.ts';
import { keepPayload } from '../../store/payload.ts';
import { findRecord, markGone, noteShown } from '../../store/record.ts';
import { getItem, newestItem, receiveItem } from '../../store/request-item.ts';
import { expireSubject, openReview } from '../../store/review.ts';
import { type Signal, takeSignals, waitingHints } from '../../store/signal.ts';
import type { Tx } from '../../store/transaction.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { laneParts, sourceLane } from '../lanes.ts';
import { failRequest } from '../post/confirm.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';
import { planCommitment } from './plan-commitment.ts';
import { planPayment } from './plan-payment.ts';
import { planTargetSetup } from './plan-target-setup.ts';
import { planVendor } from './plan-vendor.ts';
import { resolveSubInvoice } from './resolve-sub-invoice.ts';
import { hubOf, isGone, missingSubject, notThere } from './visibility.ts';

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
