import { contentHash } from '../domain/canonical.ts';
import type { PaymentNotice } from '../domain/documents.ts';
import type { Outcome } from '../domain/outcomes.ts';
import type { Match, Read, WireResponse, Write } from '../domain/writes.ts';
import { type JsonValue, jsonNumber, parseJson } from '../lib/decimal-json.ts';
import { amountText, dateOrNull } from './commitments.ts';
import type { ProcoreConfig } from './config.ts';
import { asTree, textOf } from './errors.ts';
import { classifyPlain } from './outcomes.ts';
import { readList } from './paging.ts';
import { type PaymentRow, parsed, paymentRow } from './wire.ts';

const ROUTE = '/rest/v1.0/contract_payments';

/**
 * Shows a payment of the ERP on its commitment and pay application. The origin id is our reference: Procore takes
 * each once, and it locks the payment, so that what stands under it is what we sent.
 */
export function paymentWrite(notice: PaymentNotice, config: ProcoreConfig): Write {
  return {
    name: 'record-payment',
    kind: 'create',
    object: 'payment',
    reference: notice.originId,
    targetHash: contentHash(formOfNotice(notice)),
    encode: () => ({ method: 'POST', path: ROUTE, body: JSON.stringify(wireBody(notice)) }),
    probe: async (read) => ({ kind: 'found', matches: await findPayments(read, notice, config) }),
    classify: classifyCreated,
  };
}

type PaymentForm = {
  readonly originId: string | null;
  readonly subInvoice: string | null;
  readonly amount: string;
  readonly date: string | null;
  readonly number: string | null;
};

function formOfNotice(notice: PaymentNotice): PaymentForm {
  return {
    originId: notice.originId,
    subInvoice: notice.subInvoiceId,
    amount: amountText(notice.amount, notice.currency, 'a payment'),
    date: notice.date,
    number: notice.methodNumber,
  };
}

function formOfRow(row: PaymentRow, currency: string): PaymentForm {
  return {
    originId: row.origin_id,
    subInvoice: row.requisition_id,
    amount: amountText(row.amount, currency, `payment ${row.id}`),
    date: dateOrNull(row.date),
    number: row.check_number,
  };
}

function wireBody(notice: PaymentNotice): object {
  return {
    project_id: jsonNumber(notice.projectId),
    contract_id: jsonNumber(notice.commitmentId),
    contract_payment: {
      requisition_id: jsonNumber(notice.subInvoiceId),
      amount: amountText(notice.amount, notice.currency, 'a payment'),
      date: notice.date,
      payment_method: notice.method,
      origin_id: notice.originId,
      ...(notice.methodNumber === null ? {} : { check_number: notice.methodNumber }),
      ...(notice.invoiceNumber === null ? {} : { invoice_number: notice.invoiceNumber }),
    },
  };
}

/** The list has no filter by origin id; a commitment has a few payments a month. */
async function findPayments(read: Read, notice: PaymentNotice, config: ProcoreConfig): Promise<Match[]> {
  const query = { project_id: notice.projectId, contract_id: notice.commitmentId };
  const rows = await readList(read, { path: ROUTE, query, pageSize: config.pageSize });
  return rows
    .map((row) => parsed(paymentRow, row, 'a contract payment'))
    .filter((row) => row.origin_id === notice.originId)
    .map((row) => ({
      id: row.id,
      state: 'posted',
      hash: contentHash(formOfRow(row, notice.currency)),
    }));
}

function classifyCreated(response: WireResponse): Outcome {
  const outcome = classifyPlain(response, '');
  if (outcome.kind === 'refused') return refusedOrThere(outcome);
  if (outcome.kind !== 'posted') return outcome;
  const id = textOf(asTree(bodyOf(response.body))?.id);
  return id === null ? { kind: 'unknown', why: 'the answer names no payment' } : { kind: 'posted', id };
}

/** That the origin id is taken may be by this very payment, whose answer was lost: a look tells. */
function refusedOrThere(outcome: Extract<Outcome, { kind: 'refused' }>): Outcome {
  const taken = outcome.errors.find(({ field, message }) => field === 'origin_id' && /taken/i.test(message));
  return taken === undefined
    ? outcome
    : { kind: 'unknown', why: `a payment with this origin id is said to exist already: ${taken.message}` };
}

function bodyOf(body: string): JsonValue | undefined {
  return body.trim() === '' ? undefined : parseJson(body);
}
