import type { DecimalText } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import { type Money, parseMoney, sum } from '../values/money.ts';

/** What an ERP took in against orders: goods, or work where services are received. It is owed, and in no invoice yet. */
export type GoodsReceiptRecord = {
  readonly object: 'goods-receipt';
  readonly id: string;
  readonly number: string;
  readonly vendorId: string;
  readonly date: CalendarDate;
  readonly currency: string;
  /** Taken back: it counts as never received. */
  readonly cancelled: boolean;
  readonly lines: readonly {
    readonly orderId: string;
    readonly orderLine: string;
    /** Key of the receipt's own line; absent of one that was read before it was asked for. */
    readonly line?: string;
    readonly amount: DecimalText;
    /** What of it no invoice has drawn yet. */
    readonly unbilled: DecimalText;
  }[];
};

/** What of an order was received and not billed, by its lines; one of another currency than asked for is left out. */
export function unbilledLines(
  receipts: readonly GoodsReceiptRecord[],
  orderId: string,
  currency: string,
): ReadonlyMap<string, Money> {
  const lines = receipts
    .filter((receipt) => !receipt.cancelled && receipt.currency === currency)
    .flatMap((receipt) => receipt.lines.filter((line) => line.orderId === orderId));
  return new Map(
    [...Map.groupBy(lines, ({ orderLine }) => orderLine)].map(([line, some]) => [
      line,
      sum(
        some.map(({ unbilled }) => parseMoney(unbilled, currency)),
        currency,
      ),
    ]),
  );
}
