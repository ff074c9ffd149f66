import type { PostedInvoice } from '../../domain/billing/sub-invoice-sequence.ts';
import type { OwnerInvoiceRecord, SubInvoiceRecord } from '../../domain/records.ts';
import type { Tx } from '../../store/database/transaction.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { findRecord } from '../../store/records/record.ts';
import type { OpenConnection } from '../engine.ts';
import { commitmentRoot, primeContractRoot } from '../lanes.ts';

/** What bills the work of a month: a subcontractor's to us, or ours to an owner. */
export type Application = SubInvoiceRecord | OwnerInvoiceRecord;

/** The contract that it bills, whose applications are planned one at a time. */
export function rootOf(application: Application): string {
  return application.object === 'sub-invoice'
    ? commitmentRoot(application.commitmentId)
    : primeContractRoot(application.contractId);
}

/** The application before it, as the source showed it last. */
export async function previousOf<Body extends Application>(
  tx: Tx,
  at: OpenConnection,
  { object, previousId }: Pick<Body, 'object' | 'previousId'>,
): Promise<Body | null> {
  if (previousId === null) return null;
  return (await findRecord<Body>(tx, { connection: at.id, object, nativeId: previousId }))?.body ?? null;
}

/** The invoice that stands for an application; null for any other document. */
export function postedInvoice({ sourceId, body }: StoredDocument): PostedInvoice | null {
  const isOne =
    body?.kind === 'ar-invoice' || (body?.kind === 'ap-invoice' && body.purpose !== 'direct-cost');
  return isOne ? { recordId: sourceId, body } : null;
}
