import type { ForecastLine, ForecastSpread } from '../budget/forecast-store.ts';
import { wbsCodeOf } from '../budget/wbs-code-store.ts';
import { currency } from '../contracts/contract-views.ts';
import { amountNumber } from '../erp-tool/erp-budget-events.ts';
import { permittedProject } from '../http/auth.ts';
import { decimalText, moneyText, QUANTITY_SCALE } from '../http/decimals.ts';
import { assertParameters, integerParameter, pagingParameters } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { World } from '../state.ts';

const USUAL_ROWS = 10;
const MOST_ROWS = 100;

/** What people expect a budget to come to: lines typed by hand, and what is spread over months. */
export const forecastRoutes: readonly Route[] = [
  {
    method: 'GET',
    pattern: '/rest/v1.0/projects/:project_id/manual_forecast_line_items',
    handle: listLines,
  },
  {
    method: 'GET',
    pattern: '/rest/v2.0/companies/:company_id/projects/:project_id/advanced_forecastings/rows',
    handle: listRows,
  },
];

/** In one piece: the catalogue knows no parameter of paging here. */
function listLines(context: Context): Answer {
  const { world, connection, query, params } = context;
  assertParameters(query, []);
  const project = permittedProject(world, connection, Number(params.project_id));
  const lines = [...world.forecastLines.values()].filter(({ project_id }) => project_id === project.id);
  return { status: 200, body: lines.map((line) => lineView(world, line)) };
}

function lineView(world: World, line: ForecastLine): Record<string, unknown> {
  const { id, budget_line_item_id, description, uom, project_id, company_id } = line;
  return {
    ...{ id, budget_line_item_id, description, uom, project_id, company_id },
    wbs_code_id: codeOf(world, line),
    budget_forecast_id: budget_line_item_id + 1,
    quantity: Number(line.quantity / 10n ** BigInt(QUANTITY_SCALE)),
    unit_cost: decimalText(line.unit_cost, QUANTITY_SCALE),
    amount: moneyText(line.amount),
    created_at: isoSeconds(line.created_at),
    updated_at: isoSeconds(line.updated_at),
    currency_configuration: currency(world, company_id),
  };
}

/** Pages of at most a hundred rows, and no header that says whether there are more (none is documented). */
function listRows(context: Context): Answer {
  const { world, connection, query, params } = context;
  assertParameters(query, pagingParameters);
  const project = permittedProject(world, connection, Number(params.project_id));
  const rows = [...world.forecastSpreads.values()].filter(({ project_id }) => project_id === project.id);
  const size = Math.min(Math.max(1, integerParameter(query, 'per_page') ?? USUAL_ROWS), MOST_ROWS);
  const from = (Math.max(1, integerParameter(query, 'page') ?? 1) - 1) * size;
  return { status: 200, body: { data: rows.slice(from, from + size).map((row) => rowView(world, row)) } };
}

function rowView(world: World, row: ForecastSpread): Record<string, unknown> {
  const { start_date, end_date, curve, periods } = row;
  return {
    ...{ start_date, end_date, curve },
    budget_line_item_id: String(row.budget_line_item_id),
    wbs_code_id: String(codeOf(world, row)),
    forecast_to_complete: amountNumber(row.forecast_to_complete),
    periods: periods.map(({ period_date, amount }) => ({ period_date, amount: amountNumber(amount) })),
  };
}

function codeOf(world: World, { project_id, budget_line_item_id }: ForecastLine | ForecastSpread): number {
  const line = world.budgetLines.get(budget_line_item_id);
  if (line === undefined) throw new Error(`no budget line ${budget_line_item_id}`);
  return wbsCodeOf(world, project_id, line).id;
}
