import { checkBill } from '../billing/bills.ts';
import type { ImportDocument } from '../billing/group-form.ts';
import { checkHold } from '../billing/holds.ts';
import { checkInvoice } from '../billing/invoices.ts';
import { checkBudget, isBudget } from '../budget/budgets.ts';
import {
  centsOf,
  effectiveLines,
  isPostable,
  type LineError,
  versionOf,
  type World,
} from '../company/state.ts';
import { subJobFault } from '../costs/job-cost.ts';
import { checkProjectCodes, orderCodeFault } from '../costs/project-codes.ts';
import { periodFault } from '../journal/periods.ts';
import { checkMaster, isMaster } from '../masters/masters.ts';
import { checkNeed } from '../orders/requisitions.ts';
import { checkPayment } from '../payments/payments.ts';
import { checkContractChange, checkSales, isSales } from '../sales/sales.ts';
import { checkFields } from './document-fields.ts';
import { LENGTHS } from './lengths.ts';
import { fault } from './line-error.ts';

/** What the job finds wrong with a document, all of it and per line, as an accountant would want it. */
export function checkDocument(world: World, document: ImportDocument): LineError[] {
  return [
    ...checkLengths(document),
    ...checkFields(world, document),
    ...checkReference(world, document),
    ...checkPeriod(world, document),
    ...checkKind(world, document),
  ];
}

function checkKind(world: World, document: ImportDocument): LineError[] {
  if (isBudget(document)) return checkBudget(world, document);
  if (document.type === 'order')
    return [...checkOrder(world, document), ...checkLines(world, document, document.project)];
  if (document.type === 'requisition')
    return [
      ...checkOrder(world, document),
      ...checkNeed(document),
      ...checkLines(world, document, document.project),
    ];
  if (isMaster(document)) return checkMaster(world, document);
  if (isBudget(document)) return checkBudget(world, document);
  if (isSales(document)) return checkSales(world, document);
  if (document.type === 'contract-change') return checkContractChange(world, document);
  if (document.type === 'bill' || document.type === 'credit-memo') return checkBill(world, document);
  if (document.type === 'payment') return checkPayment(world, document);
  if (document.type === 'invoice-hold') return checkHold(world, document);
  if (document.type === 'project-codes') return checkProjectCodes(world, document);
  if (document.type === 'order-change')
    return [
      ...checkChange(world, document),
      ...checkLines(world, document, world.orders.get(document.order)?.project),
    ];
  return checkInvoice(world, document);
}

function checkLengths(document: ImportDocument): LineError[] {
  const errors: LineError[] = [];
  const check = (line: number | null, field: keyof typeof LENGTHS, text: string | undefined) => {
    const limit = LENGTHS[field];
    if (text !== undefined && [...text].length > limit)
      errors.push(
        fault(document, line, field.replace('lines.', ''), 'too-long', `longer than ${limit} characters`),
      );
  };
  check(null, 'reference', document.reference);
  if ('title' in document) check(null, 'title', document.title);
  if ('name' in document) check(null, 'name', document.name);
  if ('code' in document) check(null, 'code', document.code);
  if ('tax_id' in document) check(null, 'tax_id', document.tax_id);
  check(null, 'note', document.note);
  if ('number' in document) check(null, 'number', document.number);
  if ('vendor_number' in document) check(null, 'vendor_number', document.vendor_number);
  if ('hold' in document) check(null, 'hold', document.hold ?? undefined);
  if ('lines' in document)
    document.lines.forEach((line, index) => {
      check(index + 1, 'lines.description', line.description);
      if ('key' in line) check(index + 1, 'lines.key', line.key);
    });
  return errors;
}

function checkReference(world: World, document: ImportDocument): LineError[] {
  if (world.settings.sameReference !== 'refused' || !isTaken(world, document)) return [];
  const message = `reference ${document.reference} stands already`;
  return [fault(document, null, 'reference', 'reference-taken', message)];
}

