import { z } from 'zod';
import { taxSeed } from '../documents/taxes.ts';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const code = z.string().min(1).max(50);
const MAX_RECORDS = 20_000;

const vendor = z.strictObject({
  code,
  name: z.string(),
  type: z.enum(['cSupplier', 'cCustomer', 'cLid']).optional(),
  currency: z.string().optional(),
  valid: z.boolean().optional(),
  frozen: z.boolean().optional(),
  /** The tax of lines that name none. */
  vatGroup: z.string().optional(),
  federalTaxId: z.string().optional(),
  emailAddress: z.string().optional(),
});

const project = z.strictObject({
  code,
  name: z.string(),
  active: z.boolean().optional(),
  validFrom: day.optional(),
  validTo: day.optional(),
});

const account = z.strictObject({
  code,
  name: z.string(),
  formatCode: z.string().optional(),
  parent: z.string().optional(),
  level: z.int().optional(),
  type: z.enum(['at_Revenues', 'at_Expenses', 'at_Other']).optional(),
  /** false: a title account. */
  postable: z.boolean().optional(),
  frozen: z.boolean().optional(),
  lockedForManual: z.boolean().optional(),
  projectRelevant: z.boolean().optional(),
  distributionRuleRelevant: z.boolean().optional(),
});

const item = z.strictObject({
  code,
  name: z.string(),
  purchase: z.boolean().optional(),
  frozen: z.boolean().optional(),
});

const period = z.strictObject({
  code,
  name: z.string().optional(),
  from: day,
  to: day,
  dueFrom: day.optional(),
  dueTo: day.optional(),
  taxFrom: day.optional(),
  taxTo: day.optional(),
  /** The fiscal year the period belongs to; the year of `from` when left out. */
  indicator: z.string().optional(),
  status: z.enum(['ltUnlocked', 'ltUnlockedExceptSales', 'ltPeriodClosing', 'ltLocked']).optional(),
});

const userField = z.strictObject({
  table: z.string(),
  name: z.string(),
  type: z.enum(['db_Alpha', 'db_Memo', 'db_Numeric', 'db_Date', 'db_Float']).optional(),
  size: z.int().optional(),
  description: z.string().optional(),
  mandatory: z.boolean().optional(),
});

const currency = z.strictObject({ code: z.string(), name: z.string(), decimals: z.int().min(0).max(6) });
const distributionRule = z.strictObject({
  code,
  name: z.string().optional(),
  dimension: z.int().min(1).max(5).optional(),
  active: z.boolean().optional(),
});

/** What POST /_sim/seed accepts. Purchase orders are bodies as POST /b1s/v2/PurchaseOrders takes them. */
export const seedSchema = z.strictObject({
  company: z.strictObject({
    db: z.string(),
    name: z.string(),
    currency: z.string(),
    totalsAccuracy: z.int().min(0).max(6).optional(),
    priceAccuracy: z.int().min(0).max(6).optional(),
  }),
  users: z.array(z.strictObject({ user: z.string(), password: z.string() })).max(1000),
  vendors: z.array(vendor).max(MAX_RECORDS),
  projects: z.array(project).max(MAX_RECORDS),
  accounts: z.array(account).max(MAX_RECORDS),
  items: z.array(item).max(MAX_RECORDS).optional(),
  currencies: z.array(currency).max(200).optional(),
  distributionRules: z.array(distributionRule).max(MAX_RECORDS).optional(),
  ...taxSeed,
  periods: z.array(period).max(1000).optional(),
  udfs: z.array(userField).max(1000).optional(),
  purchaseOrders: z.array(z.record(z.string(), z.unknown())).max(MAX_RECORDS).optional(),
});

/** The seed of a simulated company. */
export type SeedInput = z.input<typeof seedSchema>;
export type Seed = z.output<typeof seedSchema>;
