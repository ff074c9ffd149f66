import type { OpenOrderLine, ReceivedLine } from '../../../domain/documents.ts';
import type { Read } from '../../../domain/posting/writes.ts';
import { readStop } from '../service-layer/errors.ts';
import { allRows, quoted } from '../service-layer/odata.ts';
import { vendorError } from '../service-layer/vendor-error.ts';
import {
  bodyOf,
  GOODS_RECEIPT_FIELDS,
  type GoodsReceiptEntity,
  type OpenOrderEntity,
  readGoodsReceipt,
  readOpenOrder,
} from '../service-layer/wire.ts';
import { ORDER } from './goods-receipts.ts';
import { plainAmount } from './order-form.ts';

/** What of each line of an order is not invoiced yet, with what came in on it; null where the order is gone. */
export async function openOrderLines(read: Read, orderId: string): Promise<readonly OpenOrderLine[] | null> {
  const response = await read({ method: 'GET', path: `/PurchaseOrders(${orderId})` });
  if (response.status === 404 && vendorError(response)?.code === '-2028') return null;
  if (response.status !== 200) throw readStop(response, 'the purchase order');
  const order = readOpenOrder(bodyOf(response));
  const receipts = wasDrawnOn(order) ? await receiptsOf(read, order) : [];
  return [...order.DocumentLines]
    .sort((a, b) => Number(a.LineNum) - Number(b.LineNum))
    .map((line) => {
      const closed = order.DocumentStatus !== 'bost_Open' || line.LineStatus !== 'bost_Open';
      const received = receipts.flatMap((receipt) => receivedOn(receipt, order, line));
      const open = either(line.OpenAmount, line.OpenAmountFC);
      return { key: line.LineNum, open, closed, ...(received.length === 0 ? {} : { received }) };
    });
}

/** Nothing came in on an order of which everything is open: most are never received. */
function wasDrawnOn({ DocumentLines: lines }: OpenOrderEntity): boolean {
  return lines.some(
    (line) => either(line.OpenAmount, line.OpenAmountFC) !== either(line.LineTotal, line.RowTotalFC),
  );
}

/** Rows of a list cannot be searched by what they draw on: what came in of the vendor since the order was made is read. */
async function receiptsOf(read: Read, order: OpenOrderEntity): Promise<readonly GoodsReceiptEntity[]> {
  const since = order.CreationDate.slice(0, 10);
  const made = since === '' ? '' : ` and CreationDate ge ${quoted(since)}`;
  const query = {
    set: 'PurchaseDeliveryNotes',
    filter: `CardCode eq ${quoted(order.CardCode)} and CancelStatus eq 'csNo'${made}`,
    select: GOODS_RECEIPT_FIELDS,
    key: { name: 'DocEntry', kind: 'number' },
  } as const;
  const found: GoodsReceiptEntity[] = [];
  for await (const { fields } of allRows(read, query)) found.push(readGoodsReceipt(fields));
  const dayOf = ({ DocDate }: GoodsReceiptEntity) => DocDate.slice(0, 10);
  return found.sort((a, b) => dayOf(a).localeCompare(dayOf(b)) || Number(a.DocEntry) - Number(b.DocEntry));
}

function receivedOn(
  receipt: GoodsReceiptEntity,
  order: OpenOrderEntity,
  ordered: OpenOrderEntity['DocumentLines'][number],
): ReceivedLine[] {
  return receipt.DocumentLines.filter(
    ({ BaseType, BaseEntry, BaseLine }) =>
      BaseType === ORDER && BaseEntry === order.DocEntry && BaseLine === ordered.LineNum,
  ).map((line) => ({
    receipt: receipt.DocEntry,
    number: receipt.DocNum ?? receipt.DocEntry,
    line: line.LineNum,
    amount: either(line.LineTotal, line.RowTotalFC),
    open: either(line.OpenAmount, line.OpenAmountFC),
    unusable: whyUnusable(receipt, line, order, ordered),
  }));
}

/** A receipt that was billed whole is closed as well, and in nobody's way. */
function whyUnusable(
  receipt: GoodsReceiptEntity,
  line: GoodsReceiptEntity['DocumentLines'][number],
  order: OpenOrderEntity,
  ordered: OpenOrderEntity['DocumentLines'][number],
): ReceivedLine['unusable'] {
  if (receipt.DocCurrency !== order.DocCurrency) return 'other-currency';
  // Items are drawn by quantity: at another price the same amount would be another quantity.
  const isItem = order.DocType !== 'dDocument_Service';
  if (isItem && plainAmount(line.UnitPrice ?? '0') !== plainAmount(ordered.UnitPrice ?? '0'))
    return 'other-price';
  const isOpen = receipt.DocumentStatus === 'bost_Open' && line.LineStatus === 'bost_Open';
  return isOpen ? null : 'closed';
}

/** The amount in a foreign currency is filled only where the document is in one. */
function either(local: string | null, foreign: string | null): string {
  const abroad = plainAmount(foreign ?? '0');
  return abroad === '0' ? plainAmount(local ?? '0') : abroad;
}
