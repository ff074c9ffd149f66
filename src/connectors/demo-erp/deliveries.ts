import { z } from 'zod';
import type { ReceivedLine } from '../../domain/documents.ts';
import type { GoodsReceiptRecord } from '../../domain/orders/goods-receipt.ts';
import type { Read } from '../../domain/posting/writes.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { readJson, unreadablePages } from './client.ts';
import { amount } from './wire.ts';

const text = z.string();

/** What came in against an order. */
export const delivery = z.object({
  change: z.int(),
  code: text,
  order: text,
  vendor: text,
  currency: text,
  date: text,
  status: z.enum(['open', 'closed', 'cancelled']),
  lines: z.array(z.object({ order_line: z.int(), amount, unbilled: amount })),
});
type Delivery = z.output<typeof delivery>;

/** A delivery has a line of its order once, so that its own lines need no other name. */
export function goodsReceiptRecord(row: Delivery): GoodsReceiptRecord {
  const { code, vendor, currency, order, status } = row;
  return {
    ...{ object: 'goods-receipt', id: code, number: code, vendorId: vendor, currency },
    date: calendarDate(row.date),
    cancelled: status === 'cancelled',
    lines: row.lines.map(({ order_line, amount: came, unbilled }) => ({
      ...{ orderId: order, orderLine: String(order_line), line: String(order_line) },
      ...{ amount: came, unbilled },
    })),
  };
}

const page = z.object({ records: z.array(delivery) });
const PAGE = 100;
// An order with ten thousand deliveries is none that anybody bills by hand.
const MAX_PAGES = 100;

/** What came in on each line of an order, oldest first, without what was taken back. */
export async function receivedOn(read: Read, orderId: string): Promise<ReadonlyMap<string, ReceivedLine[]>> {
  const found: Delivery[] = [];
  let after = 0;
  for (let pages = 0; pages <= MAX_PAGES; pages += 1) {
    if (pages === MAX_PAGES) throw unreadablePages('/deliveries', MAX_PAGES);
    const path = `/deliveries?order=${encodeURIComponent(orderId)}&changed_after=${after}&limit=${PAGE}`;
    const { records } = await readJson(read, path, page);
    found.push(...records.filter(({ status }) => status !== 'cancelled'));
    if (records.length < PAGE) break;
    after = records.at(-1)!.change;
  }
  const lines = found
    .sort((a, b) => a.date.localeCompare(b.date) || a.code.localeCompare(b.code))
    .flatMap((row) => row.lines.map((line) => ({ row, line })));
  return new Map(
    [...Map.groupBy(lines, ({ line }) => String(line.order_line))].map(([key, some]) => [
      key,
      some.map(({ row, line }) => ({
        ...{ receipt: row.code, number: row.code, line: key, amount: line.amount, open: line.unbilled },
        unusable: row.status === 'open' ? null : 'closed',
      })),
    ]),
  );
}
