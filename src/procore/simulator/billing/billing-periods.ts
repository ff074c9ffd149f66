import { fieldErrors } from '../http/errors.ts';
import type { Project } from '../records.ts';
import type { World } from '../state.ts';
import type { BillingPeriod } from './billing-records.ts';

export type NewBillingPeriod = Pick<BillingPeriod, 'start_date' | 'end_date' | 'due_date' | 'status'> & {
  id?: number | undefined;
};

export function addBillingPeriod(world: World, project: Project, wanted: NewBillingPeriod): BillingPeriod {
  if (wanted.end_date < wanted.start_date)
    throw fieldErrors(422, { end_date: ['must not be before start date'] });
  const period: BillingPeriod = {
    id: wanted.id ?? world.nextId(),
    project_id: project.id,
    position: projectPeriods(world, project.id).length + 1,
    start_date: wanted.start_date,
    end_date: wanted.end_date,
    due_date: wanted.due_date,
    status: wanted.status,
    ...world.stamps(),
  };
  world.billingPeriods.set(period.id, period);
  return period;
}

export function projectPeriods(world: World, projectId: number): BillingPeriod[] {
  return [...world.billingPeriods.values()].filter((period) => period.project_id === projectId);
}
