import { calendarDate } from '../../domain/calendar-date.ts';
import { parseDecimal } from '../../domain/decimal.ts';
import type { StandingOrder, StandingOrderLine } from '../../domain/standing-order.ts';
import type { Read } from '../../domain/writes.ts';
import { amountText, beforeTax } from './committed.ts';
import { quoted } from './odata.ts';
import { amountOf, linesInOrder, plainAmount } from './order-form.ts';
import { ordersWhere } from './order-probe.ts';
import type { OrderEntity, OrderEntityLine } from './wire.ts';

/** Orders of a project that are not cancelled, with what their lines say. A draft is no order yet. */
export async function* standingOrders(read: Read, projectCode: string): AsyncIterable<StandingOrder> {
  const filter = `Project eq ${quoted(projectCode)} and Cancelled eq 'tNO'`;
  for await (const { entity, match } of ordersWhere(read, filter)) {
    if (match.state === 'posted') yield standingOrder(entity);
  }
}

function standingOrder(entity: OrderEntity): StandingOrder {
  return {
    id: entity.DocEntry,
    number: entity.DocNum ?? entity.DocEntry,
    vendorReference: entity.NumAtCard,
    reference: entity.U_TiebeamRef === '' ? null : entity.U_TiebeamRef,
    vendorCode: entity.CardCode,
    projectCode: entity.Project,
    currency: entity.DocCurrency,
    date: calendarDate(entity.DocDate.slice(0, 10)),
    total: beforeTax(entity),
    closed: entity.DocumentStatus === 'bost_Close',
    lines: linesInOrder(entity).map((line) => standingLine(line, entity)),
  };
}

function standingLine(line: OrderEntityLine, { DocType, DocCurrency }: OrderEntity): StandingOrderLine {
  const isService = DocType === 'dDocument_Service';
  return {
    key: line.LineNum,
    description: line.ItemDescription,
    amount: amountText(parseDecimal(amountOf(line)), DocCurrency),
    coding: isService ? { kind: 'account', code: line.AccountCode } : { kind: 'item', code: line.ItemCode },
    projectCode: line.ProjectCode,
    invoiced: invoicedOf(line, DocCurrency),
    closed: line.LineStatus === 'bost_Close',
  };
}

/** No field says it: it is what is no longer open. Of a line that was closed by hand that may be more (inferred). */
function invoicedOf(line: OrderEntityLine, currency: string): string {
  const isForeign = plainAmount(line.RowTotalFC ?? '0') !== '0';
  const whole = parseDecimal(amountOf(line));
  const open = parseDecimal((isForeign ? line.OpenAmountFC : line.OpenAmount) ?? amountOf(line));
  const scale = Math.max(whole.scale, open.scale);
  const units =
    whole.units * 10n ** BigInt(scale - whole.scale) - open.units * 10n ** BigInt(scale - open.scale);
  return amountText({ units, scale }, currency);
}
