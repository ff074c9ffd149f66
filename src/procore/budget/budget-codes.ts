import type { BudgetMove, OwnCoding } from '../../domain/budget/budget.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { readList } from '../http/paging.ts';
import { codingRow, parsed } from '../wire.ts';
import { type BudgetExport, budgetLineShow } from './budget-wire.ts';
import { wbsCodings } from './wbs-codes.ts';

type JobCost = BudgetExport['job_costs'][number];
type WbsCode = { readonly id: string | null; readonly flat_code: string | null };
type Row = { readonly code: string; readonly originId: string | null };

export type Coded = Pick<BudgetMove, 'costCode' | 'costType' | 'own' | 'label'>;

/** Codes of budget lines: by what an export says the ERP calls them, or by the code of the budget that a line bears. */
export async function budgetCodes({ client, config }: Reading, projectId: string) {
  const listed = async (path: string, query: Readonly<Record<string, string>>): Promise<Row[]> => {
    const rows = await readList(client.read, { path, query, pageSize: config.pageSize });
    return rows.flatMap((row) => {
      const { full_code, code, origin_id } = parsed(codingRow, row, 'a cost code');
      return (full_code ?? code) === null ? [] : [{ code: (full_code ?? code)!, originId: origin_id }];
    });
  };
  const codes = await listed('/rest/v1.0/cost_codes', { project_id: projectId });
  const types = await listed('/rest/v1.0/line_item_types', {
    company_id: config.companyId,
    project_id: projectId,
  });
  let made: ReturnType<typeof wbsCodings> | undefined;

  /** An export names a line by what the ERP calls its codes; where it does not, the line itself is read. */
  async function ofJobCost(jobCost: JobCost | null): Promise<Coded> {
    const code = byOrigin(codes, jobCost?.cost_code_origin_id ?? null);
    const type = byOrigin(types, jobCost?.line_item_type_origin_id ?? null);
    const isOfProject = (jobCost?.sub_job_origin_id ?? null) === null;
    const own = isOfProject ? ownOf(jobCost?.cost_code_origin_id, jobCost?.line_item_type_origin_id) : null;
    if (isOfProject && code !== undefined && type !== undefined) return { ...coded(code, type), own };
    const found = await ofLine(jobCost?.budget_line_item_id ?? null);
    return found.costCode === null ? found : { ...found, own };
  }

  async function ofLine(lineId: string | null): Promise<Coded> {
    const found =
      lineId === null
        ? null
        : await client.find(`/rest/v1.1/budget_line_items/${lineId}?project_id=${projectId}`);
    if (found === null) return ofWbs(null);
    return ofWbs(parsed(budgetLineShow, found.value, `budget line ${lineId}`).wbs_code ?? null);
  }

  /** Most flat codes can be read as they are; only for the others the codes of the budget are listed. */
  async function ofWbs(wbs: WbsCode | null): Promise<Coded> {
    const flat = wbs?.flat_code ?? null;
    const parts =
      (flat === null ? null : splitCode(flat, codes, types)) ?? (await listedCode(wbs?.id ?? null));
    if (parts === null)
      return { costCode: null, costType: null, own: null, label: flat ?? 'A line without a code' };
    const [code, type] = parts;
    const [costCode, costType] = [
      codes.find((row) => row.code === code),
      types.find((row) => row.code === type),
    ];
    return { ...coded(code, type), own: ownOf(costCode?.originId, costType?.originId) };
  }

  async function listedCode(id: string | null): Promise<[string, string] | null> {
    if (id === null) return null;
    made ??= wbsCodings(client, projectId, config);
    const coding = (await made).get(id);
    return coding === undefined ? null : [coding.costCode.code, coding.costType.code];
  }

  return { ofJobCost, ofLine, ofWbs };
}

function byOrigin(rows: readonly Row[], originId: string | null): string | undefined {
  return originId === null ? undefined : rows.find((row) => row.originId === originId)?.code;
}

function ownOf(code: string | null | undefined, costType: string | null | undefined): OwnCoding | null {
  return code && costType ? { kind: 'cost-code', code, costType } : null;
}

/** A flat code is a cost code, one character between, and a cost type; a sub job before them makes it none of these. */
function splitCode(flat: string, codes: readonly Row[], types: readonly Row[]): [string, string] | null {
  for (const { code: type } of types) {
    if (!flat.endsWith(type)) continue;
    const cost = flat.slice(0, -(type.length + 1));
    if (codes.some(({ code }) => code === cost)) return [cost, type];
  }
  return null;
}

function coded(code: string, type: string): Omit<Coded, 'own'> {
  return { costCode: { code, name: '' }, costType: { code: type, name: '' }, label: `${code} ${type}` };
}
