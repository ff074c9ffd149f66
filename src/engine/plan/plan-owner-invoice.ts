import { utcDate } from '../../domain/calendar-date.ts';
import type { Operation } from '../../domain/documents.ts';
import {
  type OwnerInvoicePlan,
  type OwnerInvoicePlanInput,
  planOwnerInvoice,
} from '../../domain/owner-invoice.ts';
import { type InvoicePart, safestInvoicePolicy } from '../../domain/plan-invoice-input.ts';
import type {
  AccountRecord,
  CustomerRecord,
  OwnerInvoiceRecord,
  PeriodRecord,
  ProjectRecord,
} from '../../domain/records.ts';
import { postingReference } from '../../domain/reference.ts';
import { isStanding } from '../../domain/states.ts';
import type { PostedInvoice } from '../../domain/sub-invoice-sequence.ts';
import { documentsOf, standingInvoices } from '../../store/document-lists.ts';
import type { StoredDocument } from '../../store/document-row.ts';
import { mappingsFor } from '../../store/mapping.ts';
import { joinPlans, lockBilling } from '../../store/plan-lock.ts';
import { currentPolicy } from '../../store/policy.ts';
import { findRecord, findRecords, listRecords, type StoredRecord } from '../../store/record.ts';
import { newestItem, type StoredRequestItem } from '../../store/request-item.ts';
import type { Tx } from '../../store/transaction.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor } from '../erp-companies.ts';
import { primeContractRoot } from '../lanes.ts';
import { attachFiles } from '../post/attach.ts';
import { closeOlderItems, confirmUnchanged, failRequest } from '../post/confirm.ts';
import { waitsForCompany } from './ask-company.ts';
import { billingAnswers, DECIDED } from './billing-answers.ts';
import type { NumbersInErp } from './numbers-in-erp.ts';
import { revisionOf } from './plan-commitment.ts';
import {
  isRefusedAlready,
  isSpent,
  type Origin,
  saveAndGate,
  staysWithdrawn,
  takeWritesBack,
  withdraw,
} from './save-plan.ts';
import { frozenDateOf, numberWidthOf, originMayBeOurs } from './source-facts.ts';

const OBJECT = 'owner-invoice';
const PARTS: readonly InvoicePart[] = ['progress', 'retainage-release'];

type Part = {
  readonly part: InvoicePart;
  readonly posted: StoredDocument | null;
  readonly open: StoredDocument | null;
  readonly revision: number;
  readonly last: readonly StoredDocument[];
};

type Case = {
  readonly at: OpenConnection;
  readonly erp: OpenConnection;
  readonly record: StoredRecord<OwnerInvoiceRecord>;
  readonly item: StoredRequestItem | null;
  readonly parts: readonly Part[];
};

/** Turns the present state of an owner invoice into the A/R invoices it should be, and brings them to the gate. */
export async function planOwnerInvoices(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  id: string,
  numbers: NumbersInErp,
): Promise<void> {
  await joinPlans(tx);
  const record = await findRecord<OwnerInvoiceRecord>(tx, {
    connection: at.id,
    object: OBJECT,
    nativeId: id,
  });
  if (record === null) return;
  if (await waitsForCompany(engine, tx, at, record)) return;
  const erp = await erpFor(engine, tx, at.tenant, record.body.projectId);
  const parts = await Promise.all(PARTS.map((part) => partOf(tx, at, erp, id, part)));
  await lockBilling(tx, erp.id, primeContractRoot(record.body.contractId));
  const newest = await newestItem(tx, at.id, OBJECT, id);
  const documents = parts.flatMap(({ posted, open }) => [posted, open]).filter((one) => one !== null);
  if (newest !== null) await closeOlderItems(engine, tx, at, newest, documents);
  // What its sender was told will not be done is not done by itself later on.
  const isOver =
    documents.length === 0 && (newest?.state === 'failed' || parts.some(({ last }) => isSpent(newest, last)));
  const facts: Case = { at, erp, record, item: isOver ? null : newest, parts };
  if (!erp.connection.supports.has('create-ar-invoice')) return answer(engine, tx, facts, 'not-taken');
  const plan = planOwnerInvoice(await planInput(engine, tx, facts, numbers));
  for (const own of parts) await savePart(engine, tx, facts, own, plan);
  // A file may be read only after its invoice was posted.
  for (const { posted } of parts) if (posted !== null) await attachFiles(engine, tx, erp, posted);
  if (plan.kind === 'nothing') await answer(engine, tx, facts, plan.why);
}

