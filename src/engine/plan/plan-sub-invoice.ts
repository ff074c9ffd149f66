import { utcDate } from '../../domain/calendar-date.ts';
import type { Operation } from '../../domain/documents.ts';
import { planInvoice } from '../../domain/plan-invoice.ts';
import {
  type InvoicePart,
  type InvoicePlanInput,
  safestInvoicePolicy,
} from '../../domain/plan-invoice-input.ts';
import type { AccountRecord, PeriodRecord, SubInvoiceRecord } from '../../domain/records.ts';
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
import { commitmentRoot } from '../lanes.ts';
import { attachFiles } from '../post/attach.ts';
import { closeOlderItems, confirmUnchanged, failRequest } from '../post/confirm.ts';
import { adoptionOf } from './adopted.ts';
import { waitsForCompany } from './ask-company.ts';
import { billingAnswers, DECIDED } from './billing-answers.ts';
import { type OrderInErp, orderOf } from './order-in-erp.ts';
import { holdsOf } from './payment-readiness.ts';
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
import { frozenDateOf, numberWidthOf, originMayBeOurs, vendorIn } from './source-facts.ts';

const PARTS: readonly InvoicePart[] = ['progress', 'retainage-release'];

/** What one part of a pay application became: its revisions, the one that stands and the one that is planned. */
type Part = {
  readonly part: InvoicePart;
  readonly posted: StoredDocument | null;
  readonly open: StoredDocument | null;
  readonly revision: number;
  /** Its latest revision, whatever became of it. */
  readonly last: readonly StoredDocument[];
};

type Case = {
  readonly at: OpenConnection;
  readonly erp: OpenConnection;
  readonly record: StoredRecord<SubInvoiceRecord>;
  readonly item: StoredRequestItem | null;
  readonly parts: readonly Part[];
};

/** Turns the present state of a pay application into the invoices it should be, and brings them to the gate. */
export async function planSubInvoice(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  id: string,
  seen: OrderInErp,
): Promise<void> {
  await joinPlans(tx);
  const record = await findRecord<SubInvoiceRecord>(tx, {
    connection: at.id,
    object: 'sub-invoice',
    nativeId: id,
  });
  if (record === null) return;
  if (await waitsForCompany(engine, tx, at, record)) return;
  const erp = await erpFor(engine, tx, at.tenant, record.body.projectId);
  const parts = await Promise.all(PARTS.map((part) => partOf(tx, at, erp, id, part)));
  await lockBilling(tx, erp.id, commitmentRoot(record.body.commitmentId));
  const newest = await newestItem(tx, at.id, 'sub-invoice', id);
  const documents = parts.flatMap(({ posted, open }) => [posted, open]).filter((one) => one !== null);
  // Whatever becomes of the newest, an older one that comes late is answered as well.
  if (newest !== null) await closeOlderItems(engine, tx, at, newest, documents);
  // What its sender was told will not be done is not done by itself later on.
  const isOver =
    documents.length === 0 && (newest?.state === 'failed' || parts.some(({ last }) => isSpent(newest, last)));
  const item = isOver ? null : newest;
  const facts: Case = { at, erp, record, item, parts };
  const plan = planInvoice(await planInput(engine, tx, facts, seen));
  for (const own of parts) {
    const { part, open, posted } = own;
    // Something may be on its way: what it becomes decides what comes next, so the lane is woken when it ends.
    if (isHeld(open)) continue;
    const planned = plan.kind === 'nothing' ? undefined : plan.documents.find((one) => one.part === part);
    if (planned === undefined) {
      await withdraw(engine, tx, erp, open, plan.kind === 'nothing' ? plan.why : 'unchanged');
      continue;
    }
    if (staysWithdrawn(open, item, { recordVersion: record.version, isPosted: posted !== null })) continue;
    const operation: Operation | null =
      planned.body === null
        ? null
        : {
            kind: 'create-invoice',
            body: planned.body,
            ...(seen.lines === null ? {} : { orderLines: seen.lines }),
          };
    if (isRefusedAlready(open, item, operation)) continue;
    if (open !== null && !(await takeWritesBack(tx, erp, open))) continue;
    await saveAndGate(engine, tx, { at, erp, open, item }, originOf(record, part), { ...planned, operation });
  }
  // A file may be read only after its invoice was posted.
  for (const { posted } of parts) if (posted !== null) await attachFiles(engine, tx, erp, posted);
  if (plan.kind === 'nothing') await answerNothing(engine, tx, facts, plan.why);
}

