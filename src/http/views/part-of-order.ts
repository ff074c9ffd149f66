import { sourceLineId } from '../../domain/orders/change-order.ts';
import { formatMoney, parseMoney, sum } from '../../domain/values/money.ts';
import type { OrderBody } from './stored-json.ts';

/**
 * Of an order, what one source record stands for: the contract without its change orders, or one of these, with its
 * lines under the source's own ids. The other lines stand in the order and are none of its doing.
 */
export function partOfOrder(
  order: OrderBody,
  lineKeys: Readonly<Record<string, string>>,
  changeOrder: string | undefined,
): { readonly part: OrderBody; readonly keys: Readonly<Record<string, string>> } {
  const own = order.lines.filter((line) => line.changeOrder === changeOrder);
  const keys = Object.fromEntries(own.map((line) => [sourceLineId(asKeyed(line)), lineKeys[line.key] ?? '']));
  const lines = own.map((line) => ({ ...line, key: sourceLineId(asKeyed(line)) }));
  const total = own.length === order.lines.length ? order.total : totalOf(own, order.currency);
  return { part: { ...order, lines, total }, keys: withoutEmpty(keys) };
}

function asKeyed({ key, changeOrder }: OrderBody['lines'][number]) {
  return changeOrder === undefined ? { key } : { key, changeOrder };
}

function totalOf(lines: OrderBody['lines'], currency: string): string {
  return formatMoney(
    sum(
      lines.map(({ amount }) => parseMoney(amount, currency)),
      currency,
    ),
  );
}

function withoutEmpty(keys: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(keys).filter(([, key]) => key !== ''));
}
