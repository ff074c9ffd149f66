import type { Operation } from '../../domain/documents.ts';
import { blockOf, nextBlock } from '../../domain/payments/payment-block.ts';
import { holdReasons, holdWords, isAboutPayment } from '../../domain/payments/payment-holds.ts';
import type { Posting } from '../../domain/posting/posting.ts';
import type { Reason } from '../../domain/reasons.ts';
import type { SubInvoiceRecord } from '../../domain/records.ts';
import { isStanding, move, postingDone } from '../../domain/states.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { explainDocument } from '../../store/documents/document.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { addPostings, postingsOf, type StoredPosting, savePosting } from '../../store/documents/posting.ts';
import { findRecord } from '../../store/records/record.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { postLane } from '../lanes.ts';
import { holdsOf } from '../plan/payment-readiness.ts';

type SetHold = Extract<Operation, { kind: 'set-payment-hold' }>;
type HoldWrite = StoredPosting & { readonly operation: SetHold };

/**
 * Brings the payment block of a posted invoice in line with what holds it now, by a write of its own, and says on the
 * document what holds it. In a lane of its own: a block that cannot be set keeps back nothing of the contract.
 */
export async function followHolds(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  document: StoredDocument,
): Promise<void> {
  const { id, body, targetId, sourceConnection, sourceObject, sourceId } = document;
  if (body?.kind !== 'ap-invoice' || body.purpose === 'direct-cost' || targetId === null) return;
  // What was linked as it stood is left as it stands.
  if (!isStanding(document) || document.operation === null) return;
  const key = { connection: sourceConnection, object: sourceObject, nativeId: sourceId };
  const invoice = await findRecord<SubInvoiceRecord>(tx, key);
  if (invoice === null) return;
  const hub = await engine.systems.hubOf(erp.tenant);
  const [finding, postings] = await Promise.all([holdsOf(tx, hub, invoice.body), postingsOf(tx, id)]);
  const wanted = holdWords(finding.holds);
  const block = blockOf(body.paymentHold, postings.filter(isHoldWrite).map(asBlockWrite));
  const next = nextBlock(wanted, block);
  const isAble = erp.connection.supports.has('set-payment-hold');
  const foreign = block.isTheirs ? [leftAlone(erp)] : [];
  const unable = next !== null && !isAble ? [byHand(erp, wanted)] : [];
  await explain(tx, document, [...holdReasons(finding), ...foreign, ...unable]);
  if (next === null || !isAble) return;
  const { reference } = body;
  const operation = { kind: 'set-payment-hold', reference, invoiceId: targetId, ...next } as const;
  const root = `payment of ${id}`;
  const writes = erp.connection.writes(operation).map((write) => ({ ...write, id: engine.newId() }));
  await addPostings(tx, { document: id, connection: erp.id, root, operation }, writes);
  await wakeLane(tx, postLane(erp, root));
}

/**
 * The write of a block came to its end. Where a person set or lifted the block in the ERP, nothing is asked of anybody:
 * the write is taken back, and the document says so.
 */
export async function concludeHold(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  document: StoredDocument,
  posting: StoredPosting & Posting,
): Promise<void> {
  if (posting.state === 'exception')
    await savePosting(tx, posting, { ...posting, state: move('posting', posting.state, 'cancelled') });
  await followHolds(engine, tx, erp, document);
}

/** Whether a block was written, or was left to whoever changed it there: any other end needs a person. */
export function endsHold(posting: StoredPosting, isForeign: boolean): boolean {
  return (
    posting.operation.kind === 'set-payment-hold' &&
    (postingDone.has(posting.state) || (posting.state === 'exception' && isForeign))
  );
}

function isHoldWrite(posting: StoredPosting): posting is HoldWrite {
  return posting.operation.kind === 'set-payment-hold';
}

function asBlockWrite({ operation, state, attempt }: HoldWrite) {
  return { hold: operation.hold, state, attempt };
}

function leftAlone({ name }: OpenConnection): Reason {
  return {
    code: 'payment-block-changed',
    owner: 'accountant',
    field: 'payment',
    message: `Somebody set or lifted the payment block in ${name}: it is left as it is.`,
    remedy: `Decide in ${name} whether the invoice may be paid.`,
  };
}

function byHand({ name }: OpenConnection, wanted: string | null): Reason {
  return {
    code: 'payment-block-changed',
    owner: 'accountant',
    field: 'payment',
    message: `The payment block of a posted invoice cannot be changed in ${name} from here.`,
    remedy: `${wanted === null ? 'Lift' : 'Set'} it in ${name}.`,
  };
}

/** What is said of its payment takes the place of what was said of it before; everything else stays. */
async function explain(tx: Tx, document: StoredDocument, now: readonly Reason[]): Promise<void> {
  const reasons = [...document.reasons.filter((reason) => !isAboutPayment(reason)), ...now];
  if (JSON.stringify(reasons) !== JSON.stringify(document.reasons))
    await explainDocument(tx, document.id, reasons);
}
