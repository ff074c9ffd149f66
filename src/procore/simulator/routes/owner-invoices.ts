import { ownerInvoicesOf } from '../billing/owner-invoice-store.ts';
import { ownerInvoiceListView, ownerInvoiceShowView } from '../billing/owner-invoice-views.ts';
import { permittedProject } from '../http/auth.ts';
import { financeNotFound } from '../http/errors.ts';
import {
  assertParameters,
  enumFilter,
  idFilter,
  paged,
  pagingParameters,
  requiredInteger,
} from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { primeContractOf } from './prime-contracts.ts';

export const ownerInvoiceRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/rest/v1.0/payment_applications', handle: listOfProject },
  { method: 'GET', pattern: '/rest/v1.0/payment_applications/:id', handle: showInvoice },
  { method: 'GET', pattern: '/rest/v1.0/prime_contracts/:id/payment_applications', handle: listOfContract },
];

function listOfProject(context: Context): Answer {
  const { world, connection, query } = context;
  assertParameters(query, [...pagingParameters, 'project_id']);
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  const rows = [...world.ownerInvoices.values()].filter(({ project_id }) => project_id === project.id);
  return paged(context, rows, (row) => ({
    ...ownerInvoiceListView(world, row),
    description_type: 'automatic',
  }));
}

function listOfContract(context: Context): Answer {
  const { world, query } = context;
  assertParameters(query, [...pagingParameters, 'project_id', 'filters[id]', 'filters[is_last]']);
  const all = ownerInvoicesOf(world, primeContractOf(context).id);
  const ids = idFilter(query, 'filters[id]');
  const last = enumFilter(query, 'filters[is_last]', ['true', 'false']);
  const rows = all.filter(
    (row) => (ids?.has(row.id) ?? true) && (last === null || (row === all.at(-1)) === (last === 'true')),
  );
  return paged(context, rows, (row) => ownerInvoiceListView(world, row));
}

function showInvoice(context: Context): Answer {
  const { world, connection, query, params, origin } = context;
  assertParameters(query, ['project_id']);
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  const invoice = world.ownerInvoices.get(Number(params.id));
  if (invoice?.project_id !== project.id) throw financeNotFound('PaymentApplication', params.id ?? '');
  return { status: 200, body: ownerInvoiceShowView(world, invoice, origin) };
}
