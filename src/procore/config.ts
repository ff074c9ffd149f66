import { z } from 'zod';
import { GRAINS } from '../domain/actuals/job-cost-rows.ts';
import { LOOK_HOURS } from '../domain/actuals/look-hours.ts';
import { CONTEXT_OBJECTS } from '../domain/context-record.ts';
import { PROJECT_CODE_RULES } from '../domain/masters/project-codes.ts';
import { ORDER_RULES } from '../domain/orders/order-offer.ts';
import { EXPORT_FIELD } from '../domain/planning/export-fields.ts';
import { ORDER_FILES } from './commitments/order-files.ts';

const numericId = z.string().regex(/^[1-9]\d{0,17}$/, 'is the number Procore shows in the address bar');
const httpUrl = z.url({ protocol: /^https?$/ });

/** Columns of a job cost of which no page says what they hold: none is filled before somebody says so. */
export const UNSURE_COLUMNS = ['committed_costs', 'open_balance', 'paid_amount'] as const;
export type UnsureColumn = (typeof UNSURE_COLUMNS)[number];

/** What one connection to a Procore company needs. Sandboxes have their own pair of hosts and credentials. */
export const procoreConfig = z.strictObject({
  authUrl: httpUrl.default('https://login.procore.com').describe('Sign-in host'),
  apiUrl: httpUrl.default('https://api.procore.com').describe('API host'),
  companyId: numericId.describe('Procore company id'),
  clientId: z.string().min(1).max(200).describe('Client id of the service account'),
  clientSecret: z.string().min(1).max(500).describe('Client secret of the service account'),
  ca: z.string().max(20_000).optional().describe('Certificate authority (PEM) in front of Procore, if any'),
  projects: z
    .array(numericId)
    .max(10_000)
    .optional()
    .describe('Project ids this connection may touch; empty means all that the service account sees'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('USD')
    .describe('Base currency of the company, used where a commitment names none'),
  requestLifeMs: z
    .int()
    .min(1)
    .max(3_600_000)
    .nullable()
    .default(null)
    .describe('How long a lost write may still take effect; unset means that a person is asked'),
  maxInFlight: z.int().min(1).max(32).default(4).describe('Requests at the same time'),
  webUrl: httpUrl.default('https://app.procore.com').describe('Web application, for links'),
  quietSeconds: z
    .int()
    .min(1)
    .max(86_400)
    .default(1_800)
    .describe('Longest time between two regular looks at a project where nothing happens, in seconds'),
  ordersFromErp: z
    .enum(ORDER_RULES)
    .default('off')
    .describe(
      'Orders that people write in the ERP and that become commitments here: none, all of them as purchase orders or as subcontracts, or orders of items as purchase orders and others as subcontracts',
    ),
  projectCodes: z
    .enum(PROJECT_CODE_RULES)
    .default('off')
    .describe(
      'Cost codes of projects: Procore owns them and nothing of them is written (off), they are assigned to the project in the ERP (to-erp), or those of the ERP are written to the project in Procore (from-erp)',
    ),
  context: z
    .array(z.enum(CONTEXT_OBJECTS))
    .max(CONTEXT_OBJECTS.length)
    .optional()
    .describe(
      `What else is read as evidence for reviews, at the cost of more calls: any of ${CONTEXT_OBJECTS.join(', ')}`,
    ),
  exportFields: z
    .array(
      z
        .string()
        .regex(EXPORT_FIELD, 'is a record, a field and perhaps its length, such as commitment:cost_center:8'),
    )
    .max(20)
    .optional()
    .describe(
      'What the approver is asked for besides when something is exported, such as commitment:cost_center:8 (at most eight characters): it is kept and shown with the document, and carried into it where the connection to the ERP names a field (documentFields)',
    ),
  jobCostGrain: z
    .enum(GRAINS)
    .default('month')
    .describe(
      'How posted cost is shown: month, one direct cost a month with a line for each cost code; document, one for each entry of the ledger with its vendor and number. What stands of the other is taken back first',
    ),
  jobCostHours: z
    .string()
    .regex(LOOK_HOURS, 'is always, or hours and after-close, such as 06:00,18:30 or after-close')
    .default('always')
    .describe(
      "When the ERP's ledger is read and posted cost is shown: always, at hours of the day in the zone of the policy (06:00,18:30), or whenever a period was closed there (after-close); both may be combined",
    ),
  jobCostColumns: z
    .array(z.enum(UNSURE_COLUMNS))
    .max(UNSURE_COLUMNS.length)
    .optional()
    .describe(
      'Columns of job costs that are filled besides, though Procore does not say what they mean: committed_costs (with the revised commitment), open_balance (what of it is not invoiced), paid_amount (what was paid to date)',
    ),
  orderFiles: z
    .enum(ORDER_FILES)
    .default('pdf')
    .describe(
      'Which files of commitments and change orders are attached to their order in the ERP: none, those in PDF, or all of them',
    ),
  pageSize: z.int().min(1).max(2_000).default(100).describe('Records per page'),
});

export type ProcoreConfig = z.output<typeof procoreConfig>;

/** An empty list is the same as none: a connection that may touch no project at all would be useless. */
export function projectAllowed(config: ProcoreConfig, projectId: string): boolean {
  return config.projects === undefined || config.projects.length === 0 || config.projects.includes(projectId);
}
