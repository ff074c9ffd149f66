import type { FileToAttach, Operation } from '../../domain/documents.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { invoicesOfSource } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { addPostings, filesAttached } from '../../store/documents/posting.ts';
import { openReview } from '../../store/documents/review.ts';
import { filesOf } from '../../store/records/source-file.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { postLane } from '../lanes.ts';

type AttachFiles = Extract<Operation, { kind: 'attach-files' }>;
/** What bears the files, and the lane of their own in which they go: a file that is refused holds back nothing. */
type Bearer = Pick<AttachFiles, 'reference' | 'invoiceId' | 'of'> & {
  readonly root: string;
  /** Whether files that come later are added; otherwise those that were there at first are all. */
  readonly grows: boolean;
};

/** Has the files of a record attached to what stands for it in the ERP, once each. */
export async function attachFiles(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  document: StoredDocument,
): Promise<void> {
  if (!erp.connection.supports.has('attach-files')) return;
  const bearer = await bearerOf(tx, document);
  if (bearer === null) return;
  const { sourceConnection: connection, sourceObject: object, sourceId: nativeId } = document;
  const kept = await filesOf(tx, { connection, object, nativeId });
  if (kept.length === 0) return;
  const { root, grows, ...on } = bearer;
  const attached = await filesAttached(tx, erp.id, root);
  if (attached.length > 0 && !grows) return;
  const files = kept
    .map(({ name, sha256 }): FileToAttach => ({ name, sha256 }))
    .filter((file) => !attached.some(({ name, sha256 }) => name === file.name && sha256 === file.sha256));
  if (files.length === 0) return;
  const operation: AttachFiles = { kind: 'attach-files', ...on, files };
  const [objection] = erp.connection.preflight(operation);
  if (objection !== undefined) return askAboutFiles(engine, tx, erp, document, objection.message);
  const writes = erp.connection.writes(operation).map((write) => ({ ...write, id: engine.newId() }));
  await addPostings(tx, { document: document.id, connection: erp.id, root, operation }, writes);
  await wakeLane(tx, postLane(erp, root));
}

/** Null for what bears none, and for what was linked as it stood: that is left as it stands. */
async function bearerOf(tx: Tx, document: StoredDocument): Promise<Bearer | null> {
  const { id, body, operation: written, targetId: invoiceId } = document;
  // What is only asked for bears none.
  if (document.kind === 'purchase-requisition') return null;
  if (written === null || invoiceId === null || body === null) return null;
  if (body.kind === 'purchase-order') {
    // The contract and its change orders share one order: one at a time adds to what hangs on it.
    return {
      reference: body.reference,
      invoiceId,
      of: 'order',
      root: `files of order ${invoiceId}`,
      grows: true,
    };
  }
  if (body.kind !== 'ap-invoice' && body.kind !== 'ar-invoice') return null;
  // Where an application bills work as well, its file hangs on the invoice of that.
  if (body.purpose === 'retainage-release' && (await billsWork(tx, document))) return null;
  const of = bearingKind(document);
  return { reference: body.reference, invoiceId, ...of, root: `files of ${id}`, grows: false };
}

/** Said of what is no invoice of a vendor. */
function bearingKind({ body, operation }: StoredDocument): Pick<AttachFiles, 'of'> {
  if (body?.kind === 'ar-invoice') return { of: body.kind };
  return operation?.kind === 'create-vendor-credit' ? { of: 'vendor-credit' } : {};
}

async function billsWork(tx: Tx, document: StoredDocument): Promise<boolean> {
  const invoices = await invoicesOfSource(tx, document);
  return invoices.some(
    ({ part, state }) => part === 'progress' && state !== 'withdrawn' && state !== 'detached',
  );
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
    // It is posted: a question about the document itself could only be closed by taking that back.
    document: null,
    title: `${number} ${title}`,
    question: `It is posted, but its files cannot be attached in ${erp.name}: ${why} Attach them there by hand.`,
    evidence: { document: id, reason: why },
    role: 'accountant',
  });
}
