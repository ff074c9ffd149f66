import { z } from 'zod';
import { flag, id, optional, optionalId, text, wbsCode } from '../wire.ts';

export const transactionRow = z.object({ id, origin_id: optional, synced: flag });

/** A budget as an export carries it: what moved, and on which lines. */
export const budgetExport = z.object({
  budget: z.object({ id, origin_id: optional }),
  job_costs: z
    .array(
      z.object({
        id,
        cost_code_origin_id: optional,
        line_item_type_origin_id: optional,
        sub_job_origin_id: optional,
        budget_line_item_id: optionalId,
      }),
    )
    .max(20_000),
  transactions: z
    .array(
      transactionRow.extend({
        value: text,
        job_cost_id: optionalId,
        procore_transaction_id: optionalId,
        type: optional,
        procore_transaction_type: optional,
      }),
    )
    .max(20_000),
});

export type BudgetExport = z.output<typeof budgetExport>;

export const budgetView = z.object({ id });

export const budgetRow = z.object({
  cost_code_id: optionalId,
  category_id: optionalId,
  cost_code: optional,
  original_budget_amount: text,
});

const budgetChange = z.object({
  id,
  number: optional,
  title: optional,
  status: text,
  erp_status: optional,
  amount: text,
});
export const budgetChangeList = z.object({ data: z.array(budgetChange) });

export const budgetChangePage = z.object({
  data: budgetChange.extend({
    adjustment_line_items: z.array(z.object({ wbs_code: wbsCode.nullish(), amount: text })).max(10_000),
  }),
});

/** What was moved from line to line before the company had budget changes. */
export const modificationRow = z.object({
  id,
  from_budget_line_item_id: optionalId,
  to_budget_line_item_id: id,
  transfer_amount: text,
});

/** A code of the budget, with the item of each segment that it is made of. */
export const wbsCodeRow = z.object({
  id,
  flat_code: optional,
  segment_items: z
    .array(
      z.object({
        code: optional,
        path_code: optional,
        name: optional,
        segment: z.object({ type: optional }).nullish(),
      }),
    )
    .max(20)
    .nullish(),
});

export const budgetLineShow = z.object({ id, wbs_code: wbsCode.nullish() });
