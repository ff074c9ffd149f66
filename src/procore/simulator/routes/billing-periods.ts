import { z } from 'zod';
import { addBillingPeriod, projectPeriods } from '../billing/billing-periods.ts';
import type { BillingPeriod } from '../billing/billing-records.ts';
import { permittedProject } from '../http/auth.ts';
import { parsedBody } from '../http/body.ts';
import { financeNotFound } from '../http/errors.ts';
import { assertParameters, enumFilter, paged, pagingParameters, stampedFilter } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Project } from '../records.ts';

const BASE = '/rest/v1.0/projects/:project_id/billing_periods';
const STATUS = ['open', 'closed'] as const;

const newPeriod = z.strictObject({
  billing_period: z.strictObject({
    start_date: z.iso.date(),
    end_date: z.iso.date(),
    due_date: z.iso.date(),
    status: z.enum(STATUS),
  }),
});

export const billingPeriodRoutes: readonly Route[] = [
  { method: 'GET', pattern: BASE, handle: listPeriods },
  { method: 'POST', pattern: BASE, handle: createPeriod },
  { method: 'GET', pattern: `${BASE}/:id`, handle: showPeriod },
];

function listPeriods(context: Context): Answer {
  const { world, query } = context;
  assertParameters(query, [
    ...pagingParameters,
    'filters[id]',
    'filters[created_at]',
    'filters[updated_at]',
    'filters[status]',
  ]);
  const keep = stampedFilter(query);
  const status = enumFilter(query, 'filters[status]', STATUS);
  const rows = projectPeriods(world, projectOf(context).id).filter(
    (period) => keep(period) && (status === null || period.status === status),
  );
  return paged(context, rows, periodView);
}

function createPeriod(context: Context): Answer {
  const project = projectOf(context);
  const { billing_period } = parsedBody(newPeriod, context.body);
  return { status: 201, body: periodView(addBillingPeriod(context.world, project, billing_period)) };
}

function showPeriod(context: Context): Answer {
  const id = Number(context.params.id);
  const period = context.world.billingPeriods.get(id);
  if (period?.project_id !== projectOf(context).id) throw financeNotFound('BillingPeriod', id);
  return { status: 200, body: periodView(period) };
}

function projectOf({ world, connection, params }: Context): Project {
  return permittedProject(world, connection, Number(params.project_id));
}

function periodView(period: BillingPeriod): Record<string, unknown> {
  return {
    ...period,
    created_at: isoSeconds(period.created_at),
    updated_at: isoSeconds(period.updated_at),
  };
}
