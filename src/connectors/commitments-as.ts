import { z } from 'zod';

/** The same setting of every ERP that takes requisitions: a commitment becomes one or the other, never both. */
export const commitmentsAsSetting = z
  .enum(['order', 'requisition'])
  .optional()
  .describe(
    'What an exported commitment becomes: a purchase order, or a purchase requisition that people of the ERP make the order of; that order is then found and linked. Empty: an order.',
  );