/** Cancelled documents count: a number that was used is used. What only sets something is no document and takes none. */
export function isTaken(world: World, { type, reference }: ImportDocument): boolean {
  if (type === 'invoice-hold' || type === 'project-codes') return false;
  const budgets = [...world.budgets.values()];
  if (budgets.some((entry) => entry.reference === reference)) return true;
  const orders = [...world.orders.values()].flatMap((order) => [order, ...order.changes]);
  const records = Object.values(world.records).flatMap((list) => [...list.values()]);
  const sales = [...world.sales.invoices.values(), ...world.sales.changes.values()];
  const wanted = world.requisitions.values();
  return [
    ...orders,
    ...wanted,
    ...world.invoices.values(),
    ...world.budgets.values(),
    ...sales,
    ...records,
  ].some((each) => each.reference === reference);
}

function checkPeriod(world: World, document: ImportDocument): LineError[] {
  if (isMaster(document) || isBudget(document) || !('date' in document)) return [];
  const shut = periodFault(world, document.date);
  return shut === null ? [] : [fault(document, null, 'date', shut.code, shut.message)];
}

function checkOrder(world: World, document: ImportDocument & { type: 'order' | 'requisition' }): LineError[] {
  const errors: LineError[] = [];
  const vendor = world.records.vendors.get(document.vendor);
  if (!vendor)
    errors.push(fault(document, null, 'vendor', 'unknown', `there is no vendor ${document.vendor}`));
  else if (vendor.active !== true)
    errors.push(fault(document, null, 'vendor', 'blocked', `vendor ${document.vendor} is blocked`));
  const project = world.records.projects.get(document.project);
  if (project?.active !== true)
    errors.push(
      fault(
        document,
        null,
        'project',
        project ? 'closed' : 'unknown',
        `project ${document.project} is not open`,
      ),
    );
  if (document.currency !== world.company.currency)
    errors.push(
      fault(document, null, 'currency', 'foreign', `the company books in ${world.company.currency} only`),
    );
  return errors;
}

function checkChange(world: World, document: ImportDocument & { type: 'order-change' }): LineError[] {
  const order = world.orders.get(document.order);
  if (!order) return [fault(document, null, 'order', 'unknown', `there is no order ${document.order}`)];
  if (order.status !== 'open')
    return [fault(document, null, 'order', 'not-open', `order ${order.id} is ${order.status}`)];
  if (document.based_on !== versionOf(order))
    return [fault(document, null, 'based_on', 'stale', `order ${order.id} is at ${versionOf(order)} by now`)];
  const standing = new Map(effectiveLines(order).map((line) => [line.line, line]));
  return document.lines.flatMap((line, index) => {
    if (!('line' in line)) return [];
    const before = standing.get(line.line);
    if (!before)
      return [fault(document, index + 1, 'line', 'unknown', `order ${order.id} has no line ${line.line}`)];
    const after = before.cents + centsOf(line.amount);
    const invoiced = order.invoicedCents.get(line.line) ?? 0n;
    // A deduction is drawn below zero.
    return (invoiced > 0n && after < invoiced) || (invoiced < 0n && after > invoiced)
      ? [fault(document, index + 1, 'amount', 'invoiced', `line ${line.line} is invoiced above that amount`)]
      : [];
  });
}

function checkLines(
  world: World,
  document: ImportDocument & { type: 'order' | 'order-change' | 'requisition' },
  project: string | undefined,
): LineError[] {
  return document.lines.flatMap((line, index) => {
    if ('line' in line) return [];
    const part = subJobFault(world, project, line.sub_job);
    if (part !== null) return [fault(document, index + 1, 'sub_job', part.code, part.message)];
    const code = orderCodeFault(world, project, line.cost_code);
    if (code !== null) return [fault(document, index + 1, 'cost_code', code.code, code.message)];
    const account = world.records.accounts.get(line.account);
    if (isPostable(world, line.account)) return [];
    const message = account
      ? `account ${line.account} is a heading and takes no bookings`
      : `there is no account ${line.account}`;
    return [fault(document, index + 1, 'account', account ? 'not-postable' : 'unknown', message)];
  });
}
