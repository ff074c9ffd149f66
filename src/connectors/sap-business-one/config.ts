import { z } from 'zod';
import { contradiction, documentFieldPattern } from '../../domain/planning/document-fields.ts';

/** A user field of the company's own: those of ours are not for people to fill. */
const DOCUMENT_FIELD = documentFieldPattern('U_(?!Tiebeam)[A-Za-z0-9_]{1,50}');
const documentFieldSettings = z
  .array(
    z
      .string()
      .regex(
        DOCUMENT_FIELD,
        'names an export field and a user field, such as commitment:cost_center=U_CostCenter:8',
      ),
  )
  .max(20)
  .superRefine((settings, context) => {
    const message = contradiction(settings);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

// Plain HTTP is only good enough for a simulator on this machine: the sign-in carries a password.
const SAFE_URL = /^(https:\/\/[^\s/]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)(\/b1s\/v[12])?\/?$/;

/** One company database behind one Service Layer, and the user who posts there. */
export const businessOneConfig = z.strictObject({
  baseUrl: z
    .string()
    .regex(SAFE_URL, 'must be the https address of the Service Layer, such as https://b1.example.com:50000')
    .describe('Address of the Service Layer; 50000 is the usual port, hosts often map another one.'),
  companyDb: z
    .string()
    .min(1)
    .max(100)
    .describe('Name of the company database, as the sign-in screen lists it.'),
  userName: z.string().min(1).max(100).describe('A user of its own for this service, with a licence.'),
  password: z.string().min(1).max(200),
  ca: z
    .string()
    .includes('BEGIN CERTIFICATE', { message: 'must be a certificate in PEM form' })
    .optional()
    .describe('Certificate authority that signed the server, in PEM form; self-signed servers need it.'),
  language: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe('Language code of messages; 3 is English, which error texts are matched in.'),
  requestLifeMs: z
    .int()
    .min(0)
    .max(86_400_000)
    .nullable()
    .default(null)
    .describe(
      'How long a lost request may still take effect. Empty: a person decides after three empty look-ups.',
    ),
  maxInFlight: z
    .int()
    .min(1)
    .max(16)
    .default(4)
    .describe('Requests at the same time in the one session; the vendor names no limit.'),
  vendorSeries: z
    .int()
    .min(1)
    .optional()
    .describe(
      'Numbering series that gives new vendors their codes where the approver types none. Empty: a code must be typed.',
    ),
  commitmentsAs: z
    .enum(['order', 'requisition'])
    .optional()
    .describe(
      'What an exported commitment becomes: a purchase order, or a purchase request that people here make the order of; that order is then found and linked. Empty: an order.',
    ),
  subJobs: z
    .enum(['ask', 'to-their-job'])
    .default('ask')
    .describe(
      'What becomes of cost that Procore codes to a sub job, of which Business One has none: a person is asked, or the whole project bears it.',
    ),
  payments: z
    .enum(['off', 'draft', 'post'])
    .default('off')
    .describe(
      'What becomes of a payment that was entered in Procore: nothing, a payment draft that the treasurer adds, or the payment itself. A second person approves each of them.',
    ),
  paymentAccount: z
    .string()
    .max(15)
    .optional()
    .describe('G/L account that posted payments go from; drafts name none.'),
  paymentBlockEntry: z
    .int()
    .min(1)
    .optional()
    .describe(
      'Entry of the payment block reason (Administration, Set-up, Banking, Payment Blocks) that held invoices bear: one of its own tells our blocks from those of people. Empty: they bear none.',
    ),
  documentFields: documentFieldSettings
    .optional()
    .describe(
      'Where the values go that approvers type when they export, such as commitment:cost_center=U_CostCenter:8: a user field of the documents, and the most characters that it holds, or `date`',
    ),
  taxCodes: z
    .enum(['off', 'sales-tax-codes', 'vat-groups'])
    .default('off')
    .describe(
      'Where the taxes are that Procore is to know: nowhere, in the sales tax codes (United States, Canada, Latin America), or in the tax groups (elsewhere).',
    ),
  retainageTaxCode: z
    .string()
    .max(8)
    .optional()
    .describe(
      'Tax code of retainage lines (United States, Canada, Latin America): one of no tax. Empty: the ERP decides.',
    ),
  retainageVatGroup: z
    .string()
    .max(8)
    .optional()
    .describe('Tax group of retainage lines (elsewhere): one of no tax. Empty: the ERP decides.'),
});

export type BusinessOneConfig = z.infer<typeof businessOneConfig>;

/** Where what approvers type is kept. */
export type FieldSetting = Pick<BusinessOneConfig, 'documentFields'>;

/** Who gives a new vendor its code where nobody typed one. */
export type NewVendorCode = Pick<BusinessOneConfig, 'vendorSeries'>;

/** What payments of the source become, and where their money comes from. */
export type PaymentSetting = Partial<Pick<BusinessOneConfig, 'payments' | 'paymentAccount'>>;

/** Which taxes are read. */
export type TaxSetting = Pick<BusinessOneConfig, 'taxCodes'>;

/** How retainage lines are kept out of the tax. */
export type RetainageTax = Pick<BusinessOneConfig, 'retainageTaxCode' | 'retainageVatGroup'>;

/** How invoices are blocked for payment. */
export type PaymentBlocking = Pick<BusinessOneConfig, 'paymentBlockEntry'>;

/** The address of the OData 4 root, whichever form of the address was typed. */
export function serviceRoot(config: BusinessOneConfig): string {
  return `${config.baseUrl.replace(/\/$/, '').replace(/\/b1s\/v[12]$/, '')}/b1s/v2`;
}
