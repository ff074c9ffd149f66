import type { Wait } from '../../domain/reasons.ts';
import type { Tx } from '../database/transaction.ts';
import type { RecordKey } from '../records/record.ts';
import { type DocumentRow, documentColumns, type StoredDocument, storedDocument } from './document-row.ts';

/** Documents of the tenant for which this holds, as their statement ends. */
async function documentsWhere(tx: Tx, where: string, values: unknown[]): Promise<StoredDocument[]> {
  const { rows } = await tx.query<DocumentRow>(
    `select ${documentColumns} from document where tenant = current_tenant() and ${where}`,
    values,
  );
  return rows.map(storedDocument);
}

/** All revisions of one intended effect, oldest first. */
export function documentsOf(
  tx: Tx,
  key: Pick<
    StoredDocument,
    'sourceConnection' | 'sourceObject' | 'sourceId' | 'targetConnection' | 'kind' | 'part'
  >,
): Promise<StoredDocument[]> {
  return documentsWhere(
    tx,
    `source_connection = $1 and source_object = $2 and source_id = $3 and target_connection = $4 and kind = $5
     and part = $6 order by revision for update`,
    [key.sourceConnection, key.sourceObject, key.sourceId, key.targetConnection, key.kind, key.part],
  );
}

/** All that a record became in a target, of every kind, oldest first. */
export function documentsFrom(
  tx: Tx,
  sourceConnection: string,
  sourceObject: string,
  sourceId: string,
  targetConnection: string,
): Promise<StoredDocument[]> {
  return documentsWhere(
    tx,
    `source_connection = $1 and source_object = $2 and source_id = $3 and target_connection = $4
     order by kind, part, revision for update`,
    [sourceConnection, sourceObject, sourceId, targetConnection],
  );
}

/** All that the records of a project became in a target and that is not over. */
export function documentsInProject(
  tx: Tx,
  sourceConnection: string,
  targetConnection: string,
  projectId: string,
): Promise<StoredDocument[]> {
  return documentsWhere(
    tx,
    `source_connection = $1 and target_connection = $2 and project_id = $3
     and state not in ('withdrawn', 'detached') order by id for update`,
    [sourceConnection, targetConnection, projectId],
  );
}

/**
 * All that a project became in these targets and that is not over: what its records became, its project there, and what
 * of a bill for several projects is for it.
 */
export function documentsElsewhere(
  tx: Tx,
  projectId: string,
  targetConnections: readonly string[],
): Promise<StoredDocument[]> {
  return documentsWhere(
    tx,
    `target_connection = any($2)
     and (project_id = $1 or (source_object = 'project' and source_id = $1)
       or body -> 'lines' @> jsonb_build_array(jsonb_build_object('projectId', $1::text)))
     and state not in ('withdrawn', 'detached') order by id for update`,
    [projectId, targetConnections],
  );
}

