import type { Pulled } from '../connectors/connector.ts';
import type { BudgetMove, OwnCoding } from '../domain/budget.ts';
import type { JsonValue } from '../lib/decimal-json.ts';
import type { Reading } from './commitment-reads.ts';
import { amountText } from './commitments.ts';
import type { ProcoreConfig } from './config.ts';
import { asTree, textOf } from './errors.ts';
import type { BudgetRef } from './hub.ts';
import { readList } from './paging.ts';
import {
  type BudgetExport,
  budgetExport,
  budgetLineShow,
  codingRow,
  parsed,
  transactionRow,
} from './wire.ts';

type Transaction = BudgetExport['transactions'][number];
type JobCost = BudgetExport['job_costs'][number];

/**
 * A budget as the request that exports it states it, with what the ERP tool says of each transaction now: a request
 * that comes twice, or late, may carry what was synced since.
 */
export async function fetchBudget(reading: Reading, ref: BudgetRef): Promise<Pulled | null> {
  const found = await exported(reading, ref);
  if (found === null) return null;
  const { config } = reading;
  const row = parsed(budgetExport, found.value, `budget ${ref.id}`);
  const [codings, now] = await Promise.all([codingsOf(reading, ref.projectId), transactions(reading, ref)]);
  const jobCosts = new Map(row.job_costs.map((jobCost) => [jobCost.id, jobCost]));
  const moves: BudgetMove[] = [];
  for (const transaction of row.transactions) {
    const coded = await codings.of(jobCosts.get(transaction.job_cost_id ?? '') ?? null);
    moves.push({ ...moveOf(transaction, now.get(transaction.id) ?? transaction, config), ...coded });
  }
  const record = {
    object: 'budget',
    id: ref.id,
    projectId: ref.projectId,
    currency: config.currency,
    originId: row.budget.origin_id,
    moves,
    url: `${config.webUrl.replace(/\/+$/, '')}/${config.companyId}/projects/${ref.projectId}/budgeting`,
  } as const;
  return { record, raw: found.raw };
}

async function exported(
  { client, config }: Reading,
  { id, requestId }: BudgetRef,
): Promise<{ readonly value: JsonValue; readonly raw: string } | null> {
  const path = `/rest/v1.0/companies/${config.companyId}/erp_requests/${encodeURIComponent(requestId)}`;
  const found = await client.find(path);
  const envelope = found === null ? null : asTree(found.value);
  if (found === null || envelope === null) return null;
  const data = envelope.request_data ?? envelope;
  const isOurs = textOf(asTree(asTree(data)?.budget)?.id) === id;
  return isOurs ? { value: data, raw: found.raw } : null;
}

/** What the ERP tool knows of the transactions of a project, by their ids. */
async function transactions(
  { client, config }: Reading,
  { projectId }: BudgetRef,
): Promise<ReadonlyMap<string, Pick<Transaction, 'origin_id' | 'synced'>>> {
  const query = { company_id: config.companyId, project_id: projectId, view: 'extended' };
  const list = { path: '/rest/v1.0/erp_transactions', query, pageSize: config.pageSize };
  const rows = await readList(client.read, list);
  return new Map(
    rows.map((row) => {
      const transaction = parsed(transactionRow, row, 'an ERP transaction');
      return [transaction.id, transaction];
    }),
  );
}

/** Which budget change moved it is told where its type names one; only the original estimate is documented. */
function moveOf(
  { id, value, procore_transaction_id: source, procore_transaction_type: type }: Transaction,
  now: Pick<Transaction, 'origin_id' | 'synced'>,
  { currency }: ProcoreConfig,
): Omit<BudgetMove, keyof Coded> {
  return {
    id,
    amount: amountText(value, currency, `value of transaction ${id}`),
    synced: now.synced ?? false,
    originId: now.origin_id,
    changeId: /budget_?change/i.test(type ?? '') ? source : null,
  };
}

type Coded = Pick<BudgetMove, 'costCode' | 'costType' | 'own' | 'label'>;

/** Codes of budget lines. An export names them by what the ERP calls them, and where it does not the line itself is read. */
async function codingsOf({ client, config }: Reading, projectId: string) {
  const listed = async (path: string, query: Readonly<Record<string, string>>) => {
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
  const byOrigin = (rows: typeof codes, originId: string | null) =>
    originId === null ? undefined : rows.find((row) => row.originId === originId)?.code;
  return {
    async of(jobCost: JobCost | null): Promise<Coded> {
      const code = byOrigin(codes, jobCost?.cost_code_origin_id ?? null);
      const type = byOrigin(types, jobCost?.line_item_type_origin_id ?? null);
      const isOfProject = (jobCost?.sub_job_origin_id ?? null) === null;
      const own: OwnCoding | null =
        isOfProject && jobCost?.cost_code_origin_id && jobCost.line_item_type_origin_id
          ? {
              kind: 'cost-code',
              code: jobCost.cost_code_origin_id,
              costType: jobCost.line_item_type_origin_id,
            }
          : null;
      if (isOfProject && code !== undefined && type !== undefined) return { ...coded(code, type), own };
      const flat = await flatCode(jobCost?.budget_line_item_id ?? null);
      const parts = flat === null ? null : splitCode(flat, codes, types);
      if (parts !== null) return { ...coded(...parts), own };
      return { costCode: null, costType: null, own: null, label: flat ?? 'A line without a code' };
    },
  };

  async function flatCode(lineId: string | null): Promise<string | null> {
    if (lineId === null) return null;
    const found = await client.find(`/rest/v1.1/budget_line_items/${lineId}?project_id=${projectId}`);
    if (found === null) return null;
    return parsed(budgetLineShow, found.value, `budget line ${lineId}`).wbs_code?.flat_code ?? null;
  }
}

/** A flat code is a cost code, one character between, and a cost type; a sub job before them makes it none of these. */
function splitCode(
  flat: string,
  codes: readonly { readonly code: string }[],
  types: readonly { readonly code: string }[],
): [string, string] | null {
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
