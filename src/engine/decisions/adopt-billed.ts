import { possibleNumbers } from '../../domain/billing/plan-invoice-number.ts';
import type { MatchSource } from '../../domain/orders/match-order.ts';
import type { SubInvoiceRecord } from '../../domain/records.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { addLinks } from '../../store/documents/link.ts';
import type { OpenConnection } from '../engine.ts';

/** An application that was billed before, and the one invoice in the ERP that bears its number. */
export type Billed = { readonly application: SubInvoiceRecord; readonly invoiceId: string };

/** Finds the invoices of older applications by the vendor's number. What is not found, or twice, is linked to none. */
export async function billedBefore(
  { connection }: OpenConnection,
  { commitment, vendorCode }: MatchSource,
  applications: readonly SubInvoiceRecord[],
  upTo: number,
): Promise<readonly Billed[]> {
  const { invoicesNumbered } = connection;
  if (invoicesNumbered === undefined || vendorCode === null) return [];
  const billed: Billed[] = [];
  for (const application of applications) {
    const [number] = possibleNumbers(application, commitment.number);
    if (application.application > upTo || application.deleted || number === undefined) continue;
    const [invoice, ...others] = (await invoicesNumbered(vendorCode, number)).filter(
      ({ state, reference }) => state === 'posted' && reference === null,
    );
    if (invoice !== undefined && others.length === 0) billed.push({ application, invoiceId: invoice.id });
  }
  return billed;
}

/** Links each to its invoice and returns the numbers of those that now stand; two of one invoice cannot both. */
export async function linkBilled(
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  billed: readonly Billed[],
): Promise<string[]> {
  const links = billed.map(({ application, invoiceId }) => ({
    sourceConnection: hub.id,
    sourceObject: 'sub-invoice',
    sourceId: application.id,
    sourceLine: '',
    targetConnection: erp.id,
    targetObject: 'ap-invoice',
    targetId: invoiceId,
    targetLine: '',
  }));
  const inTheWay = new Set(
    (links.length === 0 ? [] : await addLinks(tx, links)).map(({ sourceId }) => sourceId),
  );
  return billed.flatMap(({ application: { id, application } }) =>
    inTheWay.has(id) ? [] : [String(application)],
  );
}
