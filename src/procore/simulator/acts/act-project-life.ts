import { z } from 'zod';
import { editUser, userFields } from '../directory/directory-store.ts';
import { COMPANY_TOOLS, PROJECT_TOOLS, TOOL_LEVELS } from '../directory/tool-levels.ts';
import { idField } from '../http/body.ts';
import { fieldErrors } from '../http/errors.ts';
import { PROJECT_OBJECT_KINDS } from '../projects/project-object-fields.ts';
import {
  changeProjectObject,
  createProjectObject,
  deleteProjectObject,
} from '../projects/project-object-store.ts';
import { decideStep, startWorkflow } from '../projects/workflow-store.ts';
import type { Actor } from '../records.ts';
import type { World } from '../state.ts';

const as = idField;
const fields = z.record(z.string(), z.unknown());

/** What people do in a project and in the directory beside contracts and money. */
export const projectLifeActs = [
  z.strictObject({
    as,
    action: z.literal('create_project_object'),
    id: idField.optional(),
    project_id: idField,
    kind: z.enum(PROJECT_OBJECT_KINDS),
    fields,
  }),
  z.strictObject({
    as,
    action: z.literal('change_project_object'),
    project_object_id: idField,
    fields,
  }),
  z.strictObject({ as, action: z.literal('delete_project_object'), project_object_id: idField }),
  z.strictObject({ as, action: z.literal('edit_user'), user_id: idField, fields: userFields }),
  z.strictObject({
    as,
    action: z.literal('set_tool_level'),
    user_id: idField,
    tool: z.enum([...COMPANY_TOOLS, ...PROJECT_TOOLS]),
    level: z.enum(TOOL_LEVELS),
  }),
  z.strictObject({
    as,
    action: z.literal('start_workflow'),
    project_id: idField,
    item_type: z.string().min(1),
    item_id: idField,
    name: z.string().default('Approval'),
    steps: z
      .array(z.strictObject({ name: z.string().min(1), assignee_id: idField }))
      .min(1)
      .max(50),
  }),
  z.strictObject({
    as,
    action: z.literal('decide_workflow_step'),
    workflow_instance_id: idField,
    decision: z.enum(['approve', 'reject']),
  }),
  z.strictObject({
    as,
    action: z.literal('set_project_currency'),
    project_id: idField,
    currency: z.string().length(3),
  }),
] as const;

export type ProjectLifeAct = z.output<(typeof projectLifeActs)[number]>;

export const isProjectLifeAct = (act: { action: string }): act is ProjectLifeAct =>
  projectLifeActs.some(({ shape }) => shape.action.value === act.action);

export function performProjectLife(world: World, act: ProjectLifeAct, actor: Actor): Record<string, unknown> {
  switch (act.action) {
    case 'create_project_object': {
      const made = createProjectObject(world, found(world.projects, act.project_id), act, actor);
      return { project_object_id: made.id };
    }
    case 'change_project_object': {
      const record = found(world.projectObjects, act.project_object_id);
      changeProjectObject(world, record, act.fields, actor);
      return { project_object_id: record.id };
    }
    case 'delete_project_object': {
      const record = found(world.projectObjects, act.project_object_id);
      deleteProjectObject(world, record, actor);
      return { project_object_id: record.id };
    }
    case 'edit_user': {
      const user = found(world.users, act.user_id);
      editUser(world, user, act.fields, actor);
      return { user_id: user.id };
    }
    case 'set_tool_level': {
      const user = found(world.users, act.user_id);
      user.tool_levels = { ...user.tool_levels, [act.tool]: act.level };
      return { user_id: user.id };
    }
    case 'start_workflow':
      return { workflow_instance_id: startWorkflow(world, found(world.projects, act.project_id), act).id };
    case 'decide_workflow_step': {
      const workflow = found(world.workflows, act.workflow_instance_id);
      decideStep(world, workflow, act.decision, actor);
      return { workflow_instance_id: workflow.id };
    }
    case 'set_project_currency':
      world.projectCurrencies.set(found(world.projects, act.project_id).id, act.currency);
      return { project_id: act.project_id };
  }
}

function found<T>(map: ReadonlyMap<number, T>, id: number): T {
  const record = map.get(id);
  if (!record) throw fieldErrors(422, { id: [`${id} is unknown`] });
  return record;
}