async function savePart(
  engine: Engine,
  tx: Tx,
  { at, erp, record, item }: Case,
  { part, open, posted }: Part,
  plan: OwnerInvoicePlan,
): Promise<void> {
  // Something may be on its way: what it becomes decides what comes next, so the lane is woken when it ends.
  if (open?.state === 'posting' || (open?.state === 'conflict' && open.payloadHash !== null)) return;
  const planned = plan.kind === 'nothing' ? undefined : plan.documents.find((one) => one.part === part);
  if (planned === undefined)
    return withdraw(engine, tx, erp, open, plan.kind === 'nothing' ? plan.why : 'unchanged');
  if (staysWithdrawn(open, item, { recordVersion: record.version, isPosted: posted !== null })) return;
  const { body } = planned;
  const operation: Operation | null = body === null ? null : { kind: 'create-ar-invoice', body };
  if (isRefusedAlready(open, item, operation)) return;
  if (open !== null && !(await takeWritesBack(tx, erp, open))) return;
  await saveAndGate(engine, tx, { at, erp, open, item }, originOf(record, part), { ...planned, operation });
}

async function partOf(
  tx: Tx,
  at: OpenConnection,
  erp: OpenConnection,
  id: string,
  part: InvoicePart,
): Promise<Part> {
  const documents = await documentsOf(tx, {
    sourceConnection: at.id,
    sourceObject: OBJECT,
    sourceId: id,
    targetConnection: erp.id,
    kind: 'ar-invoice',
    part,
  });
  const posted = documents.findLast(isStanding) ?? null;
  const last = documents.at(-1) ?? null;
  const open = last === null || last === posted || last.state === 'detached' ? null : last;
  return { part, posted, open, revision: revisionOf(documents), last: documents.slice(-1) };
}

async function planInput(
  engine: Engine,
  tx: Tx,
  { at, erp, record, item, parts }: Case,
  numbers: NumbersInErp,
): Promise<OwnerInvoicePlanInput> {
  const { body, nativeId } = record;
  const contract = primeContractRoot(body.contractId);
  const open = parts.find(({ open }) => open !== null)?.open ?? null;
  const place = { sourceConnection: at.id, targetConnection: erp.id, root: contract };
  const [rows, previous, posted, answers, periods, policy] = await Promise.all([
    mappingsFor(tx, erp, body.projectId),
    previousOf(tx, at, body),
    standingInvoices(tx, erp.id, contract),
    billingAnswers(tx, place),
    listRecords<PeriodRecord>(tx, erp.id, 'period'),
    currentPolicy(tx),
  ]);
  const codesOf = (kind: 'account' | 'project' | 'customer') =>
    rows.filter(({ value }) => value.kind === kind).map(({ value }) => value.code);
  const accounts = await findRecords<AccountRecord>(tx, erp.id, 'account', codesOf('account'));
  const projects = await findRecords<ProjectRecord>(tx, erp.id, 'project', codesOf('project'));
  const customers = await findRecords<CustomerRecord>(tx, erp.id, 'customer', codesOf('customer'));
  const identityOf = (part: InvoicePart) => {
    const { revision } = parts.find((own) => own.part === part)!;
    const key = { tenant: at.tenant, connection: erp.id, sourceObject: OBJECT, sourceId: nativeId };
    return {
      revision,
      reference: postingReference(erp.code, { ...key, kind: 'ar-invoice', part, revision }),
    };
  };
  const ours = new Set(PARTS.map((part) => identityOf(part).reference));
  return {
    record: record.gone ? { ...body, deleted: true } : body,
    previous,
    exported: item === null ? null : { erpCode: item.erpCode, accountingDate: item.accountingDate },
    originMayBeOurs: await originMayBeOurs(tx, erp, body.originId, open),
    posted: posted.map(invoiceOf),
    opening: answers.opening,
    passedOver: answers.left,
    contract,
    mapping: (kind, scope, key) =>
      rows.find((row) => row.kind === kind && row.scope === scope && row.key === key) ?? null,
    targetAccount: (code) => accounts.find(({ nativeId }) => nativeId === code)?.body ?? null,
    targetProject: (code) => projects.find(({ nativeId }) => nativeId === code)?.body ?? null,
    targetCustomer: (code) => customers.find(({ nativeId }) => nativeId === code)?.body ?? null,
    periods: periods.map((period) => period.body),
    numberWidth: numberWidthOf(erp),
    numberTaken: (number) => numbers(number, ours),
    policy: { ...safestInvoicePolicy, ...policy.invoices },
    identityOf,
    preflight: (body) => erp.connection.preflight({ kind: 'create-ar-invoice', body }),
    frozenDate: frozenDateOf(open, item),
    today: utcDate(engine.clock.now()),
  };
}