/** A conflict that was found before anything was sent ends when the source is put right; any other a person ends. */
function isHeld(open: StoredDocument | null): boolean {
  return open?.state === 'posting' || (open?.state === 'conflict' && open.payloadHash !== null);
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
    sourceObject: 'sub-invoice',
    sourceId: id,
    targetConnection: erp.id,
    kind: 'ap-invoice',
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
  seen: OrderInErp,
): Promise<InvoicePlanInput> {
  const { body } = record;
  const open = parts.find(({ open }) => open !== null)?.open ?? null;
  const { opening } = await adoptionOf(tx, at, erp, body.commitmentId);
  const root = commitmentRoot(body.commitmentId);
  const answers = await billingAnswers(tx, { sourceConnection: at.id, targetConnection: erp.id, root });
  const [vendor, rows, previous, order, posted, periods, policy] = await Promise.all([
    vendorIn(tx, at, erp, body.vendorId),
    mappingsFor(tx, erp, body.projectId),
    previousOf(tx, at, body),
    orderOf(tx, at, erp, body.commitmentId),
    standingInvoices(tx, erp.id, root),
    listRecords<PeriodRecord>(tx, erp.id, 'period'),
    currentPolicy(tx),
  ]);
  const codes = rows.filter(({ kind }) => kind === 'retainage').map(({ value }) => value.code);
  const accounts = await findRecords<AccountRecord>(tx, erp.id, 'account', codes);
  const identityOf = (part: InvoicePart) => {
    const { revision } = parts.find((own) => own.part === part)!;
    return { revision, reference: referenceOf(at, erp, record.nativeId, part, revision) };
  };
  const ours = new Set(PARTS.map((part) => identityOf(part).reference));
  return {
    record: record.gone ? { ...body, deleted: true } : body,
    previous,
    exported: item === null ? null : { erpCode: item.erpCode, accountingDate: item.accountingDate },
    originMayBeOurs: await originMayBeOurs(tx, erp, body.originId, open),
    vendorCode: vendor.code,
    vendorBlocked: vendor.blocked,
    order,
    posted: posted.map(invoiceOf),
    opening: opening ?? answers.opening,
    passedOver: answers.left,
    mapping: (kind, scope, key) =>
      rows.find((row) => row.kind === kind && row.scope === scope && row.key === key) ?? null,
    targetAccount: (code) => accounts.find(({ nativeId }) => nativeId === code)?.body ?? null,
    periods: periods.map((period) => period.body),
    numberWidth: numberWidthOf(erp),
    numberTaken: (number) => seen.taken(number, ours),
    holds: await holdsOf(tx, at, body),
    policy: { ...safestInvoicePolicy, ...policy.invoices },
    identityOf,
    preflight: (body) =>
      erp.connection.preflight({
        kind: 'create-invoice',
        body,
        ...(seen.lines === null ? {} : { orderLines: seen.lines }),
      }),
    frozenDate: frozenDateOf(open, item),
    today: utcDate(engine.clock.now()),
  };
}

async function previousOf(
  tx: Tx,
  at: OpenConnection,
  { previousId }: SubInvoiceRecord,
): Promise<SubInvoiceRecord | null> {
  if (previousId === null) return null;
  const key = { connection: at.id, object: 'sub-invoice', nativeId: previousId };
  return (await findRecord<SubInvoiceRecord>(tx, key))?.body ?? null;
}

function invoiceOf({ sourceId, body }: StoredDocument): PostedInvoice {
  if (body?.kind !== 'ap-invoice' || body.purpose === 'direct-cost')
    throw new Error(`the invoice of pay application ${sourceId} has no body`);
  return { recordId: sourceId, body };
}

function referenceOf(
  at: OpenConnection,
  erp: OpenConnection,
  sourceId: string,
  part: InvoicePart,
  revision: number,
): string {
  return postingReference(erp.code, {
    tenant: at.tenant,
    connection: erp.id,
    sourceObject: 'sub-invoice',
    sourceId,
    kind: 'ap-invoice',
    part,
    revision,
  });
}

function originOf(
  { nativeId, body, version, hash }: StoredRecord<SubInvoiceRecord>,
  part: InvoicePart,
): Origin {
  return {
    sourceObject: 'sub-invoice',
    sourceId: nativeId,
    kind: 'ap-invoice',
    part,
    root: commitmentRoot(body.commitmentId),
    projectId: body.projectId,
    vendorId: body.vendorId,
    vendorName: body.vendorName,
    number: body.invoiceNumber ?? `Application ${body.application}`,
    title:
      part === 'progress'
        ? `Pay application ${body.application}`
        : `Retainage of application ${body.application}`,
    recordVersion: version,
    recordHash: hash,
  };
}

/** Nothing is to be posted: a request that asked for it gets its answer all the same. */
async function answerNothing(
  engine: Engine,
  tx: Tx,
  { at, item, parts }: Case,
  why: Extract<ReturnType<typeof planInvoice>, { kind: 'nothing' }>['why'],
): Promise<void> {
  if (item === null || item.state === 'succeeded' || item.state === 'failed' || item.state === 'stale')
    return;
  const standing = parts.flatMap(({ posted }) => posted ?? []);
  // What stands already came from it and is being told: that answers it.
  if (standing.some(({ state, requestKey }) => state === 'posted' && requestKey === item.key)) return;
  const [first] = standing;
  if (first !== undefined && why !== 'deleted') return confirmUnchanged(engine, tx, at, first, item);
  const messages: Partial<Record<typeof why, string>> = {
    deleted: 'The invoice was deleted in Procore before it was posted.',
    unchanged: 'The invoice bills nothing beyond what was posted before it.',
    ...DECIDED,
  };
  await failRequest(engine, tx, at, item, [messages[why] ?? 'Nothing of this invoice is to be posted.']);
}
