import type { FileToAttach, Operation } from '../../domain/documents.ts';
import type { StoredDocument } from '../../store/document-row.ts';
import { wakeLane } from '../../store/lane.ts';
import { addPostings, postingsOf } from '../../store/posting.ts';
import { openReview } from '../../store/review.ts';
import { filesOf } from '../../store/source-file.ts';
import type { Tx } from '../../store/transaction.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { postLane } from '../lanes.ts';

/**
 * Has the files of a record attached to what stands for it in the ERP, once each. In a lane of their own: a file that
 * the ERP does not take holds back nothing of the contract.
 */
export async function attachFiles(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  document: StoredDocument,
): Promise<void> {
  const { id, body, operation: written, targetId, sourceConnection, sourceObject, sourceId } = document;
  if (body?.kind !== 'ap-invoice' && body?.kind !== 'ar-invoice') return;
  // What was linked as it stood is left as it stands.
  if (written === null) return;
  if (body.purpose === 'retainage-release' || targetId === null) return;
  if (!erp.connection.supports.has('attach-files')) return;
  const key = { connection: sourceConnection, object: sourceObject, nativeId: sourceId };
  const [kept, postings] = await Promise.all([filesOf(tx, key), postingsOf(tx, id)]);
  const isAsked = postings.some(({ operation }) => operation.kind === 'attach-files');
  if (kept.length === 0 || isAsked) return;
  const files = kept.map(({ name, sha256 }): FileToAttach => ({ name, sha256 }));
  const operation: Operation = {
    ...({ kind: 'attach-files', reference: body.reference, invoiceId: targetId, files } as const),
    ...(body.kind === 'ar-invoice' ? { of: body.kind } : {}),
  };
  const [objection] = erp.connection.preflight(operation);
  if (objection !== undefined) return askAboutFiles(engine, tx, erp, document, objection.message);
  const root = `files of ${id}`;
  const writes = erp.connection.writes(operation).map((write) => ({ ...write, id: engine.newId() }));
  await addPostings(tx, { document: id, connection: erp.id, root, operation }, writes);
  await wakeLane(tx, postLane(erp, root));
}

async function askAboutFiles(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  { id, number, title }: StoredDocument,
  why: string,
): Promise<void> {
  await openReview(tx, {
    id: engine.newId(),
    kind: 'exception',
    subject: `files:${id}`,
    document: id,
    title: `${number} ${title}`,
    question: `It is posted, but its files cannot be attached in ${erp.name}: ${why} Attach them there by hand.`,
    evidence: { reason: why },
    role: 'accountant',
  });
}
