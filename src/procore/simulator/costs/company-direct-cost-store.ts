import { z } from 'zod';
import { NO_ORIGIN } from '../contracts/made-records.ts';
import { pdfOf, storeFile } from '../files.ts';
import { decimalField, idField } from '../http/body.ts';
import { extendedCents, QUANTITY_SCALE } from '../http/decimals.ts';
import { fieldErrors } from '../http/errors.ts';
import type { ErpStatus, Origin, Stamps } from '../records.ts';
import type { World } from '../state.ts';

export type CompanyDirectCostLine = {
  id: number;
  position: number;
  project_id: number;
  cost_code_id: number;
  line_item_type_id: number;
  description: string;
  quantity: bigint;
  unit_cost: bigint;
  amount: bigint;
  uom: string;
};

/** An invoice that the company books over several projects; no published route shows it. */
export type CompanyDirectCost = Origin &
  Stamps & {
    id: number;
    company_id: number;
    vendor_id: number;
    invoice_number: string;
    description: string;
    accounting_date: string;
    direct_cost_date: string;
    received_date: string | null;
    payment_due_date: string | null;
    terms: string | null;
    uploaded_by_id: number;
    /** The bill as it came, where it was kept. */
    file_id: number | null;
    lines: CompanyDirectCostLine[];
    erp_status: ErpStatus;
  };

const line = z.strictObject({
  project_id: idField,
  cost_code_id: idField,
  line_item_type_id: idField,
  description: z.string().default(''),
  quantity: decimalField(QUANTITY_SCALE).default(10n ** BigInt(QUANTITY_SCALE)),
  unit_cost: decimalField(QUANTITY_SCALE),
  uom: z.string().default('ls'),
});

export const companyDirectCostFields = z.strictObject({
  id: idField.optional(),
  vendor_id: idField,
  invoice_number: z.string().min(1),
  description: z.string().default(''),
  accounting_date: z.iso.date(),
  direct_cost_date: z.iso.date(),
  received_date: z.iso.date().nullable().default(null),
  payment_due_date: z.iso.date().nullable().default(null),
  terms: z.string().nullable().default(null),
  line_items: z.array(line).min(1).max(1_000),
  attach_pdf: z.boolean().default(false),
});
export type CompanyDirectCostInput = z.output<typeof companyDirectCostFields>;

export function createCompanyDirectCost(
  world: World,
  companyId: number,
  input: CompanyDirectCostInput,
  userId: number,
): CompanyDirectCost {
  if (world.vendors.get(input.vendor_id)?.company_id !== companyId)
    throw fieldErrors(422, { vendor_id: ['is not a vendor of the company'] });
  const { id, line_items, attach_pdf: withFile, ...fields } = input;
  const cost: CompanyDirectCost = {
    ...fields,
    id: id ?? world.nextId(),
    company_id: companyId,
    uploaded_by_id: userId,
    file_id: withFile ? billOf(world, companyId, input.invoice_number) : null,
    lines: line_items.map((row, index) => {
      if (world.costCodes.get(row.cost_code_id)?.project_id !== row.project_id)
        throw fieldErrors(422, { cost_code_id: ['is not a cost code of the project'] });
      const amount = extendedCents(row.quantity, row.unit_cost);
      return { ...row, id: world.nextId(), position: index + 1, amount };
    }),
    erp_status: 'not_in_erp',
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  world.companyDirectCosts.set(cost.id, cost);
  return cost;
}

function billOf(world: World, companyId: number, number: string): number {
  const bytes = pdfOf(`Bill ${number}`);
  const file = { company_id: companyId, filename: `${number}.pdf`, content_type: 'application/pdf', bytes };
  return storeFile(world, file).id;
}
