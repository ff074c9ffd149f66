import { z } from 'zod';
import type { ImportDocument } from '../billing/group-form.ts';
import type { FollowedRecord, LineError, World } from '../company/state.ts';
import { MAX_LINES_PER_DOCUMENT } from '../http/lengths.ts';
import { fault } from '../http/line-error.ts';

const text = z.string().min(1);

/** A cost code of the company that a project works with, and the types of cost that it has there. */
const assigned = z.strictObject({ cost_code: text, cost_types: z.array(text).max(100).default([]) });
type Assigned = z.output<typeof assigned>;

/** Adds to the cost codes of a project; nothing is ever taken off by an import. */
export const projectCodesForm = z.strictObject({
  type: z.literal('project-codes'),
  reference: text,
  revision: z.number().int().min(1),
  note: z.string().optional(),
  project: text,
  codes: z.array(assigned).min(1).max(MAX_LINES_PER_DOCUMENT),
});
export type ProjectCodes = z.output<typeof projectCodesForm>;

/** A project shows its cost codes, and whether its orders may use any others. */
export const projectCodesSeed = {
  cost_codes: z.array(assigned).max(100_000).default([]),
  restricts_cost_codes: z.boolean().default(false),
};

/** What a person does with the cost codes of a project in Ledgerline's own screens. */
export const projectCodesDeeds = [
  z.strictObject({
    action: z.literal('edit_project_codes'),
    code: text,
    change: z.strictObject({ cost_codes: z.array(assigned), restricts_cost_codes: z.boolean() }).partial(),
  }),
] as const;

export function checkProjectCodes(world: World, document: ProjectCodes & ImportDocument): LineError[] {
  const project = world.records.projects.get(document.project);
  if (project?.active !== true)
    return [
      fault(
        ...([document, null, 'project', project ? 'closed' : 'unknown'] as const),
        `project ${document.project} is not open`,
      ),
    ];
  return document.codes.flatMap(({ cost_code, cost_types }, index) =>
    [['cost_code', 'cost-codes', cost_code] as const, ...cost_types.map(asType)].flatMap(
      ([field, list, code]) => {
        const record = world.records[list].get(code);
        return record?.active === true
          ? []
          : [fault(document, index + 1, field, record ? 'closed' : 'unknown', `${code} is closed or none`)];
      },
    ),
  );
}

function asType(code: string) {
  return ['cost_types', 'cost-types', code] as const;
}

export function bookProjectCodes(world: World, { project: id, codes }: ProjectCodes) {
  const project = world.records.projects.get(id)!;
  const types = new Map(codesOf(project).map((row) => [row.cost_code, new Set(row.cost_types)]));
  for (const { cost_code, cost_types } of codes)
    types.set(cost_code, (types.get(cost_code) ?? new Set<string>()).union(new Set(cost_types)));
  const cost_codes = [...types].map(([cost_code, of]) => ({ cost_code, cost_types: [...of] }));
  world.records.projects.set(id, { ...project, cost_codes, change: ++world.changeCount });
  return { id, order_id: id };
}

/** What is wrong with the cost code of an order's line: a project that restricts its codes wants one of them. */
export function orderCodeFault(world: World, project: string | undefined, code: string | undefined) {
  const record = world.records.projects.get(project ?? '');
  if (record?.restricts_cost_codes === true) {
    if (code === undefined)
      return { code: 'missing', message: `project ${record.code} wants a cost code on each line` };
    if (!codesOf(record).some(({ cost_code }) => cost_code === code))
      return { code: 'not-assigned', message: `cost code ${code} is not assigned to project ${record.code}` };
  }
  if (code === undefined) return null;
  const known = world.records['cost-codes'].get(code);
  return known?.active === true
    ? null
    : { code: known ? 'closed' : 'unknown', message: `cost code ${code} is closed or none` };
}

export function performProjectCodes(
  world: World,
  { code, change }: z.output<(typeof projectCodesDeeds)[number]>,
): string | null {
  const project = world.records.projects.get(code);
  if (!project) return `there is no project ${code}`;
  world.records.projects.set(code, { ...project, ...change, change: ++world.changeCount });
  return null;
}

function codesOf({ cost_codes }: FollowedRecord): readonly Assigned[] {
  return (cost_codes as readonly Assigned[] | undefined) ?? [];
}