async function previousOf(
  tx: Tx,
  at: OpenConnection,
  { previousId }: OwnerInvoiceRecord,
): Promise<OwnerInvoiceRecord | null> {
  if (previousId === null) return null;
  const key = { connection: at.id, object: OBJECT, nativeId: previousId };
  return (await findRecord<OwnerInvoiceRecord>(tx, key))?.body ?? null;
}

function invoiceOf({ sourceId, body }: StoredDocument): PostedInvoice {
  if (body?.kind !== 'ar-invoice') throw new Error(`the invoice of owner invoice ${sourceId} has no body`);
  return { recordId: sourceId, body };
}

function originOf(
  { nativeId, body, version, hash }: StoredRecord<OwnerInvoiceRecord>,
  part: InvoicePart,
): Origin {
  return {
    sourceObject: OBJECT,
    sourceId: nativeId,
    kind: 'ar-invoice',
    part,
    root: primeContractRoot(body.contractId),
    projectId: body.projectId,
    // It goes to a customer: no vendor's day counts it.
    vendorId: null,
    vendorName: body.ownerName,
    number: body.invoiceNumber ?? `Application ${body.application}`,
    title: `${part === 'progress' ? 'Owner invoice' : 'Retainage of owner invoice'} ${body.application}, ${body.contractNumber}`,
    recordVersion: version,
    recordHash: hash,
  };
}

type Why = Extract<OwnerInvoicePlan, { kind: 'nothing' }>['why'] | 'not-taken';

/** Nothing is to be posted: a request that asked for it gets its answer all the same. */
async function answer(engine: Engine, tx: Tx, { at, erp, item, parts }: Case, why: Why): Promise<void> {
  if (item === null || (item.state !== 'received' && item.state !== 'working')) return;
  const standing = parts.flatMap(({ posted }) => posted ?? []);
  // What stands already came from it and is being told: that answers it.
  if (standing.some(({ state, requestKey }) => state === 'posted' && requestKey === item.key)) return;
  const [first] = standing;
  if (first !== undefined && why !== 'deleted') return confirmUnchanged(engine, tx, at, first, item);
  const messages: Partial<Record<Why, string>> = {
    'not-taken': `${erp.name} takes no invoices to owners through this integration. Enter it there by hand.`,
    deleted: 'The invoice was deleted in Procore before it was posted.',
    unchanged: 'The invoice bills nothing beyond what was posted before it.',
    ...DECIDED,
  };
  await failRequest(engine, tx, at, item, [messages[why] ?? 'Nothing of this invoice is to be posted.']);
}
