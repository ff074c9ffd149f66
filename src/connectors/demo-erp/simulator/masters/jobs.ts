import { bookBill } from '../billing/bills.ts';
import type { ImportDocument } from '../billing/group-form.ts';
import { bookHold } from '../billing/holds.ts';
import { bookInvoice } from '../billing/invoices.ts';
import { bookBudget, isBudget } from '../budget/budgets.ts';
import {
  type ChangeLine,
  centsOf,
  dayOf,
  type Job,
  type Order,
  openOrder,
  takeId,
  type World,
} from '../company/state.ts';
import { bookProjectCodes } from '../costs/project-codes.ts';
import { checkDocument, isTaken } from '../http/checks.ts';
import { enterInvoice } from '../journal/journal.ts';
import { bookRequisition } from '../orders/requisitions.ts';
import { bookPayment } from '../payments/payments.ts';
import { bookContractChange, bookSales, isSales } from '../sales/sales.ts';
import { bookMaster, isMaster } from './masters.ts';

/** Takes a group in: nothing is checked yet and nothing stands, the job does both. */
export function acceptGroup(world: World, documents: readonly ImportDocument[], nowMs: number): Job {
  const id = takeId(world, 'JOB');
  const job: Job = {
    id,
    status: 'queued',
    steppedAtMs: nowMs,
    documents,
    results: [],
    errors: [],
    warnings: [],
    lost: false,
  };
  world.jobs.set(id, job);
  return job;
}

/** One step: queued, running, then done or refused. */
export function stepJob(world: World, job: Job, nowMs: number): void {
  if (job.status === 'queued') job.status = 'running';
  else if (job.status === 'running') runGroup(world, job, nowMs);
  job.steppedAtMs = nowMs;
}

/** Lets time do its part: called before every answer, so that no timer is needed. */
export function catchUp(world: World, nowMs: number): void {
  for (const late of world.late.filter(({ dueMs }) => dueMs <= nowMs)) {
    world.late.splice(world.late.indexOf(late), 1);
    const entry = world.writes[late.entry];
    if (late.begin(world, late.dueMs) && entry) world.writes[late.entry] = { ...entry, committed: true };
  }
  for (const job of world.jobs.values()) {
    // Two steps end every job, so this loop is bounded.
    for (let step = 0; step < 2 && isOpen(job); step += 1) {
      const dueMs = job.steppedAtMs + world.settings.jobStepMs;
      if (dueMs > nowMs) break;
      stepJob(world, job, dueMs);
    }
  }
}

function isOpen(job: Job): boolean {
  return job.status === 'queued' || job.status === 'running';
}

function runGroup(world: World, job: Job, nowMs: number): void {
  const { documents } = job;
  job.errors = documents.flatMap((document) => checkDocument(world, document));
  // One bad line refuses the whole group: nothing of it is booked.
  if (job.errors.length > 0) {
    job.status = 'refused';
    return;
  }
  for (const document of documents) {
    if (world.settings.sameReference === 'warned' && isTaken(world, document))
      job.warnings.push(`reference ${document.reference} stands already`);
    job.results.push({ reference: document.reference, ...book(world, document, nowMs) });
  }
  job.status = 'done';
}

/** Books a document that was checked, with its entry where money moves. */
export function book(world: World, document: ImportDocument, nowMs: number) {
  if (document.type === 'order') return bookOrder(world, document, nowMs);
  if (document.type === 'order-change') return bookChange(world, document, nowMs);
  if (document.type === 'requisition') return bookRequisition(world, document, nowMs);
  if (isMaster(document)) return bookMaster(world, document);
  if (isBudget(document)) return bookBudget(world, document, nowMs);
  if (isSales(document)) return bookSales(world, document, nowMs);
  if (document.type === 'contract-change') return bookContractChange(world, document, nowMs);
  if (document.type === 'bill' || document.type === 'credit-memo')
    return entered(world, bookBill(world, document, nowMs));
  if (document.type === 'payment') return bookPayment(world, document);
  if (document.type === 'invoice-hold') return bookHold(world, document, nowMs);
  if (document.type === 'project-codes') return bookProjectCodes(world, document);
  return entered(world, bookInvoice(world, document, nowMs));
}

function entered<Booked extends { readonly id: string }>(world: World, booked: Booked): Booked {
  enterInvoice(world, world.invoices.get(booked.id)!);
  return booked;
}

function bookOrder(world: World, document: ImportDocument & { type: 'order' }, nowMs: number) {
  const { type: _, lines, ...header } = document;
  const { id } = openOrder(world, header, lines, { today: dayOf(nowMs), ms: nowMs });
  return { id, order_id: id };
}

function bookChange(world: World, document: ImportDocument & { type: 'order-change' }, nowMs: number) {
  const today = dayOf(nowMs);
  const order = world.orders.get(document.order)!;
  const id = takeId(world, 'LC');
  let next = Math.max(
    0,
    ...[...order.lines, ...order.changes.flatMap(({ lines }) => lines)].map(({ line }) => line),
  );
  const lines = document.lines.map((line): ChangeLine => {
    if ('line' in line) {
      const stands = findLine(order, line.line)!;
      return {
        line: line.line,
        key: stands.key,
        description: line.description ?? null,
        account: stands.account,
        sub_job: stands.sub_job,
        cost_code: stands.cost_code,
        cents: centsOf(line.amount),
      };
    }
    next += 1;
    const { amount, key, ...rest } = line;
    return { ...rest, line: next, key: key ?? null, cents: centsOf(amount) };
  });
  const { reference, revision, number, title, date, fields } = document;
  order.version += 1;
  order.touchedOn = today;
  order.changes.push({ id, reference, revision, number, title, date, fields, createdOn: today, lines });
  return { id, order_id: order.id };
}

export function findLine(order: Order, line: number): Omit<ChangeLine, 'line' | 'cents'> | undefined {
  return [...order.lines, ...order.changes.flatMap(({ lines }) => lines)].find(
    (entry) => entry.line === line,
  );
}
