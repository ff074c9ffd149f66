import type { NumberedInvoice } from '../../connectors/connector.ts';
import type { OpenConnection } from '../engine.ts';

/** What bears a number in the ERP already, in words; an invoice with one of these references of ours does not count. */
export type NumbersInErp = (invoiceNumber: string, ours: ReadonlySet<string>) => string | null;

/** Asks the ERP who bears these numbers, just before an invoice is planned: people enter invoices too. */
export async function numbersInErp(
  erp: OpenConnection,
  numbers: readonly string[],
  look: ((number: string) => Promise<readonly NumberedInvoice[]> | undefined) | undefined,
): Promise<NumbersInErp> {
  const found = new Map<string, readonly NumberedInvoice[]>();
  for (const number of numbers) found.set(number, (await look?.(number)) ?? []);
  return (invoiceNumber, ours) => {
    const other = found
      .get(invoiceNumber)
      ?.find(({ reference, state }) => state !== 'cancelled' && !(reference !== null && ours.has(reference)));
    return other === undefined ? null : `${other.number} in ${erp.name}`;
  };
}
