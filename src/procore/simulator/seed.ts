import { z } from 'zod';
import { ownerInvoiceFields } from './billing/owner-invoice-store.ts';
import { budgetLineFields } from './budget/budget-store.ts';
import { changeOrderFields, changeOrderLineFields } from './contracts/change-order-store.ts';
import { contractBody, lineBody } from './contracts/contract-fields.ts';
import { primeContractFields, primeLineFields } from './contracts/prime-contract-store.ts';
import { companyDirectCostFields } from './costs/company-direct-cost-store.ts';
import { taxCodeRow } from './costs/tax-code-store.ts';
import { insuranceFields } from './directory/insurance-fields.ts';
import { decimalField, idField } from './http/body.ts';
import { MONEY_SCALE } from './http/decimals.ts';
import { PROJECT_OBJECT_KINDS } from './projects/project-object-fields.ts';
import { projectFields } from './routes/projects.ts';
import { vendorFields } from './routes/vendors.ts';

const origin = {
  origin_id: z.string().nullable().optional(),
  origin_code: z.string().nullable().optional(),
  origin_data: z.string().nullable().optional(),
};
const givenId = idField.optional();
const rows = <T extends z.ZodType>(row: T) => z.array(row).max(200_000).default([]);

const company = z.strictObject({
  id: idField,
  name: z.string().min(1),
  is_active: z.boolean().default(true),
  currency: z.string().length(3).default('USD'),
  /** Present when the ERP connection already exists. */
  erp: z
    .strictObject({
      service_url: z.url().default('https://erp.example'),
      metadata: z.record(z.string(), z.unknown()).default({}),
    })
    .optional(),
});

const app = z.strictObject({
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  /** Projects permitted to the service account; absent means all of the company. */
  project_ids: z.array(idField).optional(),
});

const user = z.strictObject({
  id: givenId,
  login: z.email(),
  name: z.string().min(1),
  roles: z.array(z.string()).default([]),
});

const project = z.strictObject({
  ...z.strictObject(projectFields).partial().shape,
  ...origin,
  id: givenId,
  name: z.string().min(1),
});

const vendor = z.strictObject({
  ...z.strictObject(vendorFields).partial().shape,
  ...origin,
  id: givenId,
  name: z.string().min(1),
});

const lineItemType = z.strictObject({
  id: givenId,
  name: z.string().min(1),
  code: z.string().min(1),
  base_type: z.enum(['equipment', 'materials', 'commitment', 'owner_cost', 'professional_services', 'other']),
  ...origin,
});

const costCode = z.strictObject({
  id: givenId,
  project_id: idField,
  code: z.string().min(1),
  full_code: z.string().optional(),
  name: z.string().min(1),
  parent_id: idField.nullable().optional(),
  sub_job_id: idField.optional(),
  line_item_type_ids: z.array(idField).default([]),
  ...origin,
});

const subJob = z.strictObject({
  id: givenId,
  project_id: idField,
  code: z.string().min(1),
  name: z.string().default(''),
  ...origin,
});

/** Codes of the list that the ERP connection makes. */
const standardCostCode = z.strictObject({
  id: givenId,
  code: z.string().min(1),
  name: z.string().min(1),
  parent_id: idField.optional(),
  ...origin,
});

const line = z.strictObject({
  ...lineBody.shape,
  id: givenId,
  origin_code: z.string().nullable().optional(),
  /** The subcontractor's own schedule below the line. */
  details: z
    .array(
      z.strictObject({ id: givenId, description: z.string().default(''), amount: decimalField(MONEY_SCALE) }),
    )
    .max(1_000)
    .default([]),
});
const contractExtras = {
  id: givenId,
  moves_materials: z.boolean().optional(),
  project_id: idField,
  line_items: z.array(line).max(10_000).default([]),
  custom_fields: z.record(z.string(), z.unknown()).optional(),
};
const contract = z.discriminatedUnion('kind', [
  z.strictObject({
    ...contractBody.work_order_contract.shape,
    ...contractExtras,
    kind: z.literal('work_order_contract'),
  }),
  z.strictObject({
    ...contractBody.purchase_order_contract.shape,
    ...contractExtras,
    kind: z.literal('purchase_order_contract'),
  }),
]);

const changeOrder = z.strictObject({
  id: givenId,
  contract_id: idField,
  ...changeOrderFields.shape,
  line_items: z.array(changeOrderLineFields).max(10_000).default([]),
  /** Used only when there are no lines. */
  grand_total: decimalField(MONEY_SCALE).optional(),
  ...origin,
});

const budgetLine = z.strictObject({ ...budgetLineFields.shape, project_id: idField });

const primeContract = z.strictObject({
  ...primeContractFields.shape,
  ...origin,
  id: givenId,
  project_id: idField,
  line_items: z.array(primeLineFields).max(10_000).default([]),
});

const ownerInvoice = z.strictObject({ ...ownerInvoiceFields.shape, prime_contract_id: idField });
const insurance = z.strictObject({ ...insuranceFields.shape, vendor_id: idField });

/** A change event, an RFI and the like; its fields are those of its kind. */
const projectObject = z.strictObject({
  id: givenId,
  project_id: idField,
  kind: z.enum(PROJECT_OBJECT_KINDS),
  fields: z.record(z.string(), z.unknown()),
});

const unit = z.strictObject({
  id: givenId,
  name: z.string().min(1),
  description: z.string().default(''),
  category: z.string().default('Count'),
  is_standard: z.boolean().default(true),
});

const billingPeriod = z.strictObject({
  id: givenId,
  project_id: idField,
  start_date: z.iso.date(),
  end_date: z.iso.date(),
  due_date: z.iso.date(),
  status: z.enum(['open', 'closed']).default('open'),
});

/** One company and everything in it; a second seed with another company adds to the world. */
export const seedSchema = z.strictObject({
  company,
  apps: rows(app),
  users: rows(user),
  projects: rows(project),
  vendors: rows(vendor),
  line_item_types: rows(lineItemType),
  standard_cost_codes: rows(standardCostCode),
  sub_jobs: rows(subJob),
  tax_codes: rows(taxCodeRow),
  cost_codes: rows(costCode),
  contracts: rows(contract),
  prime_contracts: rows(primeContract),
  insurances: rows(insurance),
  company_direct_costs: rows(companyDirectCostFields),
  change_order_packages: rows(changeOrder),
  payment_applications: rows(ownerInvoice),
  billing_periods: rows(billingPeriod),
  project_objects: rows(projectObject),
  units: rows(unit),
  budget_line_items: rows(budgetLine),
});

/** The body of POST /_sim/seed. Amounts are decimal texts; ids that others refer to must be given. */
export type ProcoreSeed = z.input<typeof seedSchema>;
export type ParsedSeed = z.output<typeof seedSchema>;
