import { wbsCodeRow } from './budget-wire.ts';
import type { Reads } from './client.ts';
import type { ProcoreConfig } from './config.ts';
import { readList } from './paging.ts';
import { type ContractLine, parsed } from './wire.ts';

type Named = { readonly code: string; readonly name: string | null };

/** A code of the budget by what it is made of: one item of each segment that the project codes by. */
export type WbsCoding = { readonly costCode: Named; readonly costType: Named };

/** The codes of a project's budget that are of no sub job: what a sub job's would be called is published nowhere. */
export async function wbsCodings(
  { read }: Pick<Reads, 'read'>,
  projectId: string,
  { pageSize }: ProcoreConfig,
): Promise<ReadonlyMap<string, WbsCoding>> {
  const path = `/rest/v1.0/projects/${encodeURIComponent(projectId)}/work_breakdown_structure/wbs_codes`;
  const rows = await readList(read, { path, query: {}, pageSize });
  return new Map(
    rows.flatMap((row): [string, WbsCoding][] => {
      const { id, segment_items } = parsed(wbsCodeRow, row, 'a code of the budget');
      const item = (type: string): Named | null => {
        const found = segment_items?.find(({ segment }) => segment?.type === type);
        const code = found?.path_code ?? found?.code ?? null;
        return code === null ? null : { code, name: found?.name ?? null };
      };
      const [costCode, costType] = [item('cost_code'), item('line_item_type')];
      return costCode === null || costType === null || item('sub_job') !== null
        ? []
        : [[id, { costCode, costType }]];
    }),
  );
}

type Line = Pick<ContractLine, 'cost_code' | 'line_item_type' | 'wbs_code'>;

/** Lines with the codes of the code of the budget that they name instead of a cost code; listed only where one does. */
export async function withWbsCodes<L extends Line>(
  client: Pick<Reads, 'read'>,
  projectId: string,
  config: ProcoreConfig,
  lines: readonly L[],
): Promise<L[]> {
  if (!lines.some(isUncoded)) return [...lines];
  const codings = await wbsCodings(client, projectId, config);
  return lines.map((line) => {
    const coding = isUncoded(line) ? codings.get(line.wbs_code?.id ?? '') : undefined;
    if (coding === undefined) return line;
    const { costCode, costType } = coding;
    return {
      ...line,
      cost_code: { ...NO_BILLER, ...costCode, full_code: costCode.code },
      line_item_type: costType,
    };
  });
}

function isUncoded({ cost_code, wbs_code }: Line): boolean {
  return cost_code == null && wbs_code?.id != null;
}

const NO_BILLER = { biller: null, biller_id: null, biller_type: null };
