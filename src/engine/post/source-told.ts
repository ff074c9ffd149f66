import type { Operation } from '../../domain/documents.ts';
import { isAboutPayment } from '../../domain/payments/payment-holds.ts';
import { postingDone } from '../../domain/states.ts';
import type { AuditEntry } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { explainDocument, moveDocument } from '../../store/documents/document.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import type { StoredPosting } from '../../store/documents/posting.ts';
import { getItem, moveItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { documentEntry } from './document-entry.ts';

const TELLING: ReadonlySet<Operation['kind']> = new Set([
  'confirm-master',
  'confirm-order',
  'confirm-change-order',
  'confirm-record',
  'confirm-budget',
  'confirm-invoice',
]);

type Told = {
  readonly document: StoredDocument;
  /** All that was ever to be written of it, as it stands now. */
  readonly siblings: readonly StoredPosting[];
  readonly operation: Operation;
};

/**
 * What the writes that tell the source have come to, in the transaction that ended one of them. A document is
 * confirmed when all of them stand; where a person gave one up it stays posted and says what the source lacks.
 */
export async function concludeTelling(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  { document, siblings, operation }: Told,
): Promise<AuditEntry[]> {
  if (!TELLING.has(operation.kind)) return [];
  const writes = latestOfEach(
    siblings.filter((other) => other.connection === hub.id && sameOperation(other.operation, operation)),
  );
  // The last of them answers the request, unless another document of the same request is to do so.
  const closing = writes.at(-1);
  const item = document.requestKey === null ? null : await getItem(tx, hub.id, document.requestKey);
  const isAnswer = ('closing' in operation && operation.closing !== null) || item?.detailId === null;
  if (item !== null && isAnswer && closing !== undefined) {
    if (postingDone.has(closing.state)) await moveItem(tx, item, 'succeeded');
    if (closing.state === 'cancelled') await moveItem(tx, item, 'stale');
  }
  if (document.state !== 'posted') return [];
  if (writes.every(({ state }) => postingDone.has(state))) {
    // What is known of its payment does not end with that.
    const reasons = document.reasons.filter(isAboutPayment);
    await moveDocument(tx, document, { state: 'confirmed', reasons });
    return [documentEntry(engine, 'document-confirmed', document, { target: document.targetId })];
  }
  if (!writes.every(({ state }) => postingDone.has(state) || state === 'cancelled')) return [];
  const missing = writes.filter(({ state }) => state === 'cancelled').map(({ writeName }) => writeName);
  await explainDocument(tx, document.id, [
    {
      code: 'source-not-told',
      owner: 'engineer',
      message: `It stands in the ERP, but ${hub.name} was not told (${missing.join(', ')}): a person gave that up.`,
      remedy: `Export it again in ${hub.name} to have it told once more; nothing is posted twice by that.`,
    },
  ]);
  return [documentEntry(engine, 'source-not-told', document, { writes: missing })];
}

/** A write that a person had sent anew stands twice: the later one counts. */
function latestOfEach(postings: readonly StoredPosting[]): StoredPosting[] {
  return [...new Map(postings.map((posting) => [posting.writeName, posting])).values()];
}

export function sameOperation(a: Operation, b: Operation): boolean {
  if (a.kind !== b.kind) return false;
  const detail = (operation: Operation) =>
    'closing' in operation ? (operation.closing?.requestDetailId ?? '') : '';
  return detail(a) === detail(b);
}
