import type { GoodsReceiptRecord } from '../../domain/orders/goods-receipt.ts';
import type { Tx } from '../database/transaction.ts';
import { findByMatchKeys } from './record.ts';

// Orders of one project have fewer receipts than this, or their sum is made elsewhere than in a page.
const MAX_RECEIPTS = 50_000;

/** What was taken in against these orders of an ERP, as it was read last. */
export async function goodsReceiptsOf(
  tx: Tx,
  erp: string,
  orderIds: readonly string[],
): Promise<GoodsReceiptRecord[]> {
  const found = await findByMatchKeys<GoodsReceiptRecord>(
    tx,
    erp,
    'goods-receipt',
    orderIds.map(receivedOn),
    MAX_RECEIPTS,
  );
  if (found.length === MAX_RECEIPTS)
    throw new RangeError(`more than ${MAX_RECEIPTS} receipts of these orders`);
  return found.map(({ body }) => body);
}

/** By what a receipt is found from its order. */
export function receivedOn(orderId: string): string {
  return `order ${orderId}`;
}
