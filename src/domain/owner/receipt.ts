import type { PaymentRecord } from '../records.ts';

/** Money that came from a customer. Once cancelled it counts as never received, and its invoices are open again. */
export type ReceiptRecord = Omit<PaymentRecord, 'object' | 'vendorId'> & {
  readonly object: 'receipt';
  readonly customerId: string;
};
