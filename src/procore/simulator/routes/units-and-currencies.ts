import { permittedProject } from '../http/auth.ts';
import { notFound } from '../http/errors.ts';
import { assertParameters, paged, pagingParameters } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import type { Unit } from '../records.ts';

const UNITS = '/rest/v1.0/companies/:company_id/uoms';
const CURRENCY = '/rest/v1.0/companies/:company_id/projects/:project_id/currency_configuration';

export const unitAndCurrencyRoutes: readonly Route[] = [
  { method: 'GET', pattern: UNITS, handle: listUnits },
  { method: 'GET', pattern: `${UNITS}/:id`, handle: showUnit },
  { method: 'GET', pattern: CURRENCY, handle: showCurrency },
];

function listUnits(context: Context): Answer {
  assertParameters(context.query, [...pagingParameters]);
  const rows = [...context.world.units.values()].filter((unit) => unit.company_id === context.company.id);
  return paged(context, rows, unitView);
}

function showUnit({ world, company, params, query }: Context): Answer {
  assertParameters(query, []);
  const unit = world.units.get(Number(params.id));
  if (unit?.company_id !== company.id) throw notFound();
  return { status: 200, body: unitView(unit) };
}

function unitView({ id, name, description, is_standard, category }: Unit): Record<string, unknown> {
  return { id, is_standard, name, description, uom_category: { id: 1, name: category } };
}

/** A project has the currency of its company unless it was given one of its own. */
function showCurrency({ world, connection, params, company, query }: Context): Answer {
  assertParameters(query, []);
  const project = permittedProject(world, connection, Number(params.project_id));
  const own = world.projectCurrencies.get(project.id);
  return {
    status: 200,
    body: {
      company_id: company.id,
      project_id: project.id,
      currency_iso_code: own ?? company.currency,
      currency_display: 'symbol',
      company_currency_exchange_rate_override: null,
      multicurrency_enabled: own !== undefined,
      eligible_for_financial_objs_multicurrency: true,
    },
  };
}
