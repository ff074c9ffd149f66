import { z } from 'zod';
import { codingErrors, type JobCost, writeJobCost } from '../costs/job-cost-store.ts';
import { assertSameCompany, isPermitted } from '../http/auth.ts';
import { decimalField, idField, parsedBody } from '../http/body.ts';
import { MONEY_SCALE, moneyText } from '../http/decimals.ts';
import { fieldErrors, notFound } from '../http/errors.ts';
import { assertParameters } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import type { Project } from '../records.ts';
import { assertRowCount, submittedRows } from './vendors.ts';

/** Every amount of a row, in the order of the guide; units and the percentage are decimals like the rest. */
const AMOUNTS = [
  'original_estimate',
  'original_estimate_units',
  'approved_estimate_changes',
  'approved_estimate_unit_changes',
  'estimate',
  'estimate_units',
  'original_commitment',
  'approved_commitment_changes',
  'revised_commitment',
  'committed_costs',
  'commitment_invoiced',
  'job_to_date_cost',
  'job_to_date_units',
  'job_to_date_dollars_paid',
  'month_to_date_cost',
  'month_to_date_units',
  'month_to_date_dollars_paid',
  'open_balance',
  'paid_amount',
  'percentage_complete',
] as const;
type Amount = (typeof AMOUNTS)[number];

const amount = decimalField(MONEY_SCALE).optional();
const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, amount])) as Record<Amount, typeof amount>;
const row = z.strictObject({ cost_code_id: idField, line_item_type_id: idField, ...amounts });
const syncBody = z.strictObject({
  company_id: idField,
  job_origin_id: z.string().min(1),
  updates: z.array(row),
});

export const jobCostRoutes: readonly Route[] = [
  { method: 'PATCH', pattern: '/rest/v1.0/erp_job_costs/sync', handle: syncJobCosts },
  { method: 'DELETE', pattern: '/rest/v1.0/erp_job_costs/:id', handle: deleteJobCost },
];

function syncJobCosts(context: Context): Answer {
  const { world, company } = context;
  assertParameters(context.query, []);
  assertRowCount(context.body);
  const body = parsedBody(syncBody, context.body);
  assertSameCompany(company.id, body.company_id);
  const project = jobOf(context, body.job_origin_id);
  const submitted = submittedRows(context.body) as readonly object[];
  const entities: unknown[] = [];
  const errors: unknown[] = [];
  body.updates.forEach((update, index) => {
    const wrong = codingErrors(world, project.id, update);
    if (wrong === null)
      entities.push(viewOf(writeJobCost(world, project, { ...update, amounts: said(update) })));
    else errors.push({ ...submitted[index], errors: wrong });
  });
  return { status: 200, body: { entities, errors } };
}

function deleteJobCost({ world, company, connection, params }: Context): Answer {
  const id = Number(params.id);
  for (const [key, cost] of world.jobCosts) {
    const own = cost.id === id && cost.company_id === company.id;
    if (!own || !isPermitted(connection, cost.project_id)) continue;
    world.jobCosts.delete(key);
    return { status: 200, body: { id } };
  }
  throw notFound('ERP Job Cost not found');
}

/** The job is named by the ERP's own id, which only a synced project has. */
function jobOf({ world, company, connection }: Context, originId: string): Project {
  const project = world.projects.get(world.holderOf(company.id, 'project', originId) ?? -1);
  if (project && isPermitted(connection, project.id)) return project;
  throw fieldErrors(422, { job_origin_id: ['does not exist'] });
}

function said(update: z.output<typeof row>): Record<string, bigint> {
  return Object.fromEntries(
    AMOUNTS.flatMap((name): [string, bigint][] => {
      const value = update[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

export function viewOf(cost: JobCost): Record<string, unknown> {
  const { amounts: stored, company_id: _company, project_id: _project, ...rest } = cost;
  const shown = Object.entries(stored).map(([name, value]) => [name, moneyText(value)]);
  return { ...rest, ...Object.fromEntries(shown) };
}
