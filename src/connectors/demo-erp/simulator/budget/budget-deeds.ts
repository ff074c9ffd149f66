import { z } from 'zod';
import { centsOf, takeId, type World } from '../company/state.ts';
import { amount } from '../http/form-fields.ts';
import { originalOf } from './budgets.ts';

/** What a person enters by hand in the budget of a job: a change, of which no import knows. */
const changeDeed = z.strictObject({
  action: z.literal('change_budget'),
  project: z.string(),
  number: z.string(),
  account: z.string(),
  amount,
});

export const budgetDeeds = [changeDeed] as const;

export function changeBudget(
  world: World,
  { project, number, account, amount: moved }: z.output<typeof changeDeed>,
  today: string,
): string | null {
  const original = originalOf(world, project);
  if (original === undefined) return `job ${project} has no budget`;
  const id = takeId(world, 'LB');
  world.budgets.set(id, {
    ...original,
    id,
    type: 'budget-change',
    reference: null,
    number,
    title: 'Entered by hand',
    date: today,
    touchedOn: today,
    lines: [
      {
        ...{ line: 1, key: null, description: 'Entered by hand', account },
        ...{ cost_code: null, cost_type: null, cents: centsOf(moved) },
      },
    ],
  });
  return null;
}
