import type { PostedBase, PurchaseOrderBody } from '../../domain/documents.ts';
import { formatMoney, negate, parseMoney, subtract } from '../../domain/money.ts';
import { Stop } from '../../domain/outcomes.ts';
import type { WireRequest } from '../../domain/writes.ts';

type ChangeLine =
  | { readonly line: number; readonly description?: string; readonly amount: string }
  | { readonly key: string; readonly description: string; readonly account: string; readonly amount: string };

/** One line of an import together with our line behind it, so that a refusal can name it. */
export type KeyedChange = { readonly key: string; readonly line: ChangeLine };

/** A new order. Amounts leave with the digits that the currency has, whatever the source wrote. */
export function encodeOrder(body: PurchaseOrderBody): WireRequest {
  return importOf(body.reference, {
    type: 'order',
    ...header(body),
    vendor: body.vendorCode,
    project: body.projectCode,
    currency: body.currency,
    lines: body.lines.map((line) => newLine(body, line)),
  });
}

/**
 * The change from what stands to what is wanted, as its own document. Deltas must not be added twice: the guard is
 * the version of the order that we saw, and Ledgerline refuses the change when the order has another by then.
 */
export function encodeChange(
  body: PurchaseOrderBody,
  base: PostedBase,
  guard: string | undefined,
): WireRequest {
  return importOf(body.reference, {
    type: 'order-change',
    ...header(body),
    order: base.id,
    based_on: guard,
    lines: changeLines(body, base).map(({ line }) => line),
  });
}

/** Deltas for lines that stand, whole lines for new ones; a line that is gone or re-coded is emptied. */
export function changeLines(body: PurchaseOrderBody, base: PostedBase): KeyedChange[] {
  const wanted = new Map(body.lines.map((line) => [line.key, line]));
  const stood = new Map(base.body.lines.map((line) => [line.key, line]));
  const changes: KeyedChange[] = [];
  for (const before of base.body.lines) {
    const after = wanted.get(before.key);
    const was = parseMoney(before.amount, body.currency);
    const stays = after !== undefined && after.coding.code === before.coding.code;
    const delta = stays ? subtract(parseMoney(after.amount, body.currency), was) : negate(was);
    const described =
      stays && after.description !== before.description ? { description: after.description } : {};
    if (delta.minor === 0n && !('description' in described)) continue;
    const line = { line: lineNumber(base, before.key), ...described, amount: formatMoney(delta) };
    changes.push({ key: before.key, line });
  }
  for (const line of body.lines)
    if (stood.get(line.key)?.coding.code !== line.coding.code)
      changes.push({ key: line.key, line: newLine(body, line) });
  return changes;
}

function importOf(reference: string, document: object): WireRequest {
  return {
    method: 'POST',
    path: '/import-groups',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ group_reference: reference, documents: [document] }),
  };
}

function header(body: PurchaseOrderBody) {
  return {
    reference: body.reference,
    revision: body.revision,
    number: body.number,
    title: body.title,
    note: body.sourceUrl,
    date: body.accountingDate,
  };
}

function newLine({ currency }: PurchaseOrderBody, line: PurchaseOrderBody['lines'][number]) {
  return {
    key: line.key,
    description: line.description,
    account: line.coding.code,
    amount: formatMoney(parseMoney(line.amount, currency)),
  };
}

function lineNumber(base: PostedBase, key: string): number {
  const line = base.lineKeys[key];
  if (line === undefined || !/^[1-9]\d{0,5}$/.test(line))
    throw new Stop(
      'bug',
      'Ledgerline',
      `order ${base.id} has no known line for ${key}: preflight was not asked`,
    );
  return Number(line);
}
