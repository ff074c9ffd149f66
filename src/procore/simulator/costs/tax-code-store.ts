import { z } from 'zod';
import { kept, type Made, NO_ORIGIN } from '../contracts/made-records.ts';
import { decimalField, idField, textField } from '../http/body.ts';
import { decimalText } from '../http/decimals.ts';
import { BLANK, type Errors, TAKEN } from '../http/errors.ts';
import type { Origin } from '../records.ts';
import type { World } from '../state.ts';

const RATE_SCALE = 4;

export type TaxCode = Origin & {
  id: number;
  company_id: number;
  code: string;
  description: string;
  /** Percent, in ten-thousandths. */
  rate1: bigint;
  archived: boolean;
  default_tax_code: boolean;
};

export const taxCodeRow = z
  .strictObject({
    id: idField,
    code: z.string(),
    description: z.string(),
    origin_id: textField,
    origin_data: textField,
    rate1: decimalField(RATE_SCALE),
    archived: z.boolean(),
    default_tax_code: z.boolean(),
  })
  .partial();

type Row = z.output<typeof taxCodeRow>;
/** People may call two codes the same; the documentation forbids only one origin id for two. */
export function createTaxCode(world: World, companyId: number, row: Row): Made<TaxCode> {
  if (!row.code) return { errors: { code: BLANK } };
  const taxCode: TaxCode = {
    id: row.id ?? world.nextId(),
    company_id: companyId,
    code: row.code,
    description: '',
    rate1: 0n,
    archived: false,
    default_tax_code: false,
    ...NO_ORIGIN,
  };
  return kept(world.taxCodes, taxCode, editTaxCode(world, taxCode, row));
}

export function editTaxCode(world: World, taxCode: TaxCode, row: Row): Errors | null {
  const target = { companyId: taxCode.company_id, itemType: 'tax_code', id: taxCode.id, record: taxCode };
  if (!world.setOrigin(target, row)) return TAKEN;
  taxCode.code = row.code ?? taxCode.code;
  taxCode.description = row.description ?? taxCode.description;
  taxCode.rate1 = row.rate1 ?? taxCode.rate1;
  taxCode.archived = row.archived ?? taxCode.archived;
  taxCode.default_tax_code = row.default_tax_code ?? taxCode.default_tax_code;
  return null;
}

/** Rates are numbers on the wire. */
export function taxCodeView(taxCode: TaxCode): Record<string, unknown> {
  const { id, code, description, origin_data, origin_id, rate1, archived, default_tax_code } = taxCode;
  const rate = Number(decimalText(rate1, RATE_SCALE));
  return { id, code, description, origin_data, origin_id, rate1: rate, archived, default_tax_code };
}
