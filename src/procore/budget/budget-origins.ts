import type { Operation } from '../../domain/documents.ts';
import type { ProbeResult, Read, Write } from '../../domain/posting/writes.ts';
import { contentHash } from '../../domain/values/canonical.ts';
import { jsonNumber } from '../../lib/decimal-json.ts';
import type { ProcoreConfig } from '../config.ts';
import { closingWrite } from '../erp-tool/closings.ts';
import { originWrite, readOrigins } from '../erp-tool/external-data.ts';
import { readList } from '../http/paging.ts';
import { classifySync } from '../outcomes.ts';
import { parsed } from '../wire.ts';
import { transactionRow } from './budget-wire.ts';

type ConfirmBudget = Extract<Operation, { kind: 'confirm-budget' }>;
type Marked = { readonly id: string; readonly originId: string };

// Sync calls take at most 1,000 rows; the budget itself and the closing are two more of at most ten writes.
const ROWS_PER_CALL = 1_000;
const MAX_CALLS = 8;

/** Marks the budget, then what was carried of it, and answers who sent it last: that says that the rest stands. */
export function budgetWrites(operation: ConfirmBudget, config: ProcoreConfig): readonly Write[] {
  const { budgetId, originId, originCode, closing } = operation;
  const header = { itemType: 'budget', id: budgetId };
  const rows = [{ itemType: 'budget', itemId: budgetId, originId, originCode }];
  return [
    originWrite('mark-synced', rows, header, config, (read) => readOrigins(read, rows, config)),
    ...transactionWrites(operation, config),
    ...(closing === null ? [] : [closingWrite(closing, config)]),
  ];
}

function transactionWrites(operation: ConfirmBudget, config: ProcoreConfig): Write[] {
  const marked = Object.entries(operation.moves).map(([id, originId]) => ({ id, originId }));
  if (marked.length > ROWS_PER_CALL * MAX_CALLS)
    throw new RangeError(`${marked.length} transactions are more than ${MAX_CALLS} calls can carry`);
  const parts: Marked[][] = [];
  for (let start = 0; start < marked.length; start += ROWS_PER_CALL)
    parts.push(marked.slice(start, start + ROWS_PER_CALL));
  return parts.map((part, place) => transactionWrite(operation, part, place, config));
}

function transactionWrite(
  { budgetId, projectId }: ConfirmBudget,
  marked: readonly Marked[],
  place: number,
  config: ProcoreConfig,
): Write {
  const targetHash = contentHash(marked);
  const name = `mark-transactions-${place + 1}`;
  return {
    name,
    kind: 'set',
    answerProves: true,
    object: 'budget',
    reference: `budget/${budgetId}/${name}/${targetHash.slice(-12)}`,
    targetHash,
    encode: () => ({
      method: 'PATCH',
      path: '/rest/v1.0/erp_transactions/sync',
      body: JSON.stringify({
        project_id: jsonNumber(projectId),
        updates: marked.map(({ id, originId }) => {
          return { id: jsonNumber(id), origin_id: originId, synced: true };
        }),
      }),
    }),
    probe: (read) => standingOf(read, { budgetId, projectId }, marked, config),
    classify: (response) => classifySync(response, marked.length, budgetId),
  };
}

/** What carries another id was taken by somebody else, and is never overwritten. */
async function standingOf(
  read: Read,
  { budgetId: id, projectId }: Pick<ConfirmBudget, 'budgetId' | 'projectId'>,
  marked: readonly Marked[],
  config: ProcoreConfig,
): Promise<ProbeResult> {
  const query = { company_id: config.companyId, project_id: projectId, view: 'extended' };
  const rows = await readList(read, {
    path: '/rest/v1.0/erp_transactions',
    query,
    pageSize: config.pageSize,
  });
  const there = new Map(
    rows.map((row) => {
      const transaction = parsed(transactionRow, row, 'an ERP transaction');
      return [transaction.id, transaction];
    }),
  );
  let reached = true;
  for (const { id: wanted, originId } of marked) {
    const row = there.get(wanted);
    const elsewhere = (difference: string): ProbeResult => {
      return { kind: 'standing', standing: 'elsewhere', id, difference };
    };
    if (row === undefined) return elsewhere(`transaction ${wanted} is not in Procore any more`);
    if (row.origin_id !== null && row.origin_id !== originId)
      return elsewhere(`transaction ${wanted} carries the origin id "${row.origin_id}", not "${originId}"`);
    reached &&= row.origin_id === originId && row.synced === true;
  }
  return { kind: 'standing', standing: reached ? 'at-target' : 'at-base', id };
}
