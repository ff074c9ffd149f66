import type { Pulled } from '../../connectors/connector.ts';
import type { BudgetMove } from '../../domain/budget/budget.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { amountText } from '../commitments/commitments.ts';
import type { ProcoreConfig } from '../config.ts';
import { ofExport } from '../erp-tool/exported.ts';
import { asTree, textOf } from '../http/errors.ts';
import { readList } from '../http/paging.ts';
import type { BudgetRef } from '../hub.ts';
import { parsed } from '../wire.ts';
import { budgetCodes, type Coded } from './budget-codes.ts';
import { type BudgetExport, budgetExport, transactionRow } from './budget-wire.ts';

type Transaction = BudgetExport['transactions'][number];

/**
 * A budget as the request that exports it states it, with what the ERP tool says of each transaction now: a request
 * that comes twice, or late, may carry what was synced since.
 */
export async function fetchBudget(reading: Reading, ref: BudgetRef): Promise<Pulled | null> {
  const found = await exported(reading, ref);
  if (found === null) return null;
  const { config } = reading;
  const row = ofExport(() => parsed(budgetExport, found.value, `budget ${ref.id}`));
  const [codes, now] = await Promise.all([budgetCodes(reading, ref.projectId), transactions(reading, ref)]);
  const jobCosts = new Map(row.job_costs.map((jobCost) => [jobCost.id, jobCost]));
  const moves: BudgetMove[] = [];
  for (const transaction of row.transactions) {
    const coded = await codes.ofJobCost(jobCosts.get(transaction.job_cost_id ?? '') ?? null);
    const move = ofExport(() => moveOf(transaction, now.get(transaction.id) ?? transaction, config));
    moves.push({ ...move, ...coded });
  }
  const record = {
    object: 'budget',
    id: ref.id,
    projectId: ref.projectId,
    currency: config.currency,
    originId: row.budget.origin_id,
    moves,
    changesOf: null,
    hidesChanges: row.transactions.some(isOfUnknownKind),
    problems: [],
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

/** Only transactions of the original estimate are documented. */
function isOfUnknownKind({ type, procore_transaction_type: source }: Transaction): boolean {
  return type !== null && !/OriginalEstimate/.test(type) && !BUDGET_CHANGE.test(source ?? '');
}

const BUDGET_CHANGE = /budget_?change/i;

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
    changeId: BUDGET_CHANGE.test(type ?? '') ? source : null,
  };
}
