import type { BillingQuestion } from '../../domain/billing/billing-question.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { addLinks } from '../../store/documents/link.ts';
import type { OpenConnection } from '../engine.ts';

/** Links applications of the time before to the invoices that were shown; answers the numbers of those that are linked. */
export async function linkOlder(
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  { object, older }: Pick<BillingQuestion, 'object' | 'older'>,
): Promise<string[]> {
  const links = older.flatMap(({ recordId, invoice }) =>
    invoice === null ? [] : [invoiceLink(hub, erp, { object, recordId, place: '', invoiceId: invoice.id })],
  );
  const inTheWay = new Set(
    (links.length === 0 ? [] : await addLinks(tx, links)).map(({ sourceId }) => sourceId),
  );
  return older.flatMap(({ recordId, invoice, application }) =>
    invoice === null || inTheWay.has(recordId) ? [] : [String(application)],
  );
}

/** An application and the invoice in the ERP that is its own. */
export function invoiceLink(
  hub: OpenConnection,
  erp: OpenConnection,
  {
    object,
    recordId,
    place,
    invoiceId,
  }: {
    readonly object: BillingQuestion['object'];
    readonly recordId: string;
    /** Empty for the application as a whole. */
    readonly place: string;
    readonly invoiceId: string;
  },
) {
  return {
    sourceConnection: hub.id,
    sourceObject: object,
    sourceId: recordId,
    sourceLine: place,
    targetConnection: erp.id,
    targetObject: object === 'sub-invoice' ? 'ap-invoice' : 'ar-invoice',
    targetId: invoiceId,
    targetLine: '',
  };
}
