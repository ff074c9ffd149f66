import type { ReceiptRecord } from '../../../domain/owner/receipt.ts';
import type { PaymentPart, PaymentRecord } from '../../../domain/records.ts';
import { calendarDate } from '../../../domain/values/calendar-date.ts';
import { type Decimal, formatDecimal, parseDecimal, rescale } from '../../../domain/values/decimal.ts';
import { exponentOf } from '../../../domain/values/money.ts';
import { plainAmount } from '../orders/order-form.ts';
import type { PaymentEntity } from '../service-layer/wire.ts';

const PURCHASE_INVOICE: readonly string[] = ['it_PurchaseInvoice', '18'];
const SALES_INVOICE: readonly string[] = ['it_Invoice', '13'];

/** An outgoing payment to a vendor, with what it settled of which A/P invoice. */
export function paymentRecord(entity: PaymentEntity): PaymentRecord {
  return { object: 'payment', vendorId: entity.CardCode, ...factsOf(entity, PURCHASE_INVOICE) };
}

/** An incoming payment of a customer, with what it settled of which A/R invoice. */
export function receiptRecord(entity: PaymentEntity): ReceiptRecord {
  return { object: 'receipt', customerId: entity.CardCode, ...factsOf(entity, SALES_INVOICE) };
}

function factsOf(
  entity: PaymentEntity,
  settles: readonly string[],
): Omit<PaymentRecord, 'object' | 'vendorId'> {
  return {
    id: entity.DocEntry,
    number: entity.DocNum,
    date: calendarDate(entity.DocDate.slice(0, 10)),
    ...methodOf(entity),
    currency: entity.DocCurrency,
    cancelled: entity.Cancelled === 'tYES',
    ...(entity.U_TiebeamRef === '' ? {} : { reference: entity.U_TiebeamRef }),
    invoices: partsOf(entity, settles),
  };
}

function methodOf(entity: PaymentEntity): Pick<PaymentRecord, 'method' | 'methodNumber'> {
  const checks = entity.PaymentChecks.map(({ CheckNumber }) => CheckNumber).filter((number) => number !== '');
  if (entity.PaymentChecks.length > 0) return { method: 'check', methodNumber: checks.join(', ') || null };
  if (plainAmount(entity.TransferSum ?? '0') !== '0')
    return { method: 'transfer', methodNumber: entity.TransferReference.trim() || null };
  const method = plainAmount(entity.CashSum ?? '0') === '0' ? 'other' : 'cash';
  return { method, methodNumber: null };
}

/** One part by invoice: an invoice that is paid in installments has a row for each. */
function partsOf(entity: PaymentEntity, settles: readonly string[]): PaymentPart[] {
  const sums = new Map<string, bigint>();
  const scale = Math.max(
    exponentOf(entity.DocCurrency),
    ...entity.PaymentInvoices.map((row) => appliedIn(row).scale),
  );
  for (const row of entity.PaymentInvoices) {
    if (!settles.includes(row.InvoiceType)) continue;
    const units = rescale(appliedIn(row), scale, 'half-up');
    sums.set(row.DocEntry, (sums.get(row.DocEntry) ?? 0n) + units);
  }
  return [...sums].map(([invoiceId, units]) => ({ invoiceId, amount: formatDecimal({ units, scale }) }));
}

/** Filled in the foreign field only where the payment is in a foreign currency. */
function appliedIn(row: PaymentEntity['PaymentInvoices'][number]): Decimal {
  const foreign = plainAmount(row.AppliedFC ?? '0');
  return parseDecimal(foreign === '0' ? plainAmount(row.SumApplied ?? '0') : foreign);
}
