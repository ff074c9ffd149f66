import { z } from 'zod';
import { STAGED_TYPES } from '../erp-tool/staged-record-fields.ts';
import { deleteStaged, putStaged, type StagedRecord, stagedBy } from '../erp-tool/staged-record-store.ts';
import { idField, parsedBody, textField } from '../http/body.ts';
import { accessError, fieldErrors } from '../http/errors.ts';
import { assertParameters, enumFilter, paged, pagingParameters, stampedFilter } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import { SYNC_MAX_ROWS, tooManyRows } from '../sync-engine.ts';

const BASE = '/rest/v1.0/companies/:company_id/staged_records';
const STATUSES = ['staged', 'archived', 'imported', 'invalid'] as const;

const fields = {
  item_type: z.enum(STAGED_TYPES),
  origin_id: textField.optional(),
  origin_code: textField.optional(),
  origin_data: z.union([textField, z.record(z.string(), z.unknown())]).optional(),
  parent_id: idField.nullable().optional(),
  parent_origin_id: textField.optional(),
  status: z.enum(STATUSES).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
};
const single = z.strictObject(fields);
const wrapped = z.strictObject({ staged_record: single });
const row = z.strictObject({ ...fields, id: idField.optional() });
const rowWithChildren = row.extend({ children: z.array(row).optional() });
const syncBody = z.strictObject({ updates: z.array(z.unknown()) });

/** The suffix of these paths is published; what stands before it is inferred, and so is the body of one row. */
export const stagedRecordRoutes: readonly Route[] = [
  { method: 'GET', pattern: BASE, handle: list },
  { method: 'POST', pattern: BASE, handle: create },
  { method: 'PATCH', pattern: `${BASE}/sync`, handle: sync },
  { method: 'GET', pattern: `${BASE}/:id`, handle: show },
  { method: 'PUT', pattern: `${BASE}/:id`, handle: update },
  { method: 'DELETE', pattern: `${BASE}/:id`, handle: remove },
];

function list(context: Context): Answer {
  const { world, query, company } = context;
  const known = ['id', 'item_type', 'origin_id', 'status', 'created_at', 'updated_at'];
  assertParameters(query, [...pagingParameters, ...known.map((name) => `filters[${name}]`)]);
  const type = enumFilter(query, 'filters[item_type]', STAGED_TYPES);
  const status = enumFilter(query, 'filters[status]', STATUSES);
  const originId = query.get('filters[origin_id]');
  const keep = stampedFilter(query);
  const rows = [...world.stagedRecords.values()].filter(
    (record) =>
      record.company_id === company.id &&
      keep(record) &&
      (type === null || record.item_type === type) &&
      (status === null || record.status === status) &&
      (originId === null || record.origin_id === originId),
  );
  return paged(context, rows, view);
}

function show(context: Context): Answer {
  assertParameters(context.query, []);
  return { status: 200, body: view(recordOf(context)) };
}

function create(context: Context): Answer {
  const made = putStaged(context.world, context.company, undefined, bodyOf(context));
  if ('errors' in made) throw fieldErrors(422, made.errors);
  return { status: 201, body: view(made.item) };
}

function update(context: Context): Answer {
  const made = putStaged(context.world, context.company, recordOf(context), bodyOf(context));
  if ('errors' in made) throw fieldErrors(422, made.errors);
  return { status: 200, body: view(made.item) };
}

function remove(context: Context): Answer {
  const record = recordOf(context);
  const body = view(record);
  deleteStaged(context.world, record);
  return { status: 200, body };
}

/** A parent that is refused takes its children along: they are told, and nothing of them is kept. */
function sync(context: Context): Answer {
  const { updates } = parsedBody(syncBody, context.body);
  if (rowCount(updates) > SYNC_MAX_ROWS) throw tooManyRows();
  const entities: unknown[] = [];
  const errors: unknown[] = [];
  for (const submitted of updates) {
    const read = rowWithChildren.safeParse(submitted);
    if (!read.success) {
      errors.push({ ...asObject(submitted), errors: issuesByField(read.error.issues) });
      continue;
    }
    const { children, ...own } = read.data;
    const made = putRow(context, own);
    if ('errors' in made) {
      errors.push({ ...asObject(submitted), errors: made.errors });
      continue;
    }
    const under = (children ?? []).map((child) => {
      const { parent_origin_id: _parent, ...rest } = child;
      return { child, put: putRow(context, { ...rest, parent_id: made.item.id }) };
    });
    const kept = under.flatMap(({ put }) => ('item' in put ? [view(put.item)] : []));
    for (const { child, put } of under) if ('errors' in put) errors.push({ ...child, errors: put.errors });
    entities.push(children ? { ...view(made.item), children: kept } : view(made.item));
  }
  return { status: 200, body: { entities, errors } };
}

function putRow({ world, company }: Context, { id, ...input }: z.output<typeof row>) {
  if (id === undefined) {
    const held =
      input.origin_id == null ? undefined : stagedBy(world, company.id, input.item_type, input.origin_id);
    return putStaged(world, company, held, input);
  }
  const known = world.stagedRecords.get(id);
  if (known?.company_id !== company.id) return { errors: { id: ['Entity with this ID not found'] } };
  return putStaged(world, company, known, input);
}

/** Children count like rows of their own. */
function rowCount(updates: readonly unknown[]): number {
  return updates.reduce<number>((sum, update) => {
    const children = asObject(update).children;
    return sum + 1 + (Array.isArray(children) ? children.length : 0);
  }, 0);
}

function issuesByField(issues: readonly z.core.$ZodIssue[]): Record<string, string[]> {
  const errors: Record<string, string[]> = {};
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) errors[key] = ['is not a field'];
    else errors[issue.path.map(String).join('.') || 'base'] = [issue.message];
  }
  return errors;
}

function bodyOf(context: Context): z.output<typeof single> {
  const inside = 'staged_record' in Object(context.body);
  return inside ? parsedBody(wrapped, context.body).staged_record : parsedBody(single, context.body);
}

function recordOf({ world, company, params }: Context): StagedRecord {
  const record = world.stagedRecords.get(Number(params.id));
  if (record?.company_id !== company.id) throw accessError(404, 'Staged Record not found');
  return record;
}

function view(record: StagedRecord): Record<string, unknown> {
  const { company_id: _company, created_at, updated_at, ...shown } = record;
  return { ...shown, created_at: isoSeconds(created_at), updated_at: isoSeconds(updated_at) };
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
