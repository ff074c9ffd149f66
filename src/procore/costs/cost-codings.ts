import type { Read } from '../../domain/posting/writes.ts';
import type { ProcoreConfig } from '../config.ts';
import { readList } from '../http/paging.ts';
import { codingRow, parsed } from '../wire.ts';

/** Ids by the codes that people and mappings know: `05-100` of the project, `S` of the company. */
export type CostCodings = {
  readonly costCodes: ReadonlyMap<string, string>;
  readonly costTypes: ReadonlyMap<string, string>;
};

export async function costCodings(
  read: Read,
  projectId: string,
  config: ProcoreConfig,
): Promise<CostCodings> {
  const types = { company_id: config.companyId, project_id: projectId };
  return {
    costCodes: await idsAt(read, config, '/rest/v1.0/cost_codes', { project_id: projectId }),
    costTypes: await idsAt(read, config, '/rest/v1.0/line_item_types', types),
  };
}

/** Codes of one sub job: the list of its project leaves them out. */
export function costCodesOfSubJob(
  read: Read,
  { projectId, subJobId }: { readonly projectId: string; readonly subJobId: string },
  config: ProcoreConfig,
): Promise<ReadonlyMap<string, string>> {
  const query = { project_id: projectId, sub_job_id: subJobId };
  return idsAt(read, config, '/rest/v1.0/cost_codes', query);
}

async function idsAt(
  read: Read,
  config: ProcoreConfig,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, string>> {
  const rows = await readList(read, { path, query, pageSize: config.pageSize });
  const codes = rows.map((row) => parsed(codingRow, row, 'a cost code'));
  return new Map(
    codes.flatMap(({ id, full_code, code }) =>
      (full_code ?? code) === null ? [] : [[(full_code ?? code)!, id]],
    ),
  );
}
