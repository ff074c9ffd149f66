import { fieldDifferences, heldFields } from '../../domain/planning/document-fields.ts';
import type { Tx } from '../../store/database/transaction.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { openReview } from '../../store/documents/review.ts';
import type { StoredRequestItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';

/**
 * What stands is exported again with other values in its fields. A posted invoice is never changed from here: somebody is
 * asked, once for each export.
 */
export async function askTypedOtherwise(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  posted: StoredDocument,
  { key, object, typed }: StoredRequestItem,
): Promise<void> {
  const { id, number, title, body, targetNumber, targetId } = posted;
  if (body === null || !('lines' in body)) return;
  const left = 'fields' in body ? (body.fields ?? {}) : {};
  const wanted = heldFields(erp.connection.documentFields ?? [], object, typed);
  if (fieldDifferences(wanted, left).length === 0) return;
  const changes = Object.entries(wanted)
    .filter(([name, value]) => left[name] !== value)
    .map(([name, value]) => `${name} "${value}", where "${left[name] ?? ''}" was posted`)
    .join('; ');
  await openReview(tx, {
    id: engine.newId(),
    kind: 'exception',
    subject: `fields:${id}:${key}`,
    // What stands is not taken back: a person closes it.
    document: null,
    title: `${number} ${title}`,
    question: `It was exported again with ${changes}. What is posted is not changed from here: if the new value is right, change ${targetNumber ?? targetId} in ${erp.name} by hand.`,
    evidence: { document: id, ...wanted },
    role: 'accountant',
  });
}
