import type { PayableInvoice } from '../../../domain/payments/vendor-payment.ts';
import type { Read } from '../../../domain/posting/writes.ts';
import { formatDecimal, parseDecimal, rescale } from '../../../domain/values/decimal.ts';
import { exponentOf } from '../../../domain/values/money.ts';
import { plainAmount } from '../orders/order-form.ts';
import { readStop } from '../service-layer/errors.ts';
import { vendorError } from '../service-layer/vendor-error.ts';
import { bodyOf, type PayableEntity, readPayable } from '../service-layer/wire.ts';

/** An A/P invoice just before it is paid; null where there is none under that key. */
export async function payableInvoice(read: Read, invoiceId: string): Promise<PayableInvoice | null> {
  const response = await read({ method: 'GET', path: `/PurchaseInvoices(${invoiceId})` });
  if (response.status === 404 && vendorError(response)?.code === '-2028') return null;
  if (response.status !== 200) throw readStop(response, 'the A/P invoice');
  const entity = readPayable(bodyOf(response));
  const { CardCode: vendorCode, DocCurrency: currency } = entity;
  return { vendorCode, currency, open: openOf(entity), blocked: whyBlocked(entity) };
}

function openOf({ DocCurrency, DocTotal, PaidToDate }: PayableEntity): string {
  const scale = exponentOf(DocCurrency);
  const [total, paid] = [DocTotal, PaidToDate].map((amount) =>
    rescale(parseDecimal(plainAmount(amount ?? '0')), scale, 'half-up'),
  );
  return formatDecimal({ units: (total ?? 0n) - (paid ?? 0n), scale });
}

function whyBlocked(entity: PayableEntity): string | null {
  if (entity.Cancelled === 'tYES' || entity.CancelStatus === 'csYes') return 'it is cancelled.';
  if (entity.DocumentStatus === 'bost_Close') return 'it is closed.';
  if (entity.PaymentBlock === 'tYES') return 'it is blocked for payment.';
  // What a payment applies to it would have to be said in two currencies, at a rate that nobody named.
  if (plainAmount(entity.DocTotalFc ?? '0') !== '0') return 'it is in a foreign currency.';
  // Each installment is a row of its own, and which of them was paid is not said.
  if (Number(entity.NumberOfInstallments ?? '1') > 1) return 'it is due in installments.';
  return null;
}
