import type { SubJobRef } from '../../domain/planning/sub-job-place.ts';
import type { ProcoreConfig } from '../config.ts';
import type { Reads } from '../http/client.ts';
import { readList } from '../http/paging.ts';
import { subJobs } from '../masters/code-lists.ts';
import { type ContractLine, parsed } from '../wire.ts';
import { wbsCodeRow } from './budget-wire.ts';

type Named = { readonly code: string; readonly name: string | null };

/** A code of the budget by what it is made of: one item of each segment that the project codes by. */
export type WbsCoding = { readonly costCode: Named; readonly costType: Named };

type ListedCode = WbsCoding & {
  /** The sub job whose code it is, by the code of that one. */
  readonly subJob: string | null;
};

/** The codes of a project's budget that are of no sub job: an ERP's budget is of the whole job. */
export async function wbsCodings(
  client: Pick<Reads, 'read'>,
  projectId: string,
  config: ProcoreConfig,
): Promise<ReadonlyMap<string, WbsCoding>> {
  const listed = await listedCodes(client, projectId, config);
  return new Map([...listed].filter(([, { subJob }]) => subJob === null));
}

async function listedCodes(
  { read }: Pick<Reads, 'read'>,
  projectId: string,
  { pageSize }: ProcoreConfig,
): Promise<ReadonlyMap<string, ListedCode>> {
  const path = `/rest/v1.0/projects/${encodeURIComponent(projectId)}/work_breakdown_structure/wbs_codes`;
  const rows = await readList(read, { path, query: {}, pageSize });
  return new Map(
    rows.flatMap((row): [string, ListedCode][] => {
      const { id, segment_items } = parsed(wbsCodeRow, row, 'a code of the budget');
      const item = (type: string): Named | null => {
        const found = segment_items?.find(({ segment }) => segment?.type === type);
        const code = found?.path_code ?? found?.code ?? null;
        return code === null ? null : { code, name: found?.name ?? null };
      };
      const [costCode, costType, subJob] = [item('cost_code'), item('line_item_type'), item('sub_job')];
      return costCode === null || costType === null
        ? []
        : [[id, { costCode, costType, subJob: subJob?.code ?? null }]];
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
  const codes = await listedCodes(client, projectId, config);
  const named = lines.map((line) => (isUncoded(line) ? codes.get(line.wbs_code?.id ?? '') : undefined));
  const places = named.some((code) => code?.subJob != null)
    ? await subJobsByCode(client, projectId, config)
    : null;
  return lines.map((line, index) => {
    const coding = named[index];
    if (coding === undefined) return line;
    const { costCode, costType, subJob } = coding;
    const place = subJob === null ? null : (places?.get(subJob) ?? null);
    // Of a sub job that cannot be told: it is left uncoded, and whoever is asked reads why.
    if (subJob !== null && place === null) return line;
    return {
      ...line,
      cost_code: { ...billerOf(place), ...costCode, full_code: costCode.code },
      line_item_type: costType,
    };
  });
}

/** A segment names a sub job by its code and not by its id: one that several bear names none. */
async function subJobsByCode(
  { read }: Pick<Reads, 'read'>,
  projectId: string,
  config: ProcoreConfig,
): Promise<ReadonlyMap<string, SubJobRef | null>> {
  const byCode = new Map<string, SubJobRef | null>();
  for (const { record } of await subJobs(read, projectId, config))
    byCode.set(record.code, byCode.has(record.code) ? null : { id: record.id, name: record.name });
  return byCode;
}

function isUncoded({ cost_code, wbs_code }: Line): boolean {
  return cost_code == null && wbs_code?.id != null;
}

function billerOf(subJob: SubJobRef | null) {
  if (subJob === null) return { biller: null, biller_id: null, biller_type: null };
  return { biller: subJob.name, biller_id: subJob.id, biller_type: 'SubJob' };
}
