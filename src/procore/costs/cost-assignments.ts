import type { Operation } from '../../domain/documents.ts';
import { ROWS_PER_CALL } from '../../domain/masters/job-cost-sheets.ts';
import type { LackingType } from '../../domain/masters/project-codes.ts';
import type { Outcome } from '../../domain/posting/outcomes.ts';
import type { Read, WireResponse, Write } from '../../domain/posting/writes.ts';
import { contentHash } from '../../domain/values/canonical.ts';
import { jsonNumber } from '../../lib/decimal-json.ts';
import type { ProcoreConfig } from '../config.ts';
import { readList } from '../http/paging.ts';
import { shownCodes } from '../masters/code-lists.ts';
import { classifyPlain, classifyRows } from '../outcomes.ts';
import { codingRow, parsed } from '../wire.ts';

type Removal = Extract<Operation, { kind: 'remove-assignment' }>;
type Assignment = Extract<Operation, { kind: 'assign-cost-types' }>;

/** What a request for a removal names by the ids of the ERP, as people know it in Procore. */
export type NamedCoding = { readonly costCode: string | null; readonly costType: string | null };

/** Takes a cost type off a cost code. The row of cost that bears both goes first: without it nothing shows there. */
export function removalWrites({ assignmentId, jobCostId }: Removal): Write[] {
  const rows = jobCostId === null ? [] : [deletion('delete-job-cost', 'erp_job_costs', jobCostId)];
  return [...rows, deletion('delete-assignment', 'cost_codes_line_item_types', assignmentId)];
}

// Ten writes of one operation; what is more is an operation of its own.
const MAX_CALLS = 10;
export const MAX_ASSIGNED_TYPES = MAX_CALLS * ROWS_PER_CALL;

/** Adds types of cost to cost codes of a project: what is sent twice changes nothing. */
export function assignmentWrites({ projectId, rows }: Assignment, config: ProcoreConfig): Write[] {
  const parts = Array.from({ length: Math.ceil(rows.length / ROWS_PER_CALL) }, (_, index) =>
    rows.slice(index * ROWS_PER_CALL, (index + 1) * ROWS_PER_CALL),
  );
  return parts.map((part, index) => assignment(projectId, part, index + 1, config));
}

function assignment(
  projectId: string,
  rows: readonly LackingType[],
  place: number,
  config: ProcoreConfig,
): Write {
  const targetHash = contentHash(rows.map((row) => ({ ...row })));
  const query = new URLSearchParams({ project_id: projectId });
  const updates = rows.map(({ costCodeId, lineItemTypeId }) => ({
    cost_code_id: jsonNumber(costCodeId),
    line_item_type_id: jsonNumber(lineItemTypeId),
    synced: true,
  }));
  return {
    name: `assign-cost-types-${place}`,
    kind: 'set',
    answerProves: true,
    object: 'cost-assignment',
    reference: `cost-types/${targetHash.slice(-12)}`,
    targetHash,
    encode: () => ({
      method: 'PATCH',
      path: `/rest/v1.0/cost_code_line_item_types/sync?${query}`,
      body: JSON.stringify({ updates }),
    }),
    probe: async (read) => {
      const list = { object: 'project-cost-code', listId: null, projectId } as const;
      const types = new Map(
        (await shownCodes(read, list, config)).map(({ id, costTypes }) => [id, costTypes]),
      );
      const reached = rows.every((row) => types.get(row.costCodeId)?.includes(row.lineItemTypeId));
      return { kind: 'standing', standing: reached ? 'at-target' : 'at-base', id: projectId };
    },
    classify: (response) => classifyRows(response, rows.length, projectId),
  };
}

/** No read shows either by its id. What is gone already was taken away, perhaps by a request whose answer was lost. */
function deletion(name: string, route: string, id: string): Write {
  return {
    name,
    kind: 'set',
    answerProves: true,
    object: 'cost-assignment',
    reference: `${route}/${id}`,
    targetHash: contentHash({ [route]: id, gone: true }),
    encode: () => ({ method: 'DELETE', path: `/rest/v1.0/${route}/${encodeURIComponent(id)}` }),
    probe: async () => ({ kind: 'standing', standing: 'at-base', id }),
    classify: (response) => classifyDeleted(response, id),
  };
}

function classifyDeleted(response: WireResponse, id: string): Outcome {
  return response.status === 404 ? { kind: 'posted', id } : classifyPlain(response, id);
}

/** The codes behind the ids that the ERP has given them; null where Procore has none with that id. */
export async function codingNamed(
  read: Read,
  { projectId, costCode, costType }: NamedCoding & { readonly projectId: string },
  config: ProcoreConfig,
): Promise<NamedCoding> {
  const codeOf = async (path: string, originId: string | null, more: Readonly<Record<string, string>>) => {
    if (originId === null) return null;
    const query = { project_id: projectId, 'filters[origin_id]': originId, ...more };
    const rows = await readList(read, { path, query, pageSize: config.pageSize });
    const [found] = rows.map((row) => parsed(codingRow, row, 'a cost code'));
    return found === undefined ? null : (found.full_code ?? found.code);
  };
  return {
    costCode: await codeOf('/rest/v1.0/cost_codes', costCode, {}),
    costType: await codeOf('/rest/v1.0/line_item_types', costType, { company_id: config.companyId }),
  };
}
