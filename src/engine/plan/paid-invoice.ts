import type { PaymentNotice } from '../../domain/documents.ts';
import type { ReceiptRecord } from '../../domain/owner/receipt.ts';
import type { PaymentRecord, SubInvoiceRecord } from '../../domain/records.ts';
import { utcDate } from '../../domain/values/calendar-date.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { invoiceAt, ownerInvoiceAt } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { linkSince } from '../../store/documents/link.ts';
import { findRecord } from '../../store/records/record.ts';
import type { OpenConnection } from '../engine.ts';
import { commitmentOfRoot, commitmentRoot, primeContractOfRoot } from '../lanes.ts';

/** What a payment settles, as Procore knows it. */
export type PaidInvoice = Pick<
  StoredDocument,
  'root' | 'projectId' | 'vendorId' | 'vendorName' | 'number'
> & {
  readonly invoiceNumber: string | null;
  readonly on: PaidOn;
};

type PaidOn =
  | Pick<Extract<PaymentNotice, { commitmentId: string }>, 'commitmentId' | 'subInvoiceId'>
  | Pick<Extract<PaymentNotice, { primeContractId: string }>, 'primeContractId' | 'application'>;

/** The invoice behind an id of the ERP: one that we posted, or one that was taken over. Null for all others. */
export async function paidInvoice(
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  { object, date }: PaymentRecord | ReceiptRecord,
  invoiceId: string,
): Promise<PaidInvoice | null> {
  if (object === 'receipt') {
    const invoice = await ownerInvoiceAt(tx, erp.id, invoiceId);
    return invoice === null ? null : ofDocument(invoice);
  }
  const posted = await invoiceAt(tx, erp.id, invoiceId);
  if (posted !== null) return ofDocument(posted);
  const place = { targetConnection: erp.id, targetObject: 'ap-invoice', targetId: invoiceId };
  const taken = await linkSince(tx, hub.id, place);
  // What was paid before its project was taken over, people typed into Procore themselves.
  if (taken === null || date < utcDate(taken.since)) return null;
  const key = { connection: hub.id, object: 'sub-invoice', nativeId: taken.sourceId };
  const record = await findRecord<SubInvoiceRecord>(tx, key);
  return record === null ? null : ofApplication(record.body);
}

function ofDocument({
  root,
  projectId,
  vendorId,
  vendorName,
  number,
  sourceId,
  body,
}: StoredDocument): PaidInvoice {
  const on =
    body?.kind === 'ar-invoice'
      ? { primeContractId: primeContractOfRoot(root), application: body.application }
      : { commitmentId: commitmentOfRoot(root), subInvoiceId: sourceId };
  const invoiceNumber =
    body?.kind === 'ap-invoice' || body?.kind === 'ar-invoice' ? body.invoiceNumber : null;
  return { root, projectId, vendorId, vendorName, number, invoiceNumber, on };
}

function ofApplication(application: SubInvoiceRecord): PaidInvoice {
  const { id, commitmentId, projectId, vendorId, vendorName, invoiceNumber } = application;
  return {
    ...{ projectId, vendorId, vendorName, invoiceNumber },
    root: commitmentRoot(commitmentId),
    number: invoiceNumber ?? `Application ${application.application}`,
    on: { commitmentId, subInvoiceId: id },
  };
}
