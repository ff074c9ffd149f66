import type { GoodsReceiptRecord } from '../../../domain/orders/goods-receipt.ts';
import { calendarDate } from '../../../domain/values/calendar-date.ts';
import { parseDecimal } from '../../../domain/values/decimal.ts';
import type { GoodsReceiptEntity } from '../service-layer/wire.ts';
import { amountText } from './committed.ts';
import { plainAmount } from './order-form.ts';

// Of a receipt's line: the order that it was received against.
export const ORDER = '22';

/** A goods receipt, as far as it is of orders. A mirror that cancels one is none, and what it cancels counts no more. */
export function goodsReceiptRecord(entity: GoodsReceiptEntity): GoodsReceiptRecord {
  const { DocCurrency: currency } = entity;
  // Filled only where the receipt is in a foreign currency.
  const text = (local: string | null, foreign: string | null) => {
    const abroad = plainAmount(foreign ?? '0');
    return amountText(parseDecimal(abroad === '0' ? plainAmount(local ?? '0') : abroad), currency);
  };
  return {
    object: 'goods-receipt',
    id: entity.DocEntry,
    number: entity.DocNum ?? entity.DocEntry,
    vendorId: entity.CardCode,
    date: calendarDate(entity.DocDate.slice(0, 10)),
    currency,
    cancelled: entity.CancelStatus !== 'csNo',
    lines: entity.DocumentLines.filter(({ BaseType }) => BaseType === ORDER).map((line) => ({
      orderId: line.BaseEntry,
      orderLine: line.BaseLine,
      line: line.LineNum,
      amount: text(line.LineTotal, line.RowTotalFC),
      unbilled: text(line.OpenAmount, line.OpenAmountFC),
    })),
  };
}
