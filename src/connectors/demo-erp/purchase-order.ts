import type { PostedBase, PurchaseOrderBody, PurchaseOrderLine } from '../../domain/documents.ts';
import { withFields } from '../../domain/planning/document-fields.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { WireRequest } from '../../domain/posting/writes.ts';
import type { CalendarDate } from '../../domain/values/calendar-date.ts';
import { formatMoney, negate, parseMoney, subtract } from '../../domain/values/money.ts';
import { encodeImport } from './import.ts';

type ChangeLine =
  | { readonly line: number; readonly description?: string; readonly amount: string }
  | {
      readonly key: string;
      readonly description: string;
      readonly account: string;
      readonly sub_job?: string;
      readonly cost_code?: string;
      readonly amount: string;
    };

/** One line of an import together with our line behind it, so that a refusal can name it. */
export type KeyedChange = { readonly key: string; readonly line: ChangeLine };

/** A new order. Amounts leave with the digits that the currency has, whatever the source wrote. */
export function encodeOrder(body: PurchaseOrderBody): WireRequest {
  return encodeImport(body, { type: 'order', ...wholeOf(body) });
}

/** What would be ordered, asked for: people make the order of it. */
export function encodeRequisition(body: PurchaseOrderBody, requiredDate: CalendarDate): WireRequest {
  return encodeImport(body, { type: 'requisition', ...wholeOf(body), needed_by: requiredDate });
}

function wholeOf(body: PurchaseOrderBody) {
  const { number, title, vendorCode: vendor, projectCode: project, currency, fields } = body;
  const lines = body.lines.map((line) => newLine(body, line));
  return { number, title, vendor, project, currency, fields, lines };
}

/**
 * The change from what stands to what is wanted, as its own document. Deltas must not be added twice: the guard is
 * the version of the order that we saw, and Ledgerline refuses the change when the order has another by then.
 */
export function encodeChange(body: PurchaseOrderBody, base: PostedBase, guard?: string): WireRequest {
  const { number, title } = body;
  const lines = changeLines(body, base).map(({ line }) => line);
  const fields = changedFields(body, base);
  const change = { type: 'order-change', number, title, order: base.id, based_on: guard };
  return encodeImport(body, { ...change, ...withFields(fields), lines });
}

/** A change order says what was typed for it, whatever an earlier one said. */
function changedFields(
  { fields = {}, changeFields = {} }: PurchaseOrderBody,
  { body: { fields: before = {} } }: PostedBase,
) {
  const changed = Object.entries(fields).filter(([name, value]) => before[name] !== value);
  return { ...Object.fromEntries(changed), ...changeFields };
}

/** Deltas for lines that stand, whole lines for new ones; a line that is gone or re-coded is emptied. */
export function changeLines(body: PurchaseOrderBody, base: PostedBase): KeyedChange[] {
  const changes: KeyedChange[] = [];
  for (const before of base.body.lines) {
    const stays = lineLike(body, before);
    const was = parseMoney(before.amount, body.currency);
    const delta = stays ? subtract(parseMoney(stays.amount, body.currency), was) : negate(was);
    const renamed = stays !== undefined && stays.description !== before.description;
    if (delta.minor === 0n && !renamed) continue;
    const description = renamed ? { description: stays.description } : {};
    const line = { line: lineNumber(base, before.key), ...description, amount: formatMoney(delta) };
    changes.push({ key: before.key, line });
  }
  const opened = body.lines.filter((line) => lineLike(base.body, line) === undefined);
  return [...changes, ...opened.map((line) => ({ key: line.key, line: newLine(body, line) }))];
}

/** The same line of another revision: booked on anything else it is another line to Ledgerline. */
function lineLike(body: PurchaseOrderBody, { key, coding, subJob, assignedCode }: PurchaseOrderLine) {
  return body.lines.find(
    (line) =>
      line.key === key &&
      line.coding.code === coding.code &&
      line.subJob === subJob &&
      line.assignedCode === assignedCode,
  );
}

function newLine({ currency }: PurchaseOrderBody, line: PurchaseOrderLine) {
  const { key, description, coding, subJob, assignedCode, amount } = line;
  return {
    ...{ key, description, account: coding.code },
    ...(subJob === undefined ? {} : { sub_job: subJob }),
    ...(assignedCode === undefined ? {} : { cost_code: assignedCode }),
    amount: formatMoney(parseMoney(amount, currency)),
  };
}

function lineNumber(base: PostedBase, key: string): number {
  const line = base.lineKeys[key] ?? '';
  if (/^[1-9]\d{0,5}$/.test(line)) return Number(line);
  const message = `order ${base.id} has no known line for ${key}: preflight was not asked`;
  throw new Stop('bug', 'Ledgerline', message);
}
