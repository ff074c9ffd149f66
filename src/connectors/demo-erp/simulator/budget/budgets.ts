import type { ImportDocument } from '../billing/group-form.ts';
import {
  amountOf,
  centsOf,
  dayOf,
  isPostable,
  type LineError,
  takeId,
  type World,
} from '../company/state.ts';
import { fault } from '../http/line-error.ts';

export type BudgetImport = ImportDocument & { readonly type: 'budget' | 'budget-change' };

/** An entry in the budget of a job: its original estimate, or a numbered change of it. Neither is ever edited. */
export type BudgetEntry = {
  id: string;
  type: BudgetImport['type'];
  reference: string | null;
  revision: number;
  /** The original estimate that it belongs to; its own id for that one. */
  budget: string;
  project: string;
  currency: string;
  number: string;
  title: string;
  note: string;
  date: string;
  lines: {
    line: number;
    key: string | null;
    description: string;
    account: string | null;
    cost_code: string | null;
    cost_type: string | null;
    cents: bigint;
  }[];
  bookedAtMs: number;
  touchedOn: string;
};

export function isBudget(document: ImportDocument): document is BudgetImport {
  return document.type === 'budget' || document.type === 'budget-change';
}

/** A job has one original estimate and takes changes of it while it is open. No period is asked: nothing is booked. */
export function checkBudget(world: World, document: BudgetImport): LineError[] {
  const bad = (field: string, code: string, message: string, line: number | null = null) =>
    fault(document, line, field, code, message);
  const errors: LineError[] = [];
  if (document.type === 'budget') {
    const standing = originalOf(world, document.project);
    if (standing !== undefined)
      errors.push(
        bad('project', 'budget-stands', `job ${document.project} has the budget ${standing.id} already`),
      );
    errors.push(...checkJob(world, document, document.project));
    if (document.currency !== world.company.currency)
      errors.push(bad('currency', 'foreign', `the company books in ${world.company.currency} only`));
  } else {
    const original = world.budgets.get(document.budget);
    if (original?.type !== 'budget')
      return [bad('budget', 'unknown', `there is no budget ${document.budget}`)];
    errors.push(...checkJob(world, document, original.project));
  }
  return [
    ...errors,
    ...document.lines.flatMap((line, index) => {
      return checkCoding(world, line).map(([field, code, message]) => bad(field, code, message, index + 1));
    }),
  ];
}

function checkCoding(world: World, line: BudgetImport['lines'][number]): [string, string, string][] {
  if ('account' in line) {
    const { account } = line;
    if (isPostable(world, account)) return [];
    if (world.records.accounts.has(account))
      return [['account', 'not-postable', `account ${account} is a heading`]];
    return [['account', 'unknown', `there is no account ${account}`]];
  }
  return (['cost_code', 'cost_type'] as const).flatMap((field): [string, string, string][] => {
    const record = world.records[field === 'cost_code' ? 'cost-codes' : 'cost-types'].get(line[field]);
    if (record?.active === true) return [];
    return [[field, record ? 'closed' : 'unknown', `${field} ${line[field]} is not open`]];
  });
}

function checkJob(world: World, document: BudgetImport, code: string): LineError[] {
  const job = world.records.projects.get(code);
  if (job?.active === true) return [];
  return [fault(document, null, 'project', job ? 'closed' : 'unknown', `project ${code} is not open`)];
}

export function originalOf(world: World, project: string): BudgetEntry | undefined {
  return [...world.budgets.values()].find((entry) => entry.type === 'budget' && entry.project === project);
}

export function bookBudget(world: World, document: BudgetImport, nowMs: number) {
  const id = takeId(world, 'LB');
  const original = document.type === 'budget' ? null : world.budgets.get(document.budget)!;
  const { reference, revision, number, title, note = '', date } = document;
  const project = document.type === 'budget' ? document.project : original!.project;
  const entry: BudgetEntry = {
    ...{ id, type: document.type, reference, revision, number, title, note, date, project },
    budget: original?.id ?? id,
    currency: world.company.currency,
    lines: document.lines.map(({ key = null, amount, ...line }, index) => {
      const coding = { account: null, cost_code: null, cost_type: null, ...line };
      return { ...coding, key, line: index + 1, cents: centsOf(amount) };
    }),
    bookedAtMs: nowMs,
    touchedOn: dayOf(nowMs),
  };
  world.budgets.set(id, entry);
  return { id, order_id: id };
}

/** An entry as the API shows it. */
export function budgetView({ lines, bookedAtMs: _, touchedOn: __, ...header }: BudgetEntry) {
  return { ...header, lines: lines.map(({ cents, ...line }) => ({ ...line, amount: amountOf(cents) })) };
}
