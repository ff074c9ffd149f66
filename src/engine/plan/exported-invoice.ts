import { type InvoicePart, safestInvoicePolicy } from '../../domain/billing/plan-invoice-input.ts';
import { postingReference } from '../../domain/posting/reference.ts';
import type { PeriodRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import { utcDate } from '../../domain/values/calendar-date.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { documentsOf, standingInvoices } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { joinPlans, lockBilling } from '../../store/documents/plan-lock.ts';
import { findRecord, listRecords, type StoredRecord } from '../../store/records/record.ts';
import { newestItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import { mappingsFor } from '../../store/settings/mapping.ts';
import { currentPolicy } from '../../store/settings/policy.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor } from '../erp-companies.ts';
import { closeOlderItems } from '../post/confirm.ts';
import { type Application, postedInvoice, previousOf, rootOf } from './applications.ts';
import { waitsForCompany } from './ask-company.ts';
import { billingAnswers } from './billing-answers.ts';
import { revisionOf } from './plan-commitment.ts';
import { isSpent } from './save-plan.ts';
import { frozenDateOf, numberWidthOf, originMayBeOurs } from './source-facts.ts';
import { exportOf, refusesTyped } from './typed-fields.ts';

const PARTS: readonly InvoicePart[] = ['progress', 'retainage-release'];
/** Invoices of applications, by whose they are. */
export const INVOICE_OF = { 'sub-invoice': 'ap-invoice', 'owner-invoice': 'ar-invoice' } as const;

/** What one part of an application became: its revisions, the one that stands and the one that is planned. */
export type InvoicedPart = {
  readonly part: InvoicePart;
  readonly posted: StoredDocument | null;
  readonly open: StoredDocument | null;
  readonly revision: number;
  /** Its latest revision, whatever became of it. */
  readonly last: readonly StoredDocument[];
};

/** How an application stands in its ERP, whoever is billed, before it is planned. */
export type ExportedInvoice<Body extends Application = Application> = {
  readonly at: OpenConnection;
  readonly erp: OpenConnection;
  readonly record: StoredRecord<Body>;
  readonly root: string;
  /** The export that is to be answered. */
  readonly item: StoredRequestItem | null;
  readonly parts: readonly InvoicedPart[];
};

/** Null where there is nothing to plan. */
export async function exportedInvoice<Body extends Application>(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  { object, id }: { readonly object: Body['object']; readonly id: string },
): Promise<ExportedInvoice<Body> | null> {
  await joinPlans(tx);
  const record = await findRecord<Body>(tx, { connection: at.id, object, nativeId: id });
  if (record === null) return null;
  if (await waitsForCompany(engine, tx, at, record)) return null;
  const erp = await erpFor(engine, tx, at.tenant, record.body.projectId);
  const parts = await Promise.all(PARTS.map((part) => partOf(tx, at, erp, record, part)));
  const root = rootOf(record.body);
  await lockBilling(tx, erp.id, root);
  const newest = await newestItem(tx, at.id, object, id);
  const documents = parts.flatMap(({ posted, open }) => [posted, open]).filter((one) => one !== null);
  // Whatever becomes of the newest, an older one that comes late is answered as well.
  if (newest !== null) await closeOlderItems(engine, tx, at, newest, documents);
  // What its sender was told will not be done is not done by itself later on.
  const isOver =
    documents.length === 0 && (newest?.state === 'failed' || parts.some(({ last }) => isSpent(newest, last)));
  const item = isOver ? null : newest;
  if (await refusesTyped(engine, tx, { at, erp, item })) return null;
  return { at, erp, record, root, item, parts };
}

async function partOf(
  tx: Tx,
  at: OpenConnection,
  erp: OpenConnection,
  { body: { object }, nativeId }: StoredRecord<Application>,
  part: InvoicePart,
): Promise<InvoicedPart> {
  const documents = await documentsOf(tx, {
    sourceConnection: at.id,
    sourceObject: object,
    sourceId: nativeId,
    targetConnection: erp.id,
    kind: INVOICE_OF[object],
    part,
  });
  const posted = documents.findLast(isStanding) ?? null;
  const last = documents.at(-1) ?? null;
  const open = last === null || last === posted || last.state === 'detached' ? null : last;
  return { part, posted, open, revision: revisionOf(documents), last: documents.slice(-1) };
}

/** What every plan of an application goes by, the mapping rows of its project, and its own references. */
export async function billingFacts<Body extends Application>(
  engine: Engine,
  tx: Tx,
  { at, erp, record, root, item, parts }: ExportedInvoice<Body>,
) {
  const { body } = record;
  const open = parts.find((own) => own.open !== null)?.open ?? null;
  const [rows, previous, posted, answers, periods, policy] = await Promise.all([
    mappingsFor(tx, erp, body.projectId),
    previousOf<Body>(tx, at, body),
    standingInvoices(tx, erp.id, root),
    billingAnswers(tx, { sourceConnection: at.id, targetConnection: erp.id, root }),
    listRecords<PeriodRecord>(tx, erp.id, 'period'),
    currentPolicy(tx),
  ]);
  const identityOf = (part: InvoicePart) => {
    const { revision } = parts.find((own) => own.part === part)!;
    return { revision, reference: referenceOf({ at, erp, record }, part, revision) };
  };
  const facts = {
    record: record.gone ? { ...body, deleted: true } : body,
    previous,
    exported: item === null ? null : exportOf(erp, item),
    originMayBeOurs: await originMayBeOurs(tx, erp, body.originId, open),
    posted: posted.map(invoiceOf),
    opening: answers.opening,
    passedOver: answers.left,
    mapping: (kind: string, scope: string, key: string) =>
      rows.find((row) => row.kind === kind && row.scope === scope && row.key === key) ?? null,
    periods: periods.map((period) => period.body),
    numberWidth: numberWidthOf(erp),
    policy: { ...safestInvoicePolicy, ...policy.invoices },
    identityOf,
    frozenDate: frozenDateOf(open, item),
    today: utcDate(engine.clock.now()),
  };
  return { facts, rows, ours: new Set(PARTS.map((part) => identityOf(part).reference)) };
}

function invoiceOf(document: StoredDocument) {
  const invoice = postedInvoice(document);
  if (invoice === null) throw new Error(`the invoice of application ${document.sourceId} has no body`);
  return invoice;
}

function referenceOf(
  { at, erp, record: { body, nativeId } }: Pick<ExportedInvoice, 'at' | 'erp' | 'record'>,
  part: InvoicePart,
  revision: number,
): string {
  return postingReference(erp.code, {
    tenant: at.tenant,
    connection: erp.id,
    sourceObject: body.object,
    sourceId: nativeId,
    kind: INVOICE_OF[body.object],
    part,
    revision,
  });
}
