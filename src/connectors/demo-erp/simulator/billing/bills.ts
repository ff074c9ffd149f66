import { centsOf, dayOf, isPostable, type LineError, takeId, type World } from '../company/state.ts';
import { subJobFault } from '../costs/job-cost.ts';
import { fault } from '../http/line-error.ts';
import type { ImportDocument } from './group-form.ts';
import { invoiceNumbered } from './invoices.ts';

type Bill = ImportDocument & { type: 'bill' | 'credit-memo' };

/** What the job finds wrong with a bill that draws on no order, or with what a vendor gives back. */
export function checkBill(world: World, document: Bill): LineError[] {
  const bad = (line: number | null, field: string, code: string, message: string) =>
    fault(document, line, field, code, message);
  const errors: LineError[] = [];
  const vendor = world.records.vendors.get(document.vendor);
  if (!vendor) errors.push(bad(null, 'vendor', 'unknown', `there is no vendor ${document.vendor}`));
  else if (vendor.active !== true)
    errors.push(bad(null, 'vendor', 'blocked', `vendor ${document.vendor} is blocked`));
  if (document.currency !== world.company.currency)
    errors.push(bad(null, 'currency', 'foreign', `the company books in ${world.company.currency} only`));
  const taken = invoiceNumbered(world, document.vendor, document.vendor_number);
  if (taken !== undefined)
    errors.push(
      bad(null, 'vendor_number', 'number-taken', `invoice ${taken.id} of the vendor has this number`),
    );
  const total = document.lines.reduce((sum, { amount }) => sum + centsOf(amount), 0n);
  if (document.type === 'bill' && total < 0n)
    errors.push(bad(null, 'lines', 'below-zero', 'a bill is not below zero: that is a credit memo'));
  if (document.type === 'credit-memo' && total <= 0n)
    errors.push(bad(null, 'lines', 'nothing-back', 'a credit memo is above zero: it says what comes back'));
  return [...errors, ...document.lines.flatMap((line, index) => checkLine(world, line, index + 1, bad))];
}

function checkLine(
  world: World,
  { account, project, sub_job, amount }: Bill['lines'][number],
  at: number,
  bad: (line: number, field: string, code: string, message: string) => LineError,
): LineError[] {
  const errors: LineError[] = [];
  if (!isPostable(world, account))
    errors.push(bad(at, 'account', 'not-postable', `account ${account} takes no bookings or is none`));
  if (project !== undefined && world.records.projects.get(project)?.active !== true)
    errors.push(bad(at, 'project', 'closed', `project ${project} is not open`));
  const part = subJobFault(world, project, sub_job);
  if (part !== null) errors.push(bad(at, 'sub_job', part.code, part.message));
  if (centsOf(amount) === 0n) errors.push(bad(at, 'amount', 'nothing', 'a line of zero bills nothing'));
  return errors;
}

export function bookBill(world: World, document: Bill, nowMs: number) {
  const id = takeId(world, 'LI');
  const { note, lines, ...rest } = document;
  world.invoices.set(id, {
    ...rest,
    id,
    order: null,
    note: note ?? '',
    due_date: (document.type === 'bill' ? document.due_date : undefined) ?? null,
    hold: null,
    version: 1,
    retainage: null,
    lines: lines.map(({ amount, key, project, ...line }, index) => ({
      ...line,
      line: index + 1,
      key: key ?? null,
      order_line: null,
      project: project ?? null,
      cents: centsOf(amount),
    })),
    bookedAtMs: nowMs,
    touchedOn: dayOf(nowMs),
    status: 'posted',
    paidCents: 0n,
  });
  return { id, order_id: id };
}
