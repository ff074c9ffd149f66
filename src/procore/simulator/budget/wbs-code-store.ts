import { isoSeconds } from '../iso-seconds.ts';
import type { Project, Stamps } from '../records.ts';
import type { World } from '../state.ts';

type View = Record<string, unknown>;
export type WbsCoding = { readonly cost_code_id: number; readonly line_item_type_id: number };

export const WBS_STATUSES = ['active', 'inactive'] as const;

/** A code of the budget: one item of each segment that the project codes by. */
export type WbsCode = WbsCoding &
  Stamps & {
    readonly id: number;
    readonly company_id: number;
    readonly project_id: number;
    status: (typeof WBS_STATUSES)[number];
  };

/** The code of one cost code and cost type, made by the first line that bears it. */
export function wbsCodeOf(world: World, projectId: number, coding: WbsCoding): WbsCode {
  const { cost_code_id, line_item_type_id } = coding;
  const key = `${projectId}/${cost_code_id}/${line_item_type_id}`;
  const known = world.wbsCodes.get(key);
  if (known) return known;
  const made: WbsCode = {
    id: world.nextId(),
    company_id: world.projects.get(projectId)?.company_id ?? 0,
    project_id: projectId,
    cost_code_id,
    line_item_type_id,
    status: 'active',
    ...world.stamps(),
  };
  world.wbsCodes.set(key, made);
  return made;
}

export function wbsCodes(world: World, projectId: number): WbsCode[] {
  return [...world.wbsCodes.values()].filter(({ project_id }) => project_id === projectId);
}

/** What a line of a contract names that was given a code of the budget. */
export function wbsRefById(world: World, id: number): View {
  const code = [...world.wbsCodes.values()].find((each) => each.id === id);
  return code ? wbsRef(world, code) : { id, flat_code: '', description: '' };
}

/** As lines of other records show it. */
export function wbsRef(world: World, code: WbsCode): View {
  const { id } = code;
  return { id, flat_code: flatCode(world, code), description: descriptionOf(world, code) };
}

export function wbsCodeView(world: World, code: WbsCode): View {
  const description = descriptionOf(world, code);
  return {
    id: code.id,
    flat_code: flatCode(world, code),
    flat_name: description,
    description,
    status: code.status,
    created_at: isoSeconds(code.created_at),
    updated_at: isoSeconds(code.updated_at),
    segment_items: segmentsOf(world, code).map(([type, item], position) => {
      const segment = { id: position + 1, type, name: type, position, delimiter: '.' };
      return {
        ...{ id: item.id, code: item.code, name: item.name, parent_id: null, path_ids: [item.id] },
        ...{ path_code: item.path, path_codes: item.path.split('-'), path_names: [item.name] },
        ...{ is_parent: false, in_use: true, status: 'active', segment },
      };
    }),
    wbs_pattern_id: 1,
  };
}

/** The flat code joins the segments: a sub job's, the cost code's, the cost type's. */
function flatCode(world: World, code: WbsCode): string {
  return segmentsOf(world, code)
    .map(([, { path }]) => path)
    .join('.');
}

function descriptionOf(world: World, code: WbsCode): string {
  return segmentsOf(world, code)
    .map(([, { name }]) => name)
    .join('.');
}

type Item = { readonly id: number; readonly code: string; readonly path: string; readonly name: string };

function segmentsOf(world: World, { cost_code_id, line_item_type_id }: WbsCode): [string, Item][] {
  const code = world.costCodes.get(cost_code_id);
  const subJob = world.subJobs.get(code?.sub_job_id ?? -1);
  const type = world.lineItemTypes.get(line_item_type_id);
  const item = (row: { id: number; code: string; name: string }, path = row.code): Item => {
    return { id: row.id, code: row.code, path, name: row.name };
  };
  return [
    ...(subJob ? [['sub_job', item(subJob)] as [string, Item]] : []),
    ...(code ? [['cost_code', item(code, code.full_code)] as [string, Item]] : []),
    ...(type ? [['line_item_type', item(type)] as [string, Item]] : []),
  ];
}

/** Switches a code off, or on again: what bears it keeps it. */
export function setWbsStatus(
  world: World,
  project: Project,
  coding: WbsCoding,
  status: WbsCode['status'],
): WbsCode {
  const code = wbsCodeOf(world, project.id, coding);
  code.status = status;
  code.updated_at = world.clock.now();
  return code;
}
