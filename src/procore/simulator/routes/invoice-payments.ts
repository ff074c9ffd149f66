import { z } from 'zod';
import type { ContractPayment } from '../billing/billing-records.ts';
import { createPayment, paymentView, touchPayment } from '../billing/payment-store.ts';
import { dateField, decimalField, idField, parsedBody, textField } from '../http/body.ts';
import { MONEY_SCALE } from '../http/decimals.ts';
import { ApiError, BLANK, TAKEN } from '../http/errors.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { assertRowCount } from './vendors.ts';

const row = z
  .strictObject({
    invoice_type: z.string(),
    invoice_id: idField,
    origin_id: textField,
    origin_code: textField,
    // Names and types of amount and dates are published nowhere.
    amount: decimalField(MONEY_SCALE),
    payment_date: dateField,
    check_number: textField,
    notes: textField,
  })
  .partial();
const syncBody = z.strictObject({ company_id: idField, updates: z.array(row) });
type Row = z.output<typeof row>;
type RowOutcome = { payment: ContractPayment } | { errors: unknown };

export const invoicePaymentRoutes: readonly Route[] = [
  {
    method: 'PATCH',
    pattern: '/rest/v1.0/companies/:company_id/invoice_payments/sync',
    handle: syncInvoicePayments,
  },
];

/** Creates or updates payments by their origin id; what is wrong with a row stands beside it under HTTP 200. */
function syncInvoicePayments(context: Context): Answer {
  assertRowCount(context.body);
  const { updates } = parsedBody(syncBody, context.body);
  const entities: unknown[] = [];
  const errors: unknown[] = [];
  for (const each of updates) {
    const outcome = synced(context, each);
    if ('payment' in outcome) entities.push(paymentView(outcome.payment));
    else errors.push({ ...each, ...amountText(each), errors: outcome.errors });
  }
  return { status: 200, body: { entities, errors } };
}

function synced(
  context: Context,
  { invoice_type, invoice_id, origin_id, origin_code, ...rest }: Row,
): RowOutcome {
  const { world, company, actor } = context;
  if (invoice_type !== 'Billings::Requisition')
    return { errors: { invoice_type: ['is not included in the list'] } };
  if (!origin_id) return { errors: { origin_id: BLANK } };
  const requisition = world.requisitions.get(invoice_id ?? -1);
  const contract = requisition && world.contracts.get(requisition.contract_id);
  if (contract?.company_id !== company.id)
    return { errors: { invoice_id: ['Entity with this ID not found'] } };
  const known = world.payments.get(world.holderOf(company.id, 'contract_payment', origin_id) ?? -1);
  const { payment_date: date, amount, ...texts } = rest;
  if (known) {
    if (known.requisition_id !== requisition?.id) return { errors: TAKEN };
    known.amount = amount ?? known.amount;
    Object.assign(known.details, texts, date === undefined ? {} : { date });
    touchPayment(world, known, actor);
    return { payment: known };
  }
  try {
    const input = { ...texts, date, amount, origin_id, requisition_id: requisition?.id };
    const payment = createPayment(world, contract, input, actor);
    payment.origin_code = origin_code ?? null;
    return { payment };
  } catch (error) {
    if (error instanceof ApiError) return { errors: (error.body as { errors: unknown }).errors };
    throw error;
  }
}

function amountText({ amount }: Row): object {
  return amount === undefined ? {} : { amount: amount.toString() };
}
