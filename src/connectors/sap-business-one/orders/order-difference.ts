import { belowInvoiced } from '../../../domain/billing/invoiced-line.ts';
import type { PostedBase, PurchaseOrderBody, PurchaseOrderLine } from '../../../domain/documents.ts';
import { parseMoney } from '../../../domain/values/money.ts';
import type { OrderEntity, OrderEntityLine } from '../service-layer/wire.ts';
import {
  formOfBody,
  formOfEntity,
  type LineForm,
  lineFormOf,
  lineFormOfEntity,
  linesInOrder,
  plainAmount,
} from './order-form.ts';
import { isChanged } from './purchase-order.ts';
import { invoicedOf } from './standing-orders.ts';

const HEADER = {
  vendor: 'vendor',
  project: 'project',
  currency: 'currency',
  number: 'reference number',
  date: 'date',
  revision: 'revision',
} as const;
const LINE = {
  coding: 'coding',
  amount: 'amount',
  description: 'description',
  project: 'project',
} as const;

/** What a person changed since we wrote the order, one sentence each; empty when it stands as we left it. */
export function changesSince(base: PostedBase, entity: OrderEntity): string[] {
  const left = formOfBody(base.body);
  const found = formOfEntity(entity);
  const changes: string[] = [];
  for (const [key, name] of entries(HEADER)) {
    if (left[key] !== found[key])
      changes.push(`The ${name} is ${shown(found[key])}, we left ${shown(left[key])}.`);
  }
  const rows = new Map(entity.DocumentLines.map((row) => [row.LineNum, row]));
  for (const line of base.body.lines) {
    const number = base.lineKeys[line.key];
    const row = number === undefined ? undefined : rows.get(number);
    if (row) changes.push(...lineChanges(line, row, entity, base.body.projectCode));
    else if (number === undefined)
      changes.push(`${nameOf(line.description, number)} was never linked to the order.`);
    else changes.push(`${nameOf(line.description, number)} is not in the order any more.`);
  }
  return [...changes, ...addedLines(base, entity)];
}

function lineChanges(
  line: PurchaseOrderLine,
  row: OrderEntityLine,
  entity: OrderEntity,
  projectCode: string,
): string[] {
  const left = lineFormOf(line, projectCode);
  const found = lineFormOfEntity(row, entity.DocType);
  return entries(LINE)
    .filter(([key]) => left[key] !== found[key])
    .map(
      ([key, name]) =>
        `${nameOf(line.description, row.LineNum)}: the ${name} is ${shown(found[key])}, we left ${shown(left[key])}.`,
    );
}

function addedLines(base: PostedBase, entity: OrderEntity): string[] {
  const ours = new Set(base.body.lines.map((line) => base.lineKeys[line.key]));
  return linesInOrder(entity)
    .filter((row) => !ours.has(row.LineNum))
    .map((row) => ({ row, amount: lineFormOfEntity(row, entity.DocType).amount }))
    .filter(({ amount }) => amount !== '0')
    .map(({ row, amount }) => `${nameOf(row.ItemDescription, row.LineNum)} of ${amount} was added.`);
}

/** Why the order or a line that we have to touch cannot be changed; empty when nothing is in the way. */
export function locksAgainst(body: PurchaseOrderBody, base: PostedBase, entity: OrderEntity): string[] {
  if (entity.DocumentStatus === 'bost_Close') return ['The order is closed in SAP Business One.'];
  const wanted = new Map(body.lines.map((line) => [line.key, line]));
  const rows = new Map(entity.DocumentLines.map((row) => [row.LineNum, row]));
  const locks: string[] = [];
  for (const old of base.body.lines) {
    const line = wanted.get(old.key);
    const touched = line ? isChanged(line, old, body, base.body) : plainAmount(old.amount) !== '0';
    const row = rows.get(base.lineKeys[old.key] ?? '');
    const lock = touched && row ? lockOf(row, entity, line && lineFormOf(line, body.projectCode)) : null;
    if (lock) locks.push(`${nameOf(old.description, row?.LineNum)} must change but ${lock}.`);
  }
  return locks;
}

/** Closed rows are fixed. An open one that is invoiced in part keeps its account, and at least what is invoiced on it. */
function lockOf(row: OrderEntityLine, entity: OrderEntity, wanted: LineForm | undefined): string | null {
  if (row.LineStatus === 'bost_Close') return 'is closed';
  const inCurrency = (text: string) => parseMoney(text, entity.DocCurrency);
  const invoiced = inCurrency(invoicedOf(row, entity.DocCurrency));
  if (invoiced.minor === 0n)
    return differs(row.RemainingOpenQuantity, row.Quantity) ? 'is partly received' : null;
  const { coding, project } = lineFormOfEntity(row, entity.DocType);
  if (wanted !== undefined && (wanted.coding !== coding || wanted.project !== project))
    return `is partly invoiced on ${coding} of project ${project}`;
  return belowInvoiced(inCurrency(wanted?.amount ?? '0'), invoiced);
}

function differs(open: string | null, whole: string | null): boolean {
  return open !== null && whole !== null && plainAmount(open) !== plainAmount(whole);
}

function nameOf(description: string, lineNum: string | undefined): string {
  const place = lineNum === undefined ? 'A line' : `Line ${Number(lineNum) + 1}`;
  return description === '' ? place : `${place} (${description})`;
}

function shown(value: string): string {
  return value === '' ? 'empty' : value;
}

function entries<K extends string>(table: Readonly<Record<K, string>>): [K, string][] {
  return Object.entries(table) as [K, string][];
}
