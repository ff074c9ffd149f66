import { z } from 'zod';
import { changeOrderShow, contractHead, contractLine, contractShow, primeContractShow } from '../wire.ts';

export const primeContractHead = contractHead.pick({ id: true, updated_at: true });

/** A prime contract with its lines: of what it has in common with a commitment, the form is the same. */
export const primeContractWhole = primeContractShow.extend({
  ...contractHead.pick({
    status: true,
    grand_total: true,
    approved_change_orders: true,
    retainage_percent: true,
    origin_id: true,
    currency_configuration: true,
  }).shape,
  line_items: contractShow.shape.line_items,
});

const { id, amount, description } = contractLine.shape;
const markup = z.object({ id, amount, markup: z.object({ name: description }).nullish() });

/** Markups belong to prime contracts: what is earned on top of a line. */
export const primeChangeShow = changeOrderShow.extend({
  line_items: z
    .array(
      changeOrderShow.shape.line_items.element.extend({
        markup_line_items: z
          .array(markup)
          .max(1_000)
          .nullish()
          .transform((value) => value ?? []),
      }),
    )
    .max(20_000),
});

export type PrimeContractWhole = z.output<typeof primeContractWhole>;
export type PrimeChangeShow = z.output<typeof primeChangeShow>;
