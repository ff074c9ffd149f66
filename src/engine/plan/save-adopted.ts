import { mappingHash } from '../../domain/mapping.ts';
import { adoptedBody } from '../../domain/orders/adopted-order.ts';
import type { LinePair } from '../../domain/orders/match-order-lines.ts';
import type { StandingOrder } from '../../domain/orders/standing-order.ts';
import type { Reason } from '../../domain/reasons.ts';
import type { CommitmentRecord } from '../../domain/records.ts';
import { parseMoney } from '../../domain/values/money.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { moveDocument, savePlan } from '../../store/documents/document.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { addLinks } from '../../store/documents/link.ts';
import { expireReviews } from '../../store/documents/review.ts';
import type { StoredRecord } from '../../store/records/record.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { commitmentRoot, sourceLane } from '../lanes.ts';
import { isUnderWay, orderKey } from './adopted.ts';
import { revisionOf } from './plan-commitment.ts';
import { takeWritesBack } from './save-plan.ts';
import { wakeReleased } from './wake.ts';

/** A commitment, and the order that stands for it and that we never wrote. */
type AsFound = {
  readonly record: StoredRecord<CommitmentRecord>;
  readonly order: StandingOrder;
  readonly pairs: readonly LinePair[];
  /** What was planned for the commitment before. */
  readonly documents: readonly StoredDocument[];
  readonly requestKey: string | null;
  readonly reasons: readonly Reason[];
};

/** What was planned for it and waited gives way to the order that stands; false where something is on its way. */
export async function giveWay(tx: Tx, erp: OpenConnection, last: StoredDocument): Promise<boolean> {
  if (isUnderWay(last) || !(await takeWritesBack(tx, erp, last))) return false;
  if (last.state !== 'withdrawn' && last.state !== 'detached')
    await moveDocument(tx, last, { state: 'withdrawn', reasons: [] });
  await expireReviews(tx, last.id, []);
  return true;
}

/** Writes the order down as one that stands and was told of, with its links; nobody intended a write of it. */
export async function saveAdopted(
  engine: Engine,
  tx: Tx,
  { hub, erp }: { readonly hub: OpenConnection; readonly erp: OpenConnection },
  { record, order, pairs, documents, requestKey, reasons }: AsFound,
): Promise<StoredDocument> {
  const commitment = record.body;
  const { body, lineKeys } = adoptedBody(commitment, order, pairs);
  const amount = parseMoney(body.total, body.currency);
  const plan = {
    ...orderKey(hub, erp, commitment.id),
    id: engine.newId(),
    revision: revisionAfter(documents),
    root: commitmentRoot(commitment.id),
    state: 'confirmed' as const,
    projectId: commitment.projectId,
    vendorId: commitment.vendorId,
    vendorName: commitment.vendorName,
    number: commitment.number,
    title: commitment.title,
    amountMinor: amount.minor,
    currency: amount.currency,
    exposureMinor: 0n,
    accountingDate: body.accountingDate,
    recordVersion: record.version,
    recordHash: record.hash,
    body,
    operation: null,
    payloadHash: null,
    mappings: [],
    mappingHash: mappingHash([]),
    gate: null,
    reasons,
    requester: null,
    requestKey,
  };
  await savePlan(tx, plan, []);
  const stands = { state: plan.state, targetId: order.id, targetNumber: order.number, lineKeys };
  await moveDocument(tx, plan, stands);
  const whole = {
    sourceConnection: hub.id,
    sourceObject: 'commitment',
    sourceId: commitment.id,
    sourceLine: '',
    targetConnection: erp.id,
    targetObject: 'purchase-order',
    targetId: order.id,
    targetLine: '',
  };
  const lines = Object.entries(lineKeys).map(([sourceLine, targetLine]) => ({
    ...whole,
    sourceLine,
    targetLine,
  }));
  const inTheWay = await addLinks(tx, [whole, ...lines]);
  // Nothing may stand half: another decision that linked one of them at this moment wins.
  if (inTheWay.length > 0) throw new Error(`order ${order.number} was linked to another record meanwhile`);
  return { ...plan, ...stands, postedAt: null };
}

/** A plan that was withdrawn keeps its row: the order that stands is another document. */
function revisionAfter(documents: readonly StoredDocument[]): number {
  const last = documents.at(-1);
  return last === undefined ? 1 : Math.max(revisionOf(documents), last.revision + 1);
}

/** What waited for an answer about the commitment's order, or for the order itself, is planned now. */
export async function releaseAdopted(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  commitmentId: string,
): Promise<void> {
  for (const kind of ['adoption', 'order', 'billing'] as const)
    await wakeReleased(engine, tx, hub.tenant, kind, commitmentId);
  await wakeLane(tx, sourceLane(hub, 'commitment', commitmentId));
}
