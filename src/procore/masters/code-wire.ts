import { z } from 'zod';

// Every body is parsed with numbers as text, as in wire.ts.
const id = z.string().regex(/^[0-9A-Za-z-]{1,40}$/);
const text = z.string();
const optional = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === '' ? null : value));

export const costCodeListRow = z.object({ id, is_erp_list: z.boolean() });

export const standardCostCodeRow = z.object({
  id,
  parent_id: id.nullish().transform((value) => value ?? null),
  code: text,
  full_code: optional,
  name: text,
  origin_id: optional,
});

export const costTypeRow = z.object({ id, code: text, name: text, origin_id: optional });

export const subJobRow = z.object({ id, code: text, name: text, origin_id: optional });

export const taxCodeRow = z.object({
  id,
  code: text,
  description: optional,
  rate1: optional,
  archived: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  origin_id: optional,
});

/** A cost code of a project, with the types of cost that it has there. */
export const projectCodeRow = z.object({
  id,
  code: text,
  full_code: optional,
  name: text,
  parent: z
    .object({ id: id.nullish() })
    .nullish()
    .transform((value) => value?.id ?? null),
  origin_id: optional,
  line_item_types: z
    .array(z.object({ id, code: text }))
    .nullish()
    .transform((value) => value ?? []),
});
