import type { Pulled } from '../../connectors/connector.ts';
import type { StandingCode, SyncedList } from '../../domain/masters/code-sync.ts';
import type { StandardCostCodeRecord, SubJobRecord } from '../../domain/masters/job-cost-masters.ts';
import type { Read } from '../../domain/posting/writes.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';
import type { ProcoreConfig } from '../config.ts';
import { readList } from '../http/paging.ts';
import { parsed } from '../wire.ts';
import {
  costCodeListRow,
  costTypeRow,
  projectCodeRow,
  standardCostCodeRow,
  subJobRow,
  taxCodeRow,
} from './code-wire.ts';

/** The one list of standard cost codes that the ERP fills; null before the ERP tool was connected. */
export async function erpCodeList(read: Read, config: ProcoreConfig): Promise<string | null> {
  const query = { company_id: config.companyId };
  const rows = await listOf(read, '/rest/v1.0/standard_cost_code_lists', query, config);
  const lists = rows.map((row) => parsed(costCodeListRow, row, 'a list of standard cost codes'));
  return lists.find(({ is_erp_list }) => is_erp_list)?.id ?? null;
}

export async function standardCostCodes(
  read: Read,
  listId: string,
  config: ProcoreConfig,
): Promise<readonly Pulled[]> {
  const query = { company_id: config.companyId, standard_cost_code_list_id: listId };
  const rows = await listOf(read, '/rest/v1.0/standard_cost_codes', query, config);
  return rows.map((row) => ({ record: costCodeOf(row, listId), raw: JSON.stringify(row) }));
}

function costCodeOf(value: JsonValue, listId: string): StandardCostCodeRecord {
  const row = parsed(standardCostCodeRow, value, 'a standard cost code');
  const { id, parent_id: parentId, code, full_code, name, origin_id: originId } = row;
  const fullCode = full_code ?? code;
  return { object: 'standard-cost-code', id, listId, parentId, code, fullCode, name, originId };
}

export async function subJobs(
  read: Read,
  projectId: string,
  config: ProcoreConfig,
): Promise<readonly (Pulled & { readonly record: SubJobRecord })[]> {
  const rows = await listOf(read, '/rest/v1.0/sub_jobs', { project_id: projectId }, config);
  return rows.map((value) => {
    const { id, code, name, origin_id: originId } = parsed(subJobRow, value, 'a sub job');
    const record = { object: 'sub-job', id, projectId, code, name, originId, active: true } as const;
    return { record, raw: JSON.stringify(value) };
  });
}

/** A list as it stands now, for the comparison with the ERP's. */
export async function shownCodes(
  read: Read,
  list: SyncedList,
  config: ProcoreConfig,
): Promise<readonly StandingCode[]> {
  const { object, listId, projectId } = list;
  if (object === 'project-cost-code') return codesOfProject(read, list, config);
  const ofCompany = { company_id: config.companyId };
  if (object === 'cost-code') {
    const rows = await standardCostCodes(read, listId ?? '', config);
    return rows.map(({ record }) => ({ ...(record as StandardCostCodeRecord), rate: null, archived: false }));
  }
  if (object === 'cost-type') {
    const query = projectId === null ? ofCompany : { ...ofCompany, project_id: projectId };
    return (await listOf(read, '/rest/v1.0/line_item_types', query, config)).map((value) => {
      const { id, code, name, origin_id } = parsed(costTypeRow, value, 'a cost type');
      return { ...flat(id, code, name, origin_id), rate: null, archived: false };
    });
  }
  return (await listOf(read, '/rest/v1.0/tax_codes', ofCompany, config)).map((value) => {
    const row = parsed(taxCodeRow, value, 'a tax code');
    const { id, code, description, origin_id, rate1: rate, archived } = row;
    return { ...flat(id, code, description ?? '', origin_id), rate, archived };
  });
}

/** A company has each id of the ERP once: that of a project's code begins with what the ERP calls the project. */
export function shownOrigin({ projectCode }: SyncedList, code: string): string {
  return projectCode === undefined ? code : `${projectCode}/${code}`;
}

/** Ids that are not of that project stay as they are: such a code is somebody else's. */
function ownOrigin(list: SyncedList, originId: string | null): string | null {
  const prefix = shownOrigin(list, '');
  return originId?.startsWith(prefix)
    ? originId.slice(prefix.length)
    : originId === null
      ? null
      : `/${originId}`;
}

async function codesOfProject(
  read: Read,
  list: SyncedList,
  config: ProcoreConfig,
): Promise<readonly StandingCode[]> {
  const query = { project_id: list.projectId ?? '' };
  return (await listOf(read, '/rest/v1.0/cost_codes', query, config)).map((value) => {
    const row = parsed(projectCodeRow, value, 'a cost code');
    return {
      ...{ id: row.id, code: row.code, fullCode: row.full_code ?? row.code, name: row.name },
      ...{ originId: ownOrigin(list, row.origin_id), parentId: row.parent, rate: null, archived: false },
      costTypes: row.line_item_types.map(({ id }) => id),
    };
  });
}

function flat(id: string, code: string, name: string, originId: string | null) {
  return { id, originId, code, fullCode: code, name, parentId: null };
}

// Lists of codes run to tens of thousands; Procore advises at most twice as many a page.
const CODES_PER_PAGE = 1_000;

function listOf(
  read: Read,
  path: string,
  query: Readonly<Record<string, string>>,
  config: ProcoreConfig,
): Promise<JsonValue[]> {
  return readList(read, { path, query, pageSize: Math.max(config.pageSize, CODES_PER_PAGE) });
}
