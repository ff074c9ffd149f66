import type { Operation, PaymentNotice } from '../../domain/documents.ts';
import { mappingHash } from '../../domain/mapping.ts';
import type { ReceiptRecord } from '../../domain/owner/receipt.ts';
import { ownPayments } from '../../domain/payments/own-payments.ts';
import type { PaymentPart, PaymentRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import { parseMoney } from '../../domain/values/money.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { documentsOf, paymentDocuments, vendorPaymentsOf } from '../../store/documents/document-lists.ts';
import type { DocumentPlan } from '../../store/documents/document-row.ts';
import { joinPlans, lockPayments } from '../../store/documents/plan-lock.ts';
import { openReview } from '../../store/documents/review.ts';
import { findRecord, type StoredRecord } from '../../store/records/record.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { type PaidInvoice, paidInvoice } from './paid-invoice.ts';
import { passGate } from './pass-gate.ts';
import { revisionOf } from './plan-commitment.ts';
import { paymentsOn } from './plan-vendor-payment.ts';
import { hashOf, isRefusedAlready, takeWritesBack, withdraw } from './save-plan.ts';

/** What each kind of payment is called in the id that it gets in Procore, and what people call it. */
const KINDS = {
  payment: { code: 'PAY', words: 'Payment' },
  receipt: { code: 'RCT', words: 'Receipt' },
} as const;

/**
 * Shows a payment of the ERP in Procore, to a vendor or of an owner, once for each of our invoices that it settled; one
 * that was cancelled is taken back there. What it paid beside these is none of our business.
 */
export async function planPayment(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  object: keyof typeof KINDS,
  id: string,
): Promise<void> {
  await joinPlans(tx);
  await lockPayments(tx, erp.id);
  const key = { connection: erp.id, object, nativeId: id };
  const payment = await findRecord<PaymentRecord | ReceiptRecord>(tx, key);
  if (payment === null) return;
  const hub = await engine.systems.hubOf(erp.tenant);
  const isVoid = payment.body.cancelled || payment.gone;
  const settled = new Map(payment.body.invoices.map((part) => [part.invoiceId, part]));
  const known = await paymentDocuments(tx, erp.id, object, id);
  for (const invoiceId of new Set([...settled.keys(), ...known.map(({ part }) => part)])) {
    const invoice = await paidInvoice(tx, hub, erp, payment.body, invoiceId);
    const part = isVoid ? undefined : settled.get(invoiceId);
    if (invoice === null) continue;
    const facts: Case = { payment, invoice, invoiceId, part };
    if (await isOurs(tx, erp, facts)) await askIfCancelled(engine, tx, erp, facts);
    else await planPart(engine, tx, erp, facts);
  }
}

type Case = {
  readonly payment: StoredRecord<PaymentRecord | ReceiptRecord>;
  readonly invoice: PaidInvoice;
  readonly invoiceId: string;
  /** Absent where the payment settles nothing of the invoice any more. */
  readonly part: PaymentPart | undefined;
};

/** It began as a payment in Procore, where people see it already. */
async function isOurs(tx: Tx, erp: OpenConnection, { payment, invoice, invoiceId }: Case): Promise<boolean> {
  if (payment.body.object !== 'payment') return false;
  const sent = await vendorPaymentsOf(tx, erp.id, invoice.root);
  const bodies = sent.flatMap(({ body }) => (body?.kind === 'vendor-payment' ? [body] : []));
  if (bodies.length === 0) return false;
  return ownPayments(invoiceId, bodies, await paymentsOn(tx, erp, invoiceId)).has(payment.nativeId);
}

/** What people entered in Procore only they take back there. */
async function askIfCancelled(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  { payment, invoice, invoiceId, part }: Case,
): Promise<void> {
  if (part !== undefined) return;
  await openReview(tx, {
    id: engine.newId(),
    kind: 'exception',
    subject: `payment-cancelled:${erp.id}:${payment.nativeId}:${invoiceId}`,
    document: null,
    title: `Payment ${payment.body.number} of ${invoice.number}`,
    question: `Payment ${payment.body.number}, which was sent from Procore, was cancelled in ${erp.name}: invoice ${invoice.number} is open again there. Take the payment back in Procore too, or enter it anew in ${erp.name}.`,
    evidence: { payment: payment.body.number, invoice: invoice.number },
    role: 'accountant',
  });
}

async function planPart(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  { payment, invoice, invoiceId, part }: Case,
): Promise<void> {
  const hub = await engine.systems.hubOf(erp.tenant);
  const { object } = payment.body;
  const key = {
    sourceConnection: erp.id,
    sourceObject: object,
    sourceId: payment.nativeId,
    targetConnection: hub.id,
    kind: object,
    part: invoiceId,
  } as const;
  const documents = await documentsOf(tx, key);
  const last = documents.at(-1) ?? null;
  const posted = documents.findLast(isStanding) ?? null;
  const open = last === posted ? null : last;
  if (open?.state === 'posting' || open?.state === 'conflict') return;
  const operation = operationFor(
    erp,
    { payment, invoice, part },
    posted?.operation ?? null,
    posted?.targetId ?? null,
  );
  if (operation === null)
    return withdraw(engine, tx, hub, open, 'the payment was cancelled before it was shown');
  if (isRefusedAlready(open, null, operation)) return;
  if (open !== null && !(await takeWritesBack(tx, hub, open))) return;
  const { notice } = operation;
  const amount = parseMoney(notice.amount, notice.currency);
  const draft: DocumentPlan = {
    ...key,
    id: open?.id ?? engine.newId(),
    revision: revisionOf(documents),
    root: invoice.root,
    state: 'planned',
    projectId: invoice.projectId,
    vendorId: invoice.vendorId,
    vendorName: invoice.vendorName,
    number: payment.body.number,
    title: titleOf(operation, KINDS[object].words, invoice.number),
    amountMinor: amount.minor,
    currency: amount.currency,
    exposureMinor: 0n,
    accountingDate: payment.body.date,
    recordVersion: payment.version,
    recordHash: payment.hash,
    body: null,
    operation,
    payloadHash: hashOf(operation),
    mappings: [],
    mappingHash: mappingHash([]),
    gate: null,
    reasons: [],
    requester: null,
    requestKey: null,
  };
  // It moves no money: it shows what was moved, and no threshold counts it.
  await passGate(engine, tx, { erp, hub, draft, exposure: null, before: open });
}

function titleOf({ kind }: Shown, words: string, invoice: string): string {
  return kind === 'record-payment'
    ? `${words} of ${invoice}`
    : `Cancelled ${words.toLowerCase()} of ${invoice}`;
}

type Shown = Extract<Operation, { kind: 'record-payment' | 'withdraw-payment' }>;

/** What Procore still has to be told; null when it shows what is so. */
function operationFor(
  erp: OpenConnection,
  { payment, invoice, part }: Pick<Case, 'payment' | 'invoice' | 'part'>,
  told: Operation | null,
  shownAs: string | null,
): Shown | null {
  const isShown = told?.kind === 'record-payment';
  if (part !== undefined)
    return isShown ? null : { kind: 'record-payment', notice: noticeOf(erp, payment.body, invoice, part) };
  return isShown && shownAs !== null
    ? { kind: 'withdraw-payment', paymentId: shownAs, notice: told.notice }
    : null;
}

function noticeOf(
  erp: OpenConnection,
  payment: PaymentRecord | ReceiptRecord,
  invoice: PaidInvoice,
  { invoiceId, amount }: PaymentPart,
): PaymentNotice {
  return {
    ...invoice.on,
    originId: `${erp.code}-${KINDS[payment.object].code}-${payment.id}-${invoiceId}`,
    projectId: invoice.projectId ?? '',
    amount,
    currency: payment.currency,
    date: payment.date,
    method: payment.method === 'check' ? 'check' : 'electronic',
    methodNumber: payment.methodNumber,
    invoiceNumber: invoice.invoiceNumber,
  };
}
