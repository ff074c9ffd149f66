import { z } from 'zod';
import { budgetTransactions, type ErpTransaction } from '../budget/budget-store.ts';
import { wbsCodeOf, wbsRef } from '../budget/wbs-code-store.ts';
import { currency } from '../contracts/contract-views.ts';
import { amountNumber, transactionView } from '../erp-tool/erp-budget-events.ts';
import { permittedProject } from '../http/auth.ts';
import { idField, parsedBody, textField } from '../http/body.ts';
import { decimalText, QUANTITY_SCALE } from '../http/decimals.ts';
import { type Errors, fieldErrors, notFound, TAKEN } from '../http/errors.ts';
import { assertParameters, enumFilter, paged, pagingParameters, requiredInteger } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { assertRowCount } from './vendors.ts';

const TRANSACTIONS = '/rest/v1.0/erp_transactions';

/** The published reads of a budget, and the ERP tool's own book of what went out. */
export const budgetRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/rest/v1.0/projects/:project_id/budget', handle: showBudget },
  { method: 'GET', pattern: '/rest/v1.1/budget_line_items/:id', handle: showLine },
  { method: 'GET', pattern: TRANSACTIONS, handle: listTransactions },
  { method: 'PATCH', pattern: `${TRANSACTIONS}/sync`, handle: syncTransactions },
  { method: 'PATCH', pattern: `${TRANSACTIONS}/:id`, handle: patchTransaction },
];

const change = { origin_id: textField.optional(), synced: z.boolean().optional() };
const patchBody = z.strictObject({ transaction: z.strictObject(change) });
const syncBody = z.strictObject({
  project_id: idField,
  updates: z.array(z.strictObject({ id: idField, ...change })),
});

function showBudget(context: Context): Answer {
  assertParameters(context.query, []);
  const project = permittedProject(context.world, context.connection, Number(context.params.project_id));
  return { status: 200, body: { locked: context.world.budgets.get(project.id)?.locked ?? false } };
}

function showLine(context: Context): Answer {
  const { world, connection, query, params } = context;
  assertParameters(query, ['project_id']);
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  const line = world.budgetLines.get(Number(params.id));
  if (line?.project_id !== project.id) throw notFound('Budget Line Item not found');
  const body = {
    id: line.id,
    original_budget_amount: amountNumber(line.amount),
    uom: line.uom,
    quantity: Number(decimalText(line.quantity, QUANTITY_SCALE)),
    unit_cost: Number(decimalText(line.unit_cost, QUANTITY_SCALE)),
    calculation_strategy: line.calculation_strategy,
    wbs_code: wbsRef(world, wbsCodeOf(world, project.id, line)),
    currency_configuration: currency(world, line.company_id),
  };
  return { status: 200, body };
}

function listTransactions(context: Context): Answer {
  const { world, query } = context;
  assertParameters(query, [...pagingParameters, 'company_id', 'project_id', 'view']);
  enumFilter(query, 'view', ['extended']);
  requiredInteger(query, 'company_id');
  return paged(context, budgetTransactions(world, projectIdOf(context)), transactionView);
}

function patchTransaction(context: Context): Answer {
  assertParameters(context.query, ['company_id', 'project_id']);
  const { transaction: input } = parsedBody(patchBody, context.body);
  const transaction = context.world.erpTransactions.get(Number(context.params.id));
  if (transaction?.project_id !== projectIdOf(context)) throw notFound('ERP Transaction not found');
  const errors = edit(context, transaction, input);
  if (errors) throw fieldErrors(422, errors);
  return { status: 200, body: transactionView(transaction) };
}

function syncTransactions(context: Context): Answer {
  const { world, connection } = context;
  assertParameters(context.query, []);
  assertRowCount(context.body);
  const body = parsedBody(syncBody, context.body);
  const project = permittedProject(world, connection, body.project_id);
  const entities: unknown[] = [];
  const errors: unknown[] = [];
  for (const row of body.updates) {
    const transaction = world.erpTransactions.get(row.id);
    if (transaction?.project_id !== project.id) {
      errors.push({ ...row, errors: { id: ['Entity with this ID not found'] } });
      continue;
    }
    const refused = edit(context, transaction, row);
    if (refused) errors.push({ ...row, errors: refused });
    else entities.push(transactionView(transaction));
  }
  return { status: 200, body: { entities, errors } };
}

function edit(
  { world }: Context,
  transaction: ErpTransaction,
  input: { origin_id?: string | null | undefined; synced?: boolean | undefined },
): Errors | null {
  const { company_id: companyId, id } = transaction;
  const target = { companyId, itemType: 'erp_transaction', id, record: transaction };
  if (!world.setOrigin(target, { origin_id: input.origin_id })) return TAKEN;
  transaction.synced = input.synced ?? transaction.synced;
  transaction.updated_at = world.clock.now();
  return null;
}

function projectIdOf({ world, connection, query }: Context): number {
  return permittedProject(world, connection, requiredInteger(query, 'project_id')).id;
}
