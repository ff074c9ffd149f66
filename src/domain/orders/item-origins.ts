import { billedKey } from '../billing/sub-invoice-sheet.ts';
import type { SubInvoiceLine } from '../records.ts';

type Item = Pick<SubInvoiceLine, 'id' | 'bills' | 'billedLineId'>;

/**
 * What the items of an application became: the origin id of each, the invoice's with its line. Several details of one
 * line of a contract share a line of the invoice, and no two items may bear one origin id.
 */
export function itemOrigins(
  items: readonly Item[],
  lineKeys: Readonly<Record<string, string>>,
  invoiceOriginId: string,
): Readonly<Record<string, string>> {
  const placed = items.flatMap((item) => {
    const key = billedKey(item.bills, item.billedLineId);
    // An invoice to an owner names its lines by what they bill, one of a vendor those of the contract by their ids.
    const line = lineKeys[key] ?? (item.bills === 'change-order' ? undefined : lineKeys[item.billedLineId]);
    return line === undefined ? [] : [{ id: item.id, line }];
  });
  const sharing = Map.groupBy(placed, ({ line }) => line);
  return Object.fromEntries(
    placed.map(({ id, line }) => {
      const origin = `${invoiceOriginId}/${line}`;
      return [id, sharing.get(line)!.length === 1 ? origin : `${origin}/${id.split('/').at(-1)}`];
    }),
  );
}
