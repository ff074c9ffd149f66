import type { PostedBase, PurchaseOrderBody, PurchaseOrderLine } from '../../../domain/documents.ts';
import type { WireRequest } from '../../../domain/posting/writes.ts';
import { jsonNumber } from '../../../lib/decimal-json.ts';
import { COMMENTS_CHARS } from '../constraints.ts';
import { lineFormOf, plainAmount, REFERENCE_FIELD, REVISION_FIELD, tidy } from './order-form.ts';

export type Json = { readonly [key: string]: unknown };

/** Creates the order. DocTotal is never sent: it would make SAP Business One spread a header discount. */
export function encodeCreate(body: PurchaseOrderBody): WireRequest {
  const document = {
    DocType: docTypeOf(body),
    ...headerOf(body),
    CardCode: body.vendorCode,
    DocCurrency: body.currency,
    [REFERENCE_FIELD]: body.reference,
    [REVISION_FIELD]: String(body.revision),
    DocumentLines: body.lines.map((line) => lineOf(line, body.projectCode)),
  };
  return { method: 'POST', path: '/PurchaseOrders', body: JSON.stringify(document) };
}

/**
 * Brings a posted order to the new revision: changed lines by their number, new lines without one, lines that
 * went away at the source to zero. The guard makes the server refuse when somebody changed it meanwhile.
 */
export function encodeUpdate(
  body: PurchaseOrderBody,
  base: PostedBase,
  guard: string | undefined,
): WireRequest {
  const lines = changedLines(body, base);
  const changes = {
    ...changedHeader(body, base.body),
    [REVISION_FIELD]: String(body.revision),
    ...(lines.length === 0 ? {} : { DocumentLines: lines }),
  };
  return {
    method: 'PATCH',
    path: `/PurchaseOrders(${base.id})`,
    ...(guard === undefined ? {} : { headers: { 'if-match': guard } }),
    body: JSON.stringify(changes),
  };
}

export function docTypeOf(body: PurchaseOrderBody): 'dDocument_Service' | 'dDocument_Items' {
  return body.lines.every((line) => line.coding.kind === 'account') ? 'dDocument_Service' : 'dDocument_Items';
}

export function headerOf(body: PurchaseOrderBody): Json {
  return {
    Project: body.projectCode,
    DocDate: body.accountingDate,
    TaxDate: body.accountingDate,
    DocDueDate: body.accountingDate,
    NumAtCard: tidy(body.number),
    Comments: commentsOf(body),
    ...body.fields,
  };
}

function changedHeader(body: PurchaseOrderBody, base: PurchaseOrderBody): Json {
  const before = headerOf(base);
  return Object.fromEntries(Object.entries(headerOf(body)).filter(([name, value]) => before[name] !== value));
}

/** Title and link to the source. The link stays whole; a title that does not fit ends in an ellipsis. */
export function commentsOf(body: Pick<PurchaseOrderBody, 'title' | 'sourceUrl'>): string {
  const title = tidy(body.title);
  const room = COMMENTS_CHARS - body.sourceUrl.length - 1;
  if (title.length <= room) return tidy(`${title} ${body.sourceUrl}`);
  // Cutting between the halves of a surrogate pair would leave a broken character.
  const kept = title.slice(0, Math.max(room - 1, 0)).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept.trimEnd()}… ${body.sourceUrl}`;
}

export function lineOf(line: PurchaseOrderLine, projectCode: string): Json {
  return {
    ...(line.coding.kind === 'account' ? { AccountCode: line.coding.code } : { ItemCode: line.coding.code }),
    ItemDescription: tidy(line.description),
    ...amountFields(line),
    ProjectCode: projectCode,
  };
}

/**
 * An amount-based line. Items take the amount as quantity at price 1, so that partial applications never drift
 * by a rounded unit price; a credit turns the price, because quantities must be above zero.
 */
export function amountFields(line: Pick<PurchaseOrderLine, 'amount' | 'coding'>): Json {
  const amount = plainAmount(line.amount);
  if (line.coding.kind === 'account') return { LineTotal: jsonNumber(amount) };
  if (amount === '0') return { Quantity: 1, UnitPrice: 0 };
  return { Quantity: jsonNumber(amount.replace(/^-/, '')), UnitPrice: amount.startsWith('-') ? -1 : 1 };
}

function changedLines(body: PurchaseOrderBody, base: PostedBase): Json[] {
  const before = new Map(base.body.lines.map((line) => [line.key, line]));
  const wanted = new Set(body.lines.map((line) => line.key));
  const rows: Json[] = [];
  for (const line of body.lines) {
    const old = before.get(line.key);
    const number = base.lineKeys[line.key];
    if (old && number !== undefined) {
      if (isChanged(line, old, body, base.body)) {
        rows.push({ LineNum: Number(number), ...lineOf(line, body.projectCode) });
      }
    } else {
      rows.push(lineOf(line, body.projectCode));
    }
  }
  for (const old of base.body.lines) {
    const number = base.lineKeys[old.key];
    if (wanted.has(old.key) || number === undefined || plainAmount(old.amount) === '0') continue;
    rows.push({
      LineNum: Number(number),
      ...(old.coding.kind === 'account' ? { LineTotal: 0 } : { UnitPrice: 0 }),
    });
  }
  return rows;
}

/** Whether a line must be written again. */
export function isChanged(
  line: PurchaseOrderLine,
  old: PurchaseOrderLine,
  body: PurchaseOrderBody,
  base: PurchaseOrderBody,
): boolean {
  const a = lineFormOf(line, body.projectCode);
  const b = lineFormOf(old, base.projectCode);
  return (
    a.coding !== b.coding ||
    a.amount !== b.amount ||
    a.description !== b.description ||
    a.project !== b.project
  );
}

/**
 * Our lines in the order in which they stand in the order after an update: the ones that were there by their
 * number, then the new ones as they are sent.
 */
export function linesAfterUpdate(body: PurchaseOrderBody, base: PostedBase): PurchaseOrderLine[] {
  const known = new Set(base.body.lines.map((line) => line.key));
  const isOld = (line: PurchaseOrderLine) => known.has(line.key) && base.lineKeys[line.key] !== undefined;
  return [
    ...inTargetOrder(body.lines.filter(isOld), base.lineKeys),
    ...body.lines.filter((line) => !isOld(line)),
  ];
}

/** Lines sorted by their number in SAP Business One; a line without one comes last. */
export function inTargetOrder(
  lines: readonly PurchaseOrderLine[],
  lineKeys: PostedBase['lineKeys'],
): PurchaseOrderLine[] {
  const place = (line: PurchaseOrderLine) => Number(lineKeys[line.key] ?? Number.MAX_SAFE_INTEGER);
  return [...lines].sort((a, b) => place(a) - place(b));
}
