import type { Operation, PaymentNotice } from '../../domain/documents.ts';
import type { Outcome } from '../../domain/posting/outcomes.ts';
import type { Match, ProbeResult, Read, WireResponse, Write } from '../../domain/posting/writes.ts';
import { contentHash } from '../../domain/values/canonical.ts';
import { type JsonValue, jsonNumber, parseJson } from '../../lib/decimal-json.ts';
import { amountText, dateOrNull } from '../commitments/commitments.ts';
import type { ProcoreConfig } from '../config.ts';
import { asTree, textOf } from '../http/errors.ts';
import { readList } from '../http/paging.ts';
import { classifyPlain } from '../outcomes.ts';
import { type PaymentRow, parsed, paymentRow } from '../wire.ts';

const ROUTE = '/rest/v1.0/contract_payments';

/**
 * Shows a payment of the ERP on its commitment and pay application, or on the prime contract where it was received. The origin id is our reference: Procore takes
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

type Withdrawal = Extract<Operation, { kind: 'withdraw-payment' }>;

/**
 * Takes a payment back whose original was cancelled. Its origin id locks it against everybody, so it loses that
 * first; what somebody changes in between is left alone and shown to a person.
 */
export function withdrawalWrites(withdrawal: Withdrawal, config: ProcoreConfig): readonly Write[] {
  const { paymentId: id, notice } = withdrawal;
  const gone = { payment: id, originId: null };
  const shared = { kind: 'set', answerProves: true, object: 'payment' } as const;
  const ids = new URLSearchParams({ project_id: notice.projectId, contract_id: contractOf(notice) });
  return [
    {
      ...shared,
      name: 'unlock-payment',
      reference: `contract_payment/${id}/unlock`,
      targetHash: contentHash(gone),
      encode: () => ({
        method: 'DELETE',
        path: `/rest/v1.0/companies/${config.companyId}/external_data/bulk_destroy`,
        body: JSON.stringify({ item_type: 'contract_payment', item_ids: [jsonNumber(id)] }),
      }),
      probe: async (read) => standingOfLock(withdrawal, await readPayment(read, withdrawal, config)),
      classify: (response) => classifyPlain(response, id),
    },
    {
      ...shared,
      name: 'delete-payment',
      reference: `contract_payment/${id}/delete`,
      targetHash: contentHash({ ...gone, deleted: true }),
      encode: () => ({ method: 'DELETE', path: `${ROUTE}/${id}?${ids}` }),
      probe: async (read) => standingOfPayment(withdrawal, await readPayment(read, withdrawal, config)),
      classify: (response) => classifyPlain(response, id),
    },
  ];
}

function standingOfLock({ paymentId: id, notice }: Withdrawal, row: PaymentRow | null): ProbeResult {
  if (row === null || row.origin_id === null) return { kind: 'standing', standing: 'at-target', id };
  if (row.origin_id === notice.originId) return { kind: 'standing', standing: 'at-base', id };
  const difference = `payment ${id} carries the origin id "${row.origin_id}" instead of "${notice.originId}"`;
  return { kind: 'standing', standing: 'elsewhere', id, difference };
}

function standingOfPayment({ paymentId: id, notice }: Withdrawal, row: PaymentRow | null): ProbeResult {
  if (row === null) return { kind: 'standing', standing: 'at-target', id };
  const unlocked = { ...formOfNotice(notice), originId: null };
  if (contentHash(formOfRow(row, notice.currency)) === contentHash(unlocked))
    return { kind: 'standing', standing: 'at-base', id };
  const difference = `payment ${id} is not the one any more that was recorded: it was changed in Procore`;
  return { kind: 'standing', standing: 'elsewhere', id, difference };
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
    subInvoice: 'subInvoiceId' in notice ? notice.subInvoiceId : null,
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
    contract_id: jsonNumber(contractOf(notice)),
    contract_payment: {
      ...('subInvoiceId' in notice
        ? { requisition_id: jsonNumber(notice.subInvoiceId) }
        : { draw_request_number: notice.application }),
      amount: amountText(notice.amount, notice.currency, 'a payment'),
      date: notice.date,
      payment_method: notice.method,
      origin_id: notice.originId,
      ...(notice.methodNumber === null ? {} : { check_number: notice.methodNumber }),
      ...(notice.invoiceNumber === null ? {} : { invoice_number: notice.invoiceNumber }),
    },
  };
}

async function findPayments(read: Read, notice: PaymentNotice, config: ProcoreConfig): Promise<Match[]> {
  const rows = await readPayments(read, notice, config);
  return rows
    .filter((row) => row.origin_id === notice.originId)
    .map((row) => ({
      id: row.id,
      state: 'posted',
      hash: contentHash(formOfRow(row, notice.currency)),
    }));
}

/** Looked for in the list, because one that is not shown by its id may only be hidden. */
async function readPayment(
  read: Read,
  { paymentId, notice }: Withdrawal,
  config: ProcoreConfig,
): Promise<PaymentRow | null> {
  const rows = await readPayments(read, notice, config);
  return rows.find(({ id }) => id === paymentId) ?? null;
}

function contractOf(notice: PaymentNotice): string {
  return 'commitmentId' in notice ? notice.commitmentId : notice.primeContractId;
}

/** The list has no filter by origin id; a contract has a few payments a month. */
async function readPayments(read: Read, notice: PaymentNotice, config: ProcoreConfig): Promise<PaymentRow[]> {
  const query = { project_id: notice.projectId, contract_id: contractOf(notice) };
  const rows = await readList(read, { path: ROUTE, query, pageSize: config.pageSize });
  return rows.map((row) => parsed(paymentRow, row, 'a contract payment'));
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
