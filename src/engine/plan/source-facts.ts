import { taxIdNotes } from '../../domain/masters/vendor-tax.ts';
import type { Reason } from '../../domain/reasons.ts';
import type { VendorRecord } from '../../domain/records.ts';
import type { CalendarDate } from '../../domain/values/calendar-date.ts';
import { currentEpoch } from '../../store/database/installation.ts';
import type { Tx } from '../../store/database/transaction.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { linkedSource } from '../../store/documents/link.ts';
import { findRecord } from '../../store/records/record.ts';
import type { StoredRequestItem } from '../../store/requests/request-item.ts';
import type { OpenConnection } from '../engine.ts';

export type VendorIn = {
  readonly code: string | null;
  readonly blocked: string | null;
  /** Worth knowing before it is paid, and in nobody's way. */
  readonly notes: readonly Reason[];
};

const UNKNOWN_VENDOR: VendorIn = { code: null, blocked: null, notes: [] };

/** What the vendor of a record is in the ERP, and why nothing can be posted for it now. */
export async function vendorIn(
  tx: Tx,
  at: OpenConnection,
  erp: OpenConnection,
  vendorId: string | null,
): Promise<VendorIn> {
  if (vendorId === null) return UNKNOWN_VENDOR;
  const linked = await linkedSource(tx, erp.id, {
    targetConnection: at.id,
    targetObject: 'vendor',
    targetId: vendorId,
  });
  if (linked === null) return UNKNOWN_VENDOR;
  const { sourceId: code } = linked;
  const record = await findRecord<VendorRecord>(tx, { connection: erp.id, object: 'vendor', nativeId: code });
  const isBlocked = record !== null && !record.body.active;
  return {
    code,
    blocked: isBlocked ? `Vendor ${code} is inactive or frozen in ${erp.name}.` : null,
    notes: record === null ? [] : taxIdNotes(record.body, erp.name),
  };
}

/** Characters that the ERP has for the number of an invoice. Where none are stated, what is asked of it before it is sent decides. */
export function numberWidthOf({ constraints }: OpenConnection): number {
  const width = constraints.find(
    ({ object, field, rule }) =>
      object === 'ap-invoice' && field === 'invoiceNumber' && rule === 'max-length',
  );
  return width?.limit ?? Number.MAX_SAFE_INTEGER;
}

/** A new export may carry another date; within one export the date moves only when its period is closed. */
export function frozenDateOf(
  open: StoredDocument | null,
  item: StoredRequestItem | null,
): CalendarDate | null {
  return open !== null && open.requestKey === (item?.key ?? null) ? open.accountingDate : null;
}

/** Whether the source's origin id may be our own word, of which our books know nothing since they were restored. */
export async function originMayBeOurs(
  tx: Tx,
  erp: OpenConnection,
  originId: string | null,
  open: StoredDocument | null,
): Promise<boolean> {
  return (
    (await currentEpoch(tx)) > 1n &&
    originId?.startsWith(`${erp.code}-`) === true &&
    // Looked for and not found: whoever wrote that origin id, it was not for this reference.
    !open?.reasons.some(({ code }) => code === 'sent-back' || code === 'foreign-origin')
  );
}
