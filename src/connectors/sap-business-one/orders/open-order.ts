import type { OpenOrderLine } from '../../../domain/documents.ts';
import type { Read } from '../../../domain/posting/writes.ts';
import { readStop } from '../service-layer/errors.ts';
import { vendorError } from '../service-layer/vendor-error.ts';
import { bodyOf, readOrder } from '../service-layer/wire.ts';
import { linesInOrder, plainAmount } from './order-form.ts';

/** What of each line of an order is not invoiced yet; null where the order is gone. */
export async function openOrderLines(read: Read, orderId: string): Promise<readonly OpenOrderLine[] | null> {
  const response = await read({ method: 'GET', path: `/PurchaseOrders(${orderId})` });
  if (response.status === 404 && vendorError(response)?.code === '-2028') return null;
  if (response.status !== 200) throw readStop(response, 'the purchase order');
  const order = readOrder(bodyOf(response));
  return linesInOrder(order).map((line) => {
    // Filled only where the order is in a foreign currency.
    const foreign = plainAmount(line.OpenAmountFC ?? '0');
    const open = foreign === '0' ? plainAmount(line.OpenAmount ?? '0') : foreign;
    const closed = order.DocumentStatus !== 'bost_Open' || line.LineStatus !== 'bost_Open';
    return { key: line.LineNum, open, closed };
  });
}
