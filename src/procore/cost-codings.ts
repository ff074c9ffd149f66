import type { Read } from '../domain/writes.ts';
import type { ProcoreConfig } from './config.ts';
import { readList } from './paging.ts';
import { codingRow, parsed } from './wire.ts';

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
  const idsAt = async (path: string, query: Readonly<Record<string, string>>) => {
    const rows = await readList(read, { path, query, pageSize: config.pageSize });
    const codes = rows.map((row) => parsed(codingRow, row, 'a cost code'));
    return new Map(
      codes.flatMap(({ id, full_code, code }) =>
        (full_code ?? code) === null ? [] : [[(full_code ?? code)!, id]],
      ),
    );
  };
  return {
    costCodes: await idsAt('/rest/v1.0/cost_codes', { project_id: projectId }),
    costTypes: await idsAt('/rest/v1.0/line_item_types', {
      company_id: config.companyId,
      project_id: projectId,
    }),
  };
}
