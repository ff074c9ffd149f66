import { z } from 'zod';
import { decimalField, idField } from '../http/body.ts';
import { extendedCents, MONEY_SCALE, QUANTITY_SCALE } from '../http/decimals.ts';
import { fieldErrors } from '../http/errors.ts';
import type { Project, Stamps } from '../records.ts';
import type { World } from '../state.ts';
import type { BudgetLine } from './budget-store.ts';

/** One line of what somebody expects a budget line to cost still, typed by hand. */
export type ForecastLine = Stamps & {
  id: number;
  company_id: number;
  project_id: number;
  budget_line_item_id: number;
  description: string;
  quantity: bigint;
  uom: string;
  unit_cost: bigint;
  amount: bigint;
};

export const CURVES = ['bell', 'back_loaded', 'front_loaded', 'linear', 'manual'] as const;

/** What a budget line costs to its end, spread over months. A budget line has one. */
export type ForecastSpread = {
  budget_line_item_id: number;
  company_id: number;
  project_id: number;
  start_date: string;
  end_date: string;
  curve: (typeof CURVES)[number];
  forecast_to_complete: bigint;
  /** Typed for a manual curve; of the others they are computed for a view of the budget. */
  periods: { period_date: string; amount: bigint }[];
};

export const forecastLineFields = z.strictObject({
  budget_line_item_id: idField,
  forecast_line_id: idField.optional(),
  description: z.string().default(''),
  quantity: z.int().min(0).default(1),
  uom: z.string().default('ls'),
  unit_cost: decimalField(QUANTITY_SCALE),
});

export const forecastSpreadFields = z.strictObject({
  budget_line_item_id: idField,
  start_date: z.iso.date(),
  end_date: z.iso.date(),
  curve: z.enum(CURVES),
  forecast_to_complete: decimalField(MONEY_SCALE),
  periods: z
    .array(
      z.strictObject({ period_date: z.string().regex(/^\d{4}-\d{2}$/), amount: decimalField(MONEY_SCALE) }),
    )
    .default([]),
});

export function putForecastLine(
  world: World,
  project: Project,
  { forecast_line_id, quantity, ...fields }: z.output<typeof forecastLineFields>,
): ForecastLine {
  assertBudgetLine(world, project, fields.budget_line_item_id);
  const known = forecast_line_id === undefined ? undefined : forecastLineOf(world, project, forecast_line_id);
  const scaled = BigInt(quantity) * 10n ** BigInt(QUANTITY_SCALE);
  const line: ForecastLine = {
    id: known?.id ?? world.nextId(),
    company_id: project.company_id,
    project_id: project.id,
    ...fields,
    quantity: scaled,
    amount: extendedCents(scaled, fields.unit_cost),
    ...world.stamps(),
    ...(known ? { created_at: known.created_at } : {}),
  };
  world.forecastLines.set(line.id, line);
  return line;
}

export function deleteForecastLine(world: World, project: Project, id: number): void {
  world.forecastLines.delete(forecastLineOf(world, project, id).id);
}

/** What is typed by month has to add up and to lie in its time; of other curves no month is typed. */
export function spreadForecast(
  world: World,
  project: Project,
  fields: z.output<typeof forecastSpreadFields>,
): ForecastSpread {
  assertBudgetLine(world, project, fields.budget_line_item_id);
  const { start_date, end_date, curve, forecast_to_complete: whole, periods } = fields;
  if (end_date < start_date) throw fieldErrors(422, { end_date: ['must not be before start date'] });
  const total = periods.reduce((sum, { amount }) => sum + amount, 0n);
  if (curve === 'manual' ? total !== whole : periods.length > 0)
    throw fieldErrors(422, { periods: ['do not fit the curve'] });
  const [first, last] = [start_date.slice(0, 7), end_date.slice(0, 7)];
  if (periods.some(({ period_date }) => period_date < first || period_date > last))
    throw fieldErrors(422, { periods: ['must lie between start date and end date'] });
  const spread = { ...fields, company_id: project.company_id, project_id: project.id };
  world.forecastSpreads.set(fields.budget_line_item_id, spread);
  return spread;
}

function forecastLineOf(world: World, project: Project, id: number): ForecastLine {
  const line = world.forecastLines.get(id);
  if (line?.project_id !== project.id) throw fieldErrors(422, { forecast_line_id: ['is unknown'] });
  return line;
}

function assertBudgetLine(world: World, project: Project, id: number): BudgetLine {
  const line = world.budgetLines.get(id);
  if (line?.project_id !== project.id) throw fieldErrors(422, { budget_line_item_id: ['is unknown'] });
  return line;
}