/** Whether anything of a document may have had its effect, or is being looked for. */
export async function hasLeft(tx: Tx, document: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select 1 from posting where tenant = current_tenant() and document = $1
       and state not in ('ready', 'refused', 'cancelled') limit 1`,
    [document],
  );
  return rowCount !== 0;
}

/** Numbers of what stands in a target with a cost code, and a cost type where one is asked for, on one of its lines. */
export async function documentsCoded(
  tx: Tx,
  sourceConnection: string,
  projectId: string,
  costCode: string,
  costType: string | null = null,
): Promise<string[]> {
  const { rows } = await tx.query<{ number: string }>(
    `select distinct coalesce(target_number, number) as number from document where tenant = current_tenant()
       and source_connection = $1 and project_id = $2 and state in ('posting', 'posted', 'confirmed')
       and body -> 'lines' @> jsonb_build_array(
         jsonb_strip_nulls(jsonb_build_object('costCode', $3::text, 'costType', $4::text))) order by 1 limit 10`,
    [sourceConnection, projectId, costCode, costType],
  );
  return rows.map(({ number }) => number);
}

/**
 * All that was ever planned for the order of a contract, by the contract itself and by its change orders, oldest first.
 * Who reads it plans one of them, and holds the others: what one is planned on top of does not move meanwhile.
 */
export function ordersOfRoot(tx: Tx, targetConnection: string, root: string): Promise<StoredDocument[]> {
  return documentsWhere(
    tx,
    "root = $2 and kind = 'purchase-order' and target_connection = $1 order by revision, seq for update",
    [targetConnection, root],
  );
}

/** The newest revision that we wrote to an order, by its contract or by a change order; 0 where nothing of it stands. */
export async function writtenRevision(
  tx: Tx,
  targetConnection: string,
  root: string,
  targetId: string,
): Promise<number> {
  const { rows } = await tx.query<{ revision: number }>(
    `select coalesce(max((body ->> 'revision')::int), 0) as revision from document where tenant = current_tenant()
       and root = $2 and kind = 'purchase-order' and target_connection = $1 and target_id = $3
       and state in ('posted', 'confirmed')`,
    [targetConnection, root, targetId],
  );
  return rows[0]?.revision ?? 0;
}

/** What waits to be written to the order of a contract, besides what was written just now. */
export async function waitingOrders(
  tx: Tx,
  { id, targetConnection, root }: Pick<StoredDocument, 'id' | 'targetConnection' | 'root'>,
): Promise<StoredDocument[]> {
  return documentsWhere(
    tx,
    `root = $2 and kind = 'purchase-order' and target_connection = $1 and id <> $3
     and state in ('planned', 'blocked', 'in-review', 'awaiting-approval', 'ready') order by seq`,
    [targetConnection, root, id],
  );
}

/** Links of a vendor that wait, or were refused, and could still be written. */
export async function openLinksOf(
  tx: Tx,
  targetConnection: string,
  vendorId: string,
): Promise<StoredDocument[]> {
  return documentsWhere(
    tx,
    `kind = 'vendor-link' and target_connection = $1 and vendor_id = $2
     and state in ('planned', 'blocked', 'in-review', 'awaiting-approval', 'ready', 'refused', 'conflict')
     order by id for update`,
    [targetConnection, vendorId],
  );
}

/** Invoices of a root that stand in a target, oldest first: what further ones are billed from. */
export function standingInvoices(tx: Tx, targetConnection: string, root: string): Promise<StoredDocument[]> {
  return documentsWhere(
    tx,
    `root = $2 and kind in ('ap-invoice', 'ar-invoice') and target_connection = $1
     and state in ('posted', 'confirmed') order by posted_at, id`,
    [targetConnection, root],
  );
}

/** The invoice of a pay application that stands in a target under an id of its own. */
export async function invoiceAt(
  tx: Tx,
  targetConnection: string,
  targetId: string,
): Promise<StoredDocument | null> {
  const [found] = await documentsWhere(
    tx,
    `target_connection = $1 and target_id = $2 and kind = 'ap-invoice' and source_object = 'sub-invoice'
     and state in ('posted', 'confirmed')`,
    [targetConnection, targetId],
  );
  return found ?? null;
}

/** The same of an invoice to an owner: a kind of its own, because only those of vendors are indexed by this. */
export async function ownerInvoiceAt(
  tx: Tx,
  targetConnection: string,
  targetId: string,
): Promise<StoredDocument | null> {
  const [found] = await documentsWhere(
    tx,
    "target_connection = $1 and target_id = $2 and kind = 'ar-invoice' and state in ('posted', 'confirmed')",
    [targetConnection, targetId],
  );
  return found ?? null;
}

/** Everything that a payment of an ERP was shown as, of every invoice that it settled. */
export function paymentDocuments(
  tx: Tx,
  sourceConnection: string,
  object: 'payment' | 'receipt',
  paymentId: string,
): Promise<StoredDocument[]> {
  return documentsWhere(
    tx,
    'source_connection = $1 and source_object = $2 and source_id = $3 order by part, revision',
    [sourceConnection, object, paymentId],
  );
}

/** Payments on a contract that were sent from here and have their effect or may still have it, oldest first. */
export async function vendorPaymentsOf(
  tx: Tx,
  targetConnection: string,
  root: string,
): Promise<StoredDocument[]> {
  return documentsWhere(
    tx,
    `root = $2 and kind = 'vendor-payment' and target_connection = $1
     and state in ('awaiting-approval', 'ready', 'posting', 'posted', 'confirmed', 'conflict', 'detached')
     order by seq`,
    [targetConnection, root],
  );
}

/** The newest invoices that the record of a document became, one of each part. */
export async function invoicesOfSource(
  tx: Tx,
  {
    sourceConnection,
    sourceObject,
    sourceId,
  }: Pick<StoredDocument, 'sourceConnection' | 'sourceObject' | 'sourceId'>,
): Promise<StoredDocument[]> {
  const { rows } = await tx.query<DocumentRow>(
    `select distinct on (part) ${documentColumns} from document where tenant = current_tenant()
       and source_connection = $1 and source_object = $2 and source_id = $3 and kind in ('ap-invoice', 'ar-invoice')
     order by part, revision desc`,
    [sourceConnection, sourceObject, sourceId],
  );
  return rows.map(storedDocument);
}

/** Entries in the budget of a project that stand in a target or are on their way there, oldest first. */
export function budgetsOfProject(
  tx: Tx,
  sourceConnection: string,
  targetConnection: string,
  projectId: string,
): Promise<StoredDocument[]> {
  return documentsWhere(
    tx,
    `source_connection = $1 and target_connection = $2 and project_id = $3 and kind = 'budget'
     and state not in ('withdrawn', 'detached') order by revision limit 10000`,
    [sourceConnection, targetConnection, projectId],
  );
}

/** What the commitments of a project became, and their change orders; or the requisitions that they became before. */
export function documentsOfProject(
  tx: Tx,
  sourceConnection: string,
  targetConnection: string,
  projectId: string,
  kind: 'purchase-order' | 'purchase-requisition' = 'purchase-order',
): Promise<StoredDocument[]> {
  return documentsWhere(
    tx,
    `source_connection = $1 and target_connection = $2 and project_id = $3 and kind = $4
     order by source_id, revision limit 100000`,
    [sourceConnection, targetConnection, projectId, kind],
  );
}

/** Requisitions that stand in a target and of which no order is known yet, the oldest first. */
export function openRequisitions(tx: Tx, targetConnection: string): Promise<StoredDocument[]> {
  return documentsWhere(
    tx,
    `kind = 'purchase-requisition' and target_connection = $1 and state in ('posted', 'confirmed')
     and not exists (select 1 from document o where o.tenant = document.tenant and o.kind = 'purchase-order'
       and o.root = document.root and o.target_connection = document.target_connection
       and o.source_object = 'commitment' and o.state in ('posted', 'confirmed'))
     order by posted_at, id limit 10000`,
    [targetConnection],
  );
}

/** Invoices of pay applications that stand in a target for a project, under ids of their own. */
export function invoicesOfProject(
  tx: Tx,
  sourceConnection: string,
  targetConnection: string,
  projectId: string,
): Promise<StoredDocument[]> {
  return documentsWhere(
    tx,
    `source_connection = $1 and target_connection = $2 and project_id = $3 and kind = 'ap-invoice'
     and source_object = 'sub-invoice' and state in ('posted', 'confirmed') limit 100000`,
    [sourceConnection, targetConnection, projectId],
  );
}

// The record whose lane plans a document. A vendor link brings the ERP's code to Procore, but it is the vendor in
// Procore that is planned. What `check --fix` prepares is planned in a lane of the connection itself.
const planner = `case when d.kind = 'vendor-link' then d.target_connection else d.source_connection end as connection,
  d.source_object as object, case when d.kind = 'vendor-link' then d.part else d.source_id end as "nativeId"`;

// One page of what is woken or taken back together; the next page begins after its last document.
const PAGE = 1_000;

/** Who plans a document, by the document. */
export type Planned = RecordKey & { readonly document: string };

/** Records to plan again because their documents wait for this key, page by page. */
export async function waitingFor(
  tx: Tx,
  kind: Wait['kind'],
  key: string,
  after: string | null,
): Promise<Planned[]> {
  const { rows } = await tx.query<Planned>(
    `select d.id as document, ${planner} from waits_for w join document d on (d.tenant, d.id) = (w.tenant, w.document)
     where w.tenant = current_tenant() and w.kind = $1 and w.key = $2 and ($3::uuid is null or d.id > $3)
     order by d.id limit $4`,
    [kind, key, after, PAGE],
  );
  return rows;
}

/** Documents that wait for this key, locked, page by page. */
export function documentsWaitingFor(
  tx: Tx,
  kind: Wait['kind'],
  key: string,
  after: string | null,
): Promise<StoredDocument[]> {
  return documentsWhere(
    tx,
    `($3::uuid is null or id > $3)
     and id in (select document from waits_for where tenant = current_tenant() and kind = $1 and key = $2)
     order by id limit $4 for update`,
    [kind, key, after, PAGE],
  );
}

/**
 * Records of unposted documents that used a mapping row, page by page: they re-plan when it changes, posted ones
 * never by themselves.
 */
export async function unpostedUsing(
  tx: Tx,
  kind: string,
  key: string,
  after: string | null,
): Promise<Planned[]> {
  const { rows } = await tx.query<Planned>(
    `select d.id as document, ${planner} from document d
     where d.tenant = current_tenant() and d.state in ('blocked', 'in-review', 'awaiting-approval', 'ready', 'refused')
       and d.mappings @> jsonb_build_array(jsonb_build_object('kind', $1::text, 'key', $2::text))
       and ($3::uuid is null or d.id > $3)
     order by d.id limit $4`,
    [kind, key, after, PAGE],
  );
  return rows;
}

/** Records of documents about which the policy has a say and that did not leave yet, page by page. */
export async function unpostedByPolicy(tx: Tx, after: string | null): Promise<Planned[]> {
  const { rows } = await tx.query<Planned>(
    `select d.id as document, ${planner} from document d
     where d.tenant = current_tenant() and d.state in ('in-review', 'awaiting-approval', 'ready')
       and ($1::uuid is null or d.id > $1)
     order by d.id limit $2`,
    [after, PAGE],
  );
  return rows;
}

/**
 * What went for a vendor, or on a project, since the day began, below the threshold: splitting an amount does not evade
 * it, nor does dividing it between ERP companies. What ended with a person after it was sent counts as gone: it may have
 * had its effect, also where it was planned anew since, and for the document itself as well.
 */
export async function unapprovedSince(
  tx: Tx,
  to: Pick<StoredDocument, 'kind'> & {
    readonly column: 'vendor_id' | 'project_id';
    readonly party: string;
    readonly currency: string;
  },
  since: Date,
  except: string,
): Promise<bigint> {
  const { rows } = await tx.query<{ total: string }>(
    `select coalesce(sum(exposure_minor) filter (where went), 0) + coalesce(sum(spent_minor) filter (where spent_at >= $4), 0)
       as total
     from (
       select exposure_minor, spent_minor, spent_at, id <> $3 and gate ->> 'verdict' = 'auto'
         and state in ('ready', 'posting', 'posted', 'confirmed', 'conflict', 'detached')
         and coalesce(posted_at, updated_at) >= $4 as went
       from document
       where tenant = current_tenant() and currency = $2
         and (kind = $5 or (kind = 'purchase-requisition' and $5 = 'purchase-order'))
         and (($6 = 'vendor_id' and vendor_id = $1) or ($6 = 'project_id' and project_id = $1))
     ) as own`,
    [to.party, to.currency, except, since, to.kind, to.column],
  );
  return BigInt(rows[0]?.total ?? '0');
}

/** How many newest documents stand in each state. */
export async function countStates(tx: Tx): Promise<Record<string, number>> {
  const { rows } = await tx.query<{ state: string; count: number }>(
    'select state, count(*)::int as count from document where tenant = current_tenant() group by state order by state',
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}
