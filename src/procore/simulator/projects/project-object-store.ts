import type { z } from 'zod';
import { parsedBody } from '../http/body.ts';
import { fieldErrors } from '../http/errors.ts';
import type { Actor, Project, Stamps } from '../records.ts';
import type { World } from '../state.ts';
import {
  type FieldsOf,
  PROJECT_OBJECT_TOOLS,
  type ProjectObjectKind,
  projectObjectFields,
} from './project-object-fields.ts';

/** One of the many things of a project that are no money document. */
export type ProjectObject<K extends ProjectObjectKind = ProjectObjectKind> = {
  readonly [Kind in K]: Stamps & {
    readonly id: number;
    readonly kind: Kind;
    readonly company_id: number;
    readonly project_id: number;
    /** Its place among its kind in the project: the number that it gets where nobody types one. */
    readonly place: number;
    readonly created_by_id: number;
    fields: FieldsOf<Kind>;
    closed_at: number | null;
    deleted_at: number | null;
  };
}[K];

export type NewProjectObject = {
  readonly id?: number | undefined;
  readonly kind: ProjectObjectKind;
  readonly fields: Readonly<Record<string, unknown>>;
};

export function createProjectObject(
  world: World,
  project: Project,
  wanted: NewProjectObject,
  actor: Actor,
): ProjectObject {
  const { kind } = wanted;
  const fields = fieldsOf(world, project.company_id, kind, wanted.fields);
  const id = wanted.id ?? world.nextId();
  const place = 1 + projectObjects(world, project.id, kind).length;
  const made = {
    id,
    kind,
    company_id: project.company_id,
    project_id: project.id,
    place,
    created_by_id: actor.user_id,
    fields,
    closed_at: null,
    deleted_at: null,
    ...world.stamps(),
  } as ProjectObject;
  noteClosing(world, made);
  world.projectObjects.set(id, made);
  world.announce(PROJECT_OBJECT_TOOLS[kind].resource, 'create', made, actor);
  return made;
}

/** Changes what is given; the rest stays. */
export function changeProjectObject(
  world: World,
  record: ProjectObject,
  fields: Readonly<Record<string, unknown>>,
  actor: Actor,
): void {
  const next = fieldsOf(world, record.company_id, record.kind, { ...record.fields, ...fields });
  Object.assign(record, { fields: next, updated_at: world.clock.now() });
  noteClosing(world, record);
  world.announce(PROJECT_OBJECT_TOOLS[record.kind].resource, 'update', record, actor);
}

/** Into the recycle bin, from where no list shows it. */
export function deleteProjectObject(world: World, record: ProjectObject, actor: Actor): void {
  Object.assign(record, { deleted_at: world.clock.now(), updated_at: world.clock.now() });
  world.announce(PROJECT_OBJECT_TOOLS[record.kind].resource, 'delete', record, actor);
}

/** Those of a kind in a project, deleted ones included. */
export function projectObjects(world: World, projectId: number, kind: ProjectObjectKind): ProjectObject[] {
  return [...world.projectObjects.values()].filter(
    (record) => record.kind === kind && record.project_id === projectId,
  );
}

function fieldsOf(
  world: World,
  companyId: number,
  kind: ProjectObjectKind,
  input: Readonly<Record<string, unknown>>,
): z.output<(typeof projectObjectFields)[ProjectObjectKind]> {
  const fields = parsedBody(projectObjectFields[kind], input);
  for (const name of ['vendor_id', 'responsible_contractor_id']) {
    const id: unknown = Reflect.get(fields, name);
    if (typeof id === 'number' && world.vendors.get(id)?.company_id !== companyId)
      throw fieldErrors(422, { [name]: ['is not a vendor of the company'] });
  }
  return fields;
}

function noteClosing(world: World, record: ProjectObject): void {
  const status = 'status' in record.fields ? record.fields.status.toLowerCase() : '';
  if (status !== 'closed') record.closed_at = null;
  else record.closed_at ??= world.clock.now();
}
