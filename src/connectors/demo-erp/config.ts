import { z } from 'zod';
import { contradiction, documentFieldPattern } from '../../domain/planning/document-fields.ts';

const DOCUMENT_FIELD = documentFieldPattern('[a-z][a-z0-9_]{0,39}');

/** How to reach one Ledgerline company. */
export const demoErpConfig = z.strictObject({
  baseUrl: z.url().describe('Address of the Ledgerline API'),
  company: z.string().min(1).max(40).describe('Company id that the key must open'),
  apiKey: z.string().min(1).max(200).describe('API key of an integration user'),
  ca: z.string().min(1).optional().describe('PEM of a private certificate authority'),
  commitmentsAs: z
    .enum(['order', 'requisition'])
    .optional()
    .describe(
      'What an exported commitment becomes: a purchase order, or a purchase requisition that people here make the order of; that order is then found and linked. Empty: an order.',
    ),
  payments: z
    .enum(['off', 'post'])
    .optional()
    .describe(
      'What becomes of a payment that was entered in Procore: nothing, or a payment here, which a second person approves first. There are no drafts.',
    ),
  documentFields: z
    .array(z.string().regex(DOCUMENT_FIELD, 'names two fields, such as commitment:cost_center=cost_center:8'))
    .max(20)
    .superRefine((settings, context) => {
      const message = contradiction(settings);
      if (message !== null) context.addIssue({ code: 'custom', message });
    })
    .optional()
    .describe(
      'Where the values go that approvers type when they export, such as commitment:cost_center=cost_center:8: a field that the company has its documents bear, and the most characters that it holds, or `date`',
    ),
  /** Null means unknown: three empty probes then end with a person. The built-in simulator keeps to 1,500 ms. */
  requestLifeMs: z.int().positive().nullable().default(null).describe('How long a lost import may start'),
});

export type DemoErpConfig = z.output<typeof demoErpConfig>;
