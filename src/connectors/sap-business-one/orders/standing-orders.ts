import type { StandingOrder, StandingOrderLine } from '../../../domain/orders/standing-order.ts';
import type { Read } from '../../../domain/posting/writes.ts';
import { calendarDate } from '../../../domain/values/calendar-date.ts';
import { parseDecimal } from '../../../domain/values/decimal.ts';
import { allRows, quoted } from '../service-layer/odata.ts';
import { findUserField, USER_FIELDS } from '../service-layer/user-fields.ts';
import { ORDER_FIELDS, type OrderEntity, type OrderEntityLine, readOrder } from '../service-layer/wire.ts';
import { amountText, beforeTax } from './committed.ts';
import { amountOf, isBasedOnRequest, isOfRequest, linesInOrder, plainAmount } from './order-form.ts';

/** Orders of a project that are not cancelled, with what their lines say. A draft is no order yet. */
export async function* standingOrders(read: Read, projectCode: string): AsyncIterable<StandingOrder> {
  const filter = `Project eq ${quoted(projectCode)} and Cancelled eq 'tNO'`;
  const query = { set: 'PurchaseOrders', filter, key: { name: 'DocEntry', kind: 'number' } } as const;
  for await (const { fields } of allRows(read, { ...query, select: await fieldsOf(read) }))
    yield standingOrder(readOrder(fields));
}

/** A project is looked at before anything may be written: a user field of ours that is missing cannot be asked for. */
async function fieldsOf(read: Read): Promise<readonly string[]> {
  const missing = new Set<string>();
  for (const field of USER_FIELDS)
    if ((await findUserField(read, field)) === null) missing.add(`U_${field.name}`);
  return ORDER_FIELDS.filter((name) => !missing.has(name));
}

function standingOrder(entity: OrderEntity): StandingOrder {
  return {
    id: entity.DocEntry,
    number: entity.DocNum ?? entity.DocEntry,
    vendorReference: entity.NumAtCard,
    // What was copied from a request bears the reference of that.
    reference: entity.U_TiebeamRef === '' || isOfRequest(entity) ? null : entity.U_TiebeamRef,
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
    ...(isBasedOnRequest(line) ? { drawsOn: { requisition: line.BaseEntry, line: line.BaseLine } } : {}),
    invoiced: invoicedOf(line, DocCurrency),
    closed: line.LineStatus === 'bost_Close',
  };
}

/** No field says it: it is what is no longer open. Of a line that was closed by hand that may be more (inferred). */
export function invoicedOf(line: OrderEntityLine, currency: string): string {
  const isForeign = plainAmount(line.RowTotalFC ?? '0') !== '0';
  const whole = parseDecimal(amountOf(line));
  const open = parseDecimal((isForeign ? line.OpenAmountFC : line.OpenAmount) ?? amountOf(line));
  const scale = Math.max(whole.scale, open.scale);
  const units =
    whole.units * 10n ** BigInt(scale - whole.scale) - open.units * 10n ** BigInt(scale - open.scale);
  return amountText({ units, scale }, currency);
}
