import type { Policy } from '../../domain/approval/gate.ts';
import type { Situation } from '../../domain/billing/billing-question.ts';
import { billingOf } from '../../domain/billing/plan-invoice-billing.ts';
import {
  type InvoicePart,
  type PostedOrder,
  safestInvoicePolicy,
} from '../../domain/billing/plan-invoice-input.ts';
import type { Reason } from '../../domain/reasons.ts';
import { isStanding } from '../../domain/states.ts';
import type { Tx } from '../../store/database/transaction.ts';
import {
  type BilledContract,
  billingDecisions,
  isBillingUnderWay,
  waiterFor,
} from '../../store/documents/billing-decision.ts';
import { documentsFrom, standingInvoices } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { findRecord, type StoredRecord } from '../../store/records/record.ts';
import { newestItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import { currentPolicy } from '../../store/settings/policy.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor } from '../erp-companies.ts';
import { adoptionOf } from './adopted.ts';
import { type Application, postedInvoice, previousOf, rootOf } from './applications.ts';
import { billingAnswers } from './billing-answers.ts';
import { orderOf } from './order-in-erp.ts';

export type ApplicationKey = { readonly object: Application['object']; readonly id: string };

/** An application that could not be billed in its turn, with all that a decision about it follows from. */
export type BillingCase = {
  readonly hub: OpenConnection;
  readonly erp: OpenConnection;
  readonly record: StoredRecord<Application>;
  readonly contract: BilledContract;
  /** What was ever planned for it, oldest first. */
  readonly documents: readonly StoredDocument[];
  readonly item: StoredRequestItem | null;
  readonly situation: Situation;
  /** Ids of the documents of all invoices of the contract that stand. */
  readonly standing: readonly string[];
  /** Who exported it, or else what waits for it. */
  readonly requester: string | null;
  /** The order of a commitment; an owner is billed on none. */
  readonly order: PostedOrder | null;
  readonly policy: Policy;
};

/** Reasons that a person's word ends, about the application itself or about the one before it. */
const ASKED: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'application-skipped',
  'application-out-of-order',
  'application-reopened',
  'billing-reduced',
  'negative-invoice',
  'duplicate-number',
  'foreign-origin',
]);

/** Null where nothing is to be asked about the application. */
export async function billingCase(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  { object, id }: ApplicationKey,
): Promise<BillingCase | null> {
  const record = await findRecord<Application>(tx, { connection: hub.id, object, nativeId: id });
  if (record === null || record.gone || record.body.deleted) return null;
  const erp = await erpFor(engine, tx, hub.tenant, record.body.projectId);
  const contract = { sourceConnection: hub.id, targetConnection: erp.id, root: rootOf(record.body) };
  const documents = await invoicesOf(tx, contract, record);
  const decisions = await billingDecisions(tx, contract);
  const item = await newestItem(tx, hub.id, object, id);
  const live = documents.filter(isLive);
  const waiter = await waiterFor(tx, contract, record.body.application);
  const left = decisions.find(({ recordId, verdict }) => recordId === id && verdict === 'next');
  const facts = {
    codes: new Set(live.flatMap(({ reasons }) => reasons.map(({ code }) => code))),
    isWaitedFor: waiter !== undefined && live.length === 0 && left === undefined,
    isWantedBack: left !== undefined && item !== null && item.key !== left.requestKey,
  };
  const isAsked = [...facts.codes].some((code) => ASKED.has(code));
  if (!isAsked && !facts.isWaitedFor && !facts.isWantedBack) return null;
  const policy = await currentPolicy(tx);
  const read = await situationOf(tx, { hub, erp, record, contract, facts, policy });
  if (read === null) return null;
  const requester = item?.requester ?? waiter?.requester ?? null;
  return { hub, erp, record, contract, documents, item, requester, policy, ...read };
}

type Read = Pick<BillingCase, 'hub' | 'erp' | 'record' | 'contract' | 'policy'> & {
  readonly facts: Pick<Situation, 'codes' | 'isWaitedFor' | 'isWantedBack'>;
};

async function situationOf(
  tx: Tx,
  { hub, erp, record: { body }, contract, facts, policy }: Read,
): Promise<Pick<BillingCase, 'situation' | 'standing' | 'order'> | null> {
  const isSub = body.object === 'sub-invoice';
  const adopted = isSub ? (await adoptionOf(tx, hub, erp, body.commitmentId)).opening : null;
  const answers = await billingAnswers(tx, contract);
  const opening = adopted ?? answers.opening;
  if (opening !== null && body.application <= opening.application) return null;
  const standing = await standingInvoices(tx, erp.id, contract.root);
  const posted = standing.map(postedInvoice).filter((invoice) => invoice !== null);
  if (posted.some((invoice) => invoice.body.currency !== body.currency)) return null;
  const invoices = { ...safestInvoicePolicy, ...policy.invoices };
  const previous = await previousOf(tx, hub, body);
  const input = { record: body, previous, posted, opening, passedOver: answers.left, policy: invoices };
  const read = billingOf(input);
  if (!('billing' in read)) return null;
  const own = posted.filter(({ recordId }) => recordId === body.id);
  const hasLater = posted.some((invoice) => invoice.body.application > body.application);
  const situation: Situation = {
    ...facts,
    record: body,
    billing: read.billing,
    posted: new Set<InvoicePart>(own.map((invoice) => invoice.body.purpose)),
    isUntouched: posted.length === 0 && opening === null && !(await isBillingUnderWay(tx, contract)),
    isWantedBack: facts.isWantedBack && !hasLater,
  };
  const order = isSub ? await orderOf(tx, hub, erp, body.commitmentId) : null;
  return { situation, standing: standing.map(({ id }) => id), order };
}

export function contractOf(record: Application): string {
  return record.object === 'sub-invoice' ? record.commitmentId : record.contractId;
}

async function invoicesOf(
  tx: Tx,
  { sourceConnection, targetConnection }: BilledContract,
  { object, nativeId }: StoredRecord<Application>,
): Promise<StoredDocument[]> {
  const all = await documentsFrom(tx, sourceConnection, object, nativeId, targetConnection);
  return all.filter(({ kind }) => kind === 'ap-invoice' || kind === 'ar-invoice');
}

/** Planned or on its way, and nothing that is over. */
export function isLive(document: StoredDocument): boolean {
  return !isStanding(document) && document.state !== 'withdrawn' && document.state !== 'detached';
}
