import type { Operation } from '../../domain/documents.ts';
import { ownPayments } from '../../domain/payments/own-payments.ts';
import {
  type PostedInvoice,
  planVendorPayment,
  type VendorPaymentInput,
  type VendorPaymentPlan,
} from '../../domain/payments/plan-vendor-payment.ts';
import {
  type ContractPaymentRecord,
  type PayableInvoice,
  type PaymentMaking,
  sentOrigin,
  type VendorPaymentBody,
} from '../../domain/payments/vendor-payment.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import { postingReference } from '../../domain/posting/reference.ts';
import type { PaymentRecord, PeriodRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import { utcDate } from '../../domain/values/calendar-date.ts';
import { add, type Money, money, parseMoney } from '../../domain/values/money.ts';
import type { ContractPaymentRef } from '../../procore/hub.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { invoicesOfSource, vendorPaymentsOf } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { lockBilling, lockPayments } from '../../store/documents/plan-lock.ts';
import { findByMatchKeys, findRecord, listRecords, type StoredRecord } from '../../store/records/record.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { commitmentRoot } from '../lanes.ts';
import { failRequest } from '../post/confirm.ts';
import { paidInvoice } from '../watch/keep-record.ts';
import { type Exported, exportedRecord, isUnanswered } from './exported.ts';
import {
  isRefusedAlready,
  type Origin,
  saveAndGate,
  staysWithdrawn,
  takeWritesBack,
  withdraw,
} from './save-plan.ts';
import { frozenDateOf, originMayBeOurs, vendorIn } from './source-facts.ts';

const OBJECT = 'contract-payment';

/** What the ERP said just before of the invoices that a payment may settle. */
export type Payable = ReadonlyMap<string, PayableInvoice | null>;

type Case = Exported<ContractPaymentRecord> & { readonly invoices: readonly StoredDocument[] };

/** Ids in the ERP of the invoices that a payment may settle. */
export async function invoicesPaidBy(tx: Tx, at: OpenConnection, id: string): Promise<readonly string[]> {
  const record = await recordOf(tx, at, id);
  const invoices = record === null ? [] : await standingInvoicesOf(tx, at, record.body);
  return invoices.flatMap(({ targetId }) => targetId ?? []);
}

/** Turns a payment that was sent to the ERP into the payment it should be there, and brings it to the gate. */
export async function planVendorPaymentOf(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  { id, requestId }: ContractPaymentRef,
  payable: Payable,
): Promise<void> {
  const kind = 'vendor-payment';
  const found = await exportedRecord<ContractPaymentRecord>(engine, tx, at, {
    object: OBJECT,
    id,
    requestId,
    kind,
  });
  if (found === null) return;
  const { erp, record, open } = found;
  // Who posts the invoice, or sees what paid it, takes turns with this plan.
  await lockBilling(tx, erp.id, commitmentRoot(record.body.contractId));
  await lockPayments(tx, erp.id);
  const facts: Case = { ...found, invoices: await standingInvoicesOf(tx, at, record.body) };
  const why = whyNotSent(facts);
  if (why !== null) {
    await withdraw(engine, tx, erp, open, why);
    return answer(engine, tx, facts, why);
  }
  const plan = planVendorPayment(await planInput(engine, tx, facts, payable));
  if (plan.kind === 'document') return save(engine, tx, facts, plan);
  await withdraw(engine, tx, erp, open, plan.why);
  if (plan.why === 'unchanged') await answer(engine, tx, facts, null);
}

/** Why no payment of this kind is sent at all, in words that say what to do instead. */
function whyNotSent({ erp, record }: Case): string | null {
  const { payments } = erp.connection;
  const { originId } = record.body;
  // It came from there: sent back it would be paid twice.
  if (originId?.startsWith(`${erp.code}-PAY-`) && !originId.startsWith(sentOrigin(erp.code, '')))
    return `This payment came from ${erp.name} and stands there already.`;
  if (payments === undefined)
    return `${erp.name} takes no payments through this integration. Enter it there: it then comes back here by itself.`;
  if (payments.making === 'off')
    return `Payments are not sent to ${erp.name}: the setting "payments" of its connection is off. Enter it there, or have an engineer set "payments".`;
  return null;
}

async function save(
  engine: Engine,
  tx: Tx,
  { at, erp, record, item, posted, open, invoices }: Case,
  { document }: Extract<VendorPaymentPlan, { kind: 'document' }>,
): Promise<void> {
  if (staysWithdrawn(open, item, { recordVersion: record.version, isPosted: posted !== null })) return;
  const { body } = document;
  const operation: Operation | null = body === null ? null : { kind: 'create-vendor-payment', body };
  if (isRefusedAlready(open, item, operation)) return;
  if (open !== null && !(await takeWritesBack(tx, erp, open))) return;
  await saveAndGate(engine, tx, { at, erp, open, item }, originOf(record, invoices), {
    ...document,
    operation,
  });
}

async function planInput(
  engine: Engine,
  tx: Tx,
  { at, erp, record, item, posted, open, revision, invoices }: Case,
  payable: Payable,
): Promise<VendorPaymentInput> {
  const { body, nativeId } = record;
  const vendorId = body.vendorId ?? invoices[0]?.vendorId ?? null;
  const [vendor, periods] = await Promise.all([
    vendorIn(tx, at, erp, vendorId),
    listRecords<PeriodRecord>(tx, erp.id, 'period'),
  ]);
  const reference = postingReference(erp.code, {
    tenant: at.tenant,
    connection: erp.id,
    sourceObject: OBJECT,
    sourceId: nativeId,
    kind: 'vendor-payment',
    part: '',
    revision,
  });
  const promised = new Map<string, Money>();
  for (const { targetId } of invoices)
    if (targetId !== null) promised.set(targetId, await promisedOn(tx, erp, targetId, record, open));
  const standing = posted?.body ?? null;
  return {
    record: { ...body, vendorId, vendorName: body.vendorName ?? invoices[0]?.vendorName ?? null },
    exported: item === null ? null : { erpCode: item.erpCode, accountingDate: item.accountingDate },
    originMayBeOurs: await originMayBeOurs(tx, erp, body.originId, open),
    making: makingOf(erp),
    vendorCode: vendor.code,
    vendorBlocked: vendor.blocked,
    invoices: invoices.flatMap(postedInvoice),
    payable: (invoiceId) => {
      const found = payable.get(invoiceId);
      // It was posted since the ERP was asked.
      if (found === undefined)
        throw new Stop('retry-later', erp.system, 'another invoice was posted meanwhile');
      return found;
    },
    promised: (invoiceId) => promised.get(invoiceId) ?? money(0n, body.currency),
    posted: standing?.kind === 'vendor-payment' ? standing : null,
    identity: { revision, reference },
    preflight: (payment) => erp.connection.preflight({ kind: 'create-vendor-payment', body: payment }),
    periods: periods.map((period) => period.body),
    frozenDate: frozenDateOf(open, item),
    today: utcDate(engine.clock.now()),
  };
}

function makingOf({ connection }: OpenConnection): PaymentMaking {
  return connection.payments?.making === 'post' ? 'post' : 'draft';
}

/** What other payments of ours are to take of an invoice, besides what the ERP counts as paid. */
async function promisedOn(
  tx: Tx,
  erp: OpenConnection,
  invoiceId: string,
  { body }: StoredRecord<ContractPaymentRecord>,
  own: StoredDocument | null,
): Promise<Money> {
  const root = commitmentRoot(body.contractId);
  const others = (await vendorPaymentsOf(tx, erp.id, root)).filter(({ id }) => id !== own?.id);
  const bodies = others.flatMap((other) => (other.body?.kind === 'vendor-payment' ? [other.body] : []));
  const found = await paymentsOn(tx, erp, invoiceId);
  const seen = new Set(ownPayments(invoiceId, bodies, found).values());
  return others
    .filter((other) => isPromise(other) && !seen.has(other.body as VendorPaymentBody))
    .flatMap(({ body: other }) => (other?.kind === 'vendor-payment' ? other.invoices : []))
    .filter((part) => part.invoiceId === invoiceId)
    .reduce((sum, { amount }) => add(sum, parseMoney(amount, body.currency)), money(0n, body.currency));
}

/** It is on its way, or a draft that settles nothing yet. What was posted, the ERP counts itself. */
function isPromise({ state, body }: StoredDocument): boolean {
  const isDraft = body?.kind === 'vendor-payment' && body.making === 'draft';
  return (
    state === 'awaiting-approval' ||
    state === 'ready' ||
    state === 'posting' ||
    (isDraft && isStanding({ state }))
  );
}

export async function paymentsOn(
  tx: Tx,
  erp: OpenConnection,
  invoiceId: string,
): Promise<readonly PaymentRecord[]> {
  const found = await findByMatchKeys<PaymentRecord>(tx, erp.id, 'payment', [paidInvoice(invoiceId)]);
  return found.map(({ body }) => body);
}

function postedInvoice({ targetId, body }: StoredDocument): PostedInvoice[] {
  const isBill = body?.kind === 'ap-invoice' && body.purpose !== 'direct-cost';
  return isBill && targetId !== null ? [{ id: targetId, body }] : [];
}

function recordOf(tx: Tx, at: OpenConnection, id: string) {
  return findRecord<ContractPaymentRecord>(tx, { connection: at.id, object: OBJECT, nativeId: id });
}

async function standingInvoicesOf(
  tx: Tx,
  at: OpenConnection,
  { subInvoiceId }: ContractPaymentRecord,
): Promise<readonly StoredDocument[]> {
  if (subInvoiceId === null) return [];
  const source = { sourceConnection: at.id, sourceObject: 'sub-invoice', sourceId: subInvoiceId };
  return (await invoicesOfSource(tx, source)).filter(isStanding);
}

function originOf(
  { nativeId, body, version, hash }: StoredRecord<ContractPaymentRecord>,
  invoices: readonly StoredDocument[],
): Origin {
  const [invoice] = invoices;
  return {
    sourceObject: OBJECT,
    sourceId: nativeId,
    kind: 'vendor-payment',
    part: '',
    root: commitmentRoot(body.contractId),
    projectId: body.projectId,
    vendorId: body.vendorId ?? invoice?.vendorId ?? null,
    vendorName: body.vendorName ?? invoice?.vendorName ?? null,
    number: body.number,
    title: invoice === undefined ? 'Payment' : `Payment of ${invoice.number}`,
    recordVersion: version,
    recordHash: hash,
  };
}

/** Nothing is to be made: a request that asked for it gets its answer all the same. */
async function answer(engine: Engine, tx: Tx, { at, item, posted }: Case, why: string | null): Promise<void> {
  if (item === null || !(await isUnanswered(engine, tx, { at, item, posted }))) return;
  await failRequest(engine, tx, at, item, [why ?? 'Nothing of it is to be posted.']);
}
