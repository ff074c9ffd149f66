import type { PrimeContract } from '../contracts/prime-contract-store.ts';
import { primeLineView, primeListView, primeShowView } from '../contracts/prime-contract-views.ts';
import { permittedProject } from '../http/auth.ts';
import { financeNotFound } from '../http/errors.ts';
import {
  assertParameters,
  lineFilter,
  lineFilters,
  paged,
  pagingParameters,
  requiredInteger,
  stampedFilter,
} from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';

/** The list is plural and the page of one is singular, as published. */
export const primeContractRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/rest/v1.0/prime_contracts', handle: listContracts },
  { method: 'GET', pattern: '/rest/v1.0/prime_contract/:id', handle: showContract },
  { method: 'GET', pattern: '/rest/v1.0/prime_contracts/:id/line_items', handle: listLines },
];

function listContracts(context: Context): Answer {
  const { world, query, connection } = context;
  assertParameters(query, [...pagingParameters, 'project_id', 'filters[id]', 'filters[updated_at]']);
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  const keep = stampedFilter(query);
  const rows = [...world.primeContracts.values()].filter((row) => row.project_id === project.id && keep(row));
  return paged(context, rows, (row) => primeListView(world, row));
}

function showContract(context: Context): Answer {
  assertParameters(context.query, ['project_id']);
  return { status: 200, body: primeShowView(context.world, primeContractOf(context)) };
}

function listLines(context: Context): Answer {
  const { world, query } = context;
  assertParameters(query, [...pagingParameters, 'project_id', ...lineFilters]);
  const contract = primeContractOf(context);
  const rows = world.contractLines(contract).filter(lineFilter(query));
  return paged(context, rows, (line) => primeLineView(world, contract, line));
}

/** The prime contract of the path in the project of the query. */
export function primeContractOf({ world, connection, query, params }: Context): PrimeContract {
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  const id = Number(params.id);
  const contract = world.primeContracts.get(id);
  if (contract?.project_id !== project.id) throw financeNotFound('PrimeContract', id);
  return contract;
}
