import { fieldErrors } from '../http/errors.ts';
import type { Actor, Project } from '../records.ts';
import type { World } from '../state.ts';

export type WorkflowStep = { readonly name: string; readonly assignee_id: number };

/** One record on its way through the steps that a company set up for its kind. */
export type WorkflowInstance = {
  readonly id: number;
  readonly company_id: number;
  readonly project_id: number;
  readonly item_type: string;
  readonly item_id: number;
  readonly name: string;
  readonly steps: readonly WorkflowStep[];
  readonly started_at: number;
  step: number;
  outcome: 'approved' | 'rejected' | null;
  state_set_at: number;
};

export type NewWorkflow = Pick<WorkflowInstance, 'item_type' | 'item_id' | 'name' | 'steps'>;

export function startWorkflow(world: World, project: Project, wanted: NewWorkflow): WorkflowInstance {
  const now = world.clock.now();
  const made: WorkflowInstance = {
    ...wanted,
    id: world.nextId(),
    company_id: project.company_id,
    project_id: project.id,
    started_at: now,
    step: 0,
    outcome: null,
    state_set_at: now,
  };
  world.workflows.set(made.id, made);
  return made;
}

/** The assignee of the present step decides: on to the next one, or to an end. No webhook tells of it. */
export function decideStep(
  world: World,
  workflow: WorkflowInstance,
  decision: 'approve' | 'reject',
  actor: Actor,
): void {
  if (workflow.outcome !== null) throw fieldErrors(422, { base: ['The workflow has ended'] });
  if (workflow.steps[workflow.step]?.assignee_id !== actor.user_id)
    throw fieldErrors(422, { performed_by_id: ['is not an assignee of the step'] });
  if (decision === 'reject') workflow.outcome = 'rejected';
  else if (workflow.step + 1 < workflow.steps.length) workflow.step += 1;
  else workflow.outcome = 'approved';
  workflow.state_set_at = world.clock.now();
}
