import { z } from 'zod';
import { centsOf, isPostable, type World } from '../company/state.ts';
import { subJobFault } from '../costs/job-cost.ts';
import { amount, day } from '../http/form-fields.ts';
import { bookEntry, type Entry, entries, mirror } from './journal.ts';
import { periodFault } from './periods.ts';

const text = z.string().min(1);
const typedLine = z.strictObject({
  account: text,
  project: text.optional(),
  sub_job: text.optional(),
  cost_code: text.optional(),
  description: z.string().default(''),
  /** Debit above zero, credit below. */
  amount,
});

/** What bookkeepers do in the journal itself. */
export const journalDeeds = [
  z.strictObject({
    action: z.literal('post_entry'),
    date: day.optional(),
    memo: z.string().default(''),
    lines: z.array(typedLine).min(2),
  }),
  z.strictObject({ action: z.literal('reverse_entry'), id: text, date: day.optional() }),
] as const;

type Deed = z.output<(typeof journalDeeds)[number]>;

/** Does it, or says why not. */
export function performJournal(world: World, deed: Deed, today: string): string | null {
  return deed.action === 'post_entry' ? post(world, deed, today) : reverse(world, deed, today);
}

function post(world: World, deed: Deed & { action: 'post_entry' }, today: string): string | null {
  const { date = today, memo, lines } = deed;
  const shut = periodFault(world, date);
  if (shut !== null) return shut.message;
  for (const { account, project, sub_job, cost_code } of lines) {
    if (!isPostable(world, account)) return `account ${account} takes no bookings or is none`;
    if (project !== undefined && world.records.projects.get(project)?.active !== true)
      return `project ${project} is not open`;
    const part = subJobFault(world, project, sub_job);
    if (part !== null) return part.message;
    if (cost_code !== undefined && world.records['cost-codes'].get(cost_code)?.active !== true)
      return `cost code ${cost_code} is closed or none`;
  }
  if (lines.reduce((sum, line) => sum + centsOf(line.amount), 0n) !== 0n) return 'the entry does not balance';
  bookEntry(
    world,
    { kind: 'manual', date, memo },
    lines.map(({ amount: typed, project, sub_job, cost_code, ...line }) => ({
      ...{ role: 'typed', ...line, cents: centsOf(typed) },
      ...{ project: project ?? null, sub_job: sub_job ?? null, cost_code: cost_code ?? null },
    })),
  );
  return null;
}

function reverse(world: World, deed: Deed & { action: 'reverse_entry' }, today: string): string | null {
  const entry = entries(world).find(({ code }) => code === deed.id);
  if (entry?.kind !== 'manual') return `there is no manual entry ${deed.id}`;
  if (entries(world).some(({ reverses }) => reverses === entry.code)) return `${deed.id} is reversed already`;
  return takeBack(world, entry, 'reversal', deed.date ?? today);
}

/** Takes an entry back on a day that is open. */
export function takeBack(world: World, entry: Entry, kind: Entry['kind'], date: string): string | null {
  const shut = periodFault(world, date);
  if (shut !== null) return shut.message;
  mirror(world, entry, kind, date);
  return null;
}
