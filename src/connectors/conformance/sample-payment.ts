import type { PaymentMaking, VendorPaymentBody } from '../../domain/payments/vendor-payment.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';

/** A part of the sample invoice, paid. */
export function samplePayment(making: PaymentMaking): (invoiceId: string) => VendorPaymentBody {
  return (invoiceId) => ({
    kind: 'vendor-payment',
    making,
    reference: 'TAC2345PAYMENT22',
    revision: 1,
    number: '1',
    vendorCode: 'V1003',
    currency: 'USD',
    accountingDate: calendarDate('2026-08-31'),
    method: 'transfer',
    methodNumber: 'ACH-771',
    invoices: [{ invoiceId, invoiceNumber: 'ACME-0817', purpose: 'progress', amount: '30000.05' }],
    total: '30000.05',
    sourceUrl: 'https://app.procore.com/100/project/commitments/7/payments/1',
  });
}
