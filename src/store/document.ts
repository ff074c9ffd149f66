import type { CalendarDate } from '../domain/calendar-date.ts';
import type { DocumentBody, DocumentKind, Operation } from '../domain/documents.ts';
import type { GateVerdict } from '../domain/gate.ts';
import type { MappingRow } from '../domain/plan-order.ts';
import type { Reason, Wait } from '../domain/reasons.ts';
import { type DocumentState, move } from '../domain/states.ts';
import type { Tx } from './transaction.ts';

/** One intended effect in a target, as it stands now. */
export type StoredDocument = {
  readonly id: string;
  readonly sourceConnection: string;
  readonly sourceObject: string;
  readonly sourceId: string;
  readonly targetConnection: string;
  readonly kind: DocumentKind | 'target-setup';
  readonly part: string;
  readonly revision: number;
  readonly root: string;
  readonly state: DocumentState;
  readonly projectId: string | null;
  readonly vendorId: string | null;
  readonly vendorName: string | null;
  readonly number: string;
  readonly title: string;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly exposureMinor: bigint;
  readonly accountingDate: CalendarDate | null;
  readonly recordVersion: number;
  readonly recordHash: string;
  readonly body: DocumentBody | null;
  readonly operation: Operation | null;
  readonly payloadHash: string | null;
  readonly mappings: readonly MappingRow[];
  readonly mappingHash: string | null;
  readonly gate: GateVerdict | null;
  readonly reasons: readonly Reason[];
  readonly requester: string | null;
  readonly requestKey: string | null;
  readonly targetId: string | null;
  readonly targetNumber: string | null;
  readonly lineKeys: Readonly<Record<string, string>>;
  readonly postedAt: Date | null;
};

export type DocumentPlan = Omit<StoredDocument, 'targetId' | 'targetNumber' | 'lineKeys' | 'postedAt'>;

type Row = {
  id: string;
  source_connection: string;
  source_object: string;
  source_id: string;
  target_connection: string;
  kind: StoredDocument['kind'];
  part: string;
  revision: number;
  root: string;
  state: DocumentState;
  project_id: string | null;
  vendor_id: string | null;
  vendor_name: string | null;
  number: string;
  title: string;
  amount_minor: string | null;
  currency: string | null;
  exposure_minor: string;
  accounting_date: string | null;
  record_version: number;
  record_hash: string;
  body: DocumentBody | null;
  operation: Operation | null;
  payload_hash: string | null;
  mappings: MappingRow[];
  mapping_hash: string | null;
  gate: GateVerdict | null;
  reasons: Reason[];
  requester: string | null;
  request_key: string | null;
  target_id: string | null;
  target_number: string | null;
  line_keys: Record<string, string>;
  posted_at: Date | null;
};

const columns = `id, source_connection, source_object, source_id, target_connection, kind, part, revision, root, state,
  project_id, vendor_id, vendor_name, number, title, amount_minor, currency, exposure_minor, accounting_date, record_version,
  record_hash, body, operation, payload_hash, mappings, mapping_hash, gate, reasons, requester, request_key, target_id,
  target_number, line_keys, posted_at`;

/** Writes a plan down: a new document, or the new face of one that nothing was sent for yet. */
export async function savePlan(tx: Tx, plan: DocumentPlan, waits: readonly Wait[]): Promise<void> {
  await tx.query(
    `insert into document (tenant, id, source_connection, source_object, source_id, target_connection, kind, part, revision,
       root, state, project_id, vendor_id, vendor_name, number, title, amount_minor, currency, exposure_minor, accounting_date,
       record_version, record_hash, body, operation, payload_hash, mappings, mapping_hash, gate, reasons, requester, request_key)
     values (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
       $22, $23, $24, $25, $26, $27, $28, $29, $30)
     on conflict (tenant, id) do update set state = excluded.state, project_id = excluded.project_id,
       vendor_id = excluded.vendor_id, vendor_name = excluded.vendor_name, number = excluded.number, title = excluded.title,
       amount_minor = excluded.amount_minor, currency = excluded.currency, exposure_minor = excluded.exposure_minor,
       accounting_date = excluded.accounting_date, record_version = excluded.record_version, record_hash = excluded.record_hash,
       body = excluded.body, operation = excluded.operation, payload_hash = excluded.payload_hash, mappings = excluded.mappings,
       mapping_hash = excluded.mapping_hash, gate = excluded.gate, reasons = excluded.reasons, requester = excluded.requester,
       request_key = excluded.request_key, updated_at = now()`,
    [
      plan.id,
      plan.sourceConnection,
      plan.sourceObject,
      plan.sourceId,
      plan.targetConnection,
      plan.kind,
      plan.part,
      plan.revision,
      plan.root,
      plan.state,
      plan.projectId,
      plan.vendorId,
      plan.vendorName,
      plan.number,
      plan.title,
      plan.amountMinor,
      plan.currency,
      plan.exposureMinor,
      plan.accountingDate,
      plan.recordVersion,
      plan.recordHash,
      json(plan.body),
      json(plan.operation),
      plan.payloadHash,
      JSON.stringify(plan.mappings),
      plan.mappingHash,
      json(plan.gate),
      JSON.stringify(plan.reasons),
      plan.requester,
      plan.requestKey,
    ],
  );
  await replaceWaits(tx, plan.id, waits);
}

async function replaceWaits(tx: Tx, document: string, waits: readonly Wait[]): Promise<void> {
  await tx.query('delete from waits_for where tenant = current_tenant() and document = $1', [document]);
  if (waits.length === 0) return;
  await tx.query(
    `insert into waits_for (tenant, document, kind, key)
     select current_tenant(), $1, kind, key from unnest($2::text[], $3::text[]) as w (kind, key) on conflict do nothing`,
    [document, waits.map(({ kind }) => kind), waits.map(({ key }) => key)],
  );
}

export type Effect = {
  readonly state: DocumentState;
  readonly reasons?: readonly Reason[];
  readonly targetId?: string;
  readonly targetNumber?: string;
  readonly lineKeys?: Readonly<Record<string, string>>;
};

/** Moves a document along its state machine; the row is compared with the state it is believed to be in. */
export async function moveDocument(
  tx: Tx,
  document: Pick<StoredDocument, 'id' | 'state'>,
  effect: Effect,
): Promise<void> {
  const state = move('document', document.state, effect.state);
  const { rowCount } = await tx.query(
    `update document set state = $3, reasons = coalesce($4, reasons), target_id = coalesce($5, target_id),
       target_number = coalesce($6, target_number), line_keys = coalesce($7, line_keys), updated_at = now(),
       posted_at = case when $3 = 'posted' then now() else posted_at end,
       confirmed_at = case when $3 = 'confirmed' then now() else confirmed_at end
     where tenant = current_tenant() and id = $1 and state = $2`,
    [
      document.id,
      document.state,
      state,
      json(effect.reasons ?? null),
      effect.targetId ?? null,
      effect.targetNumber ?? null,
      json(effect.lineKeys ?? null),
    ],
  );
  if (rowCount !== 1) throw new Error(`document ${document.id} is no longer ${document.state}`);
  if (state !== 'blocked' && state !== 'in-review')
    await tx.query('delete from waits_for where tenant = current_tenant() and document = $1', [document.id]);
}

export async function getDocument(
  tx: Tx,
  id: string,
  lock: 'lock' | 'read' = 'read',
): Promise<StoredDocument | null> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from document where tenant = current_tenant() and id = $1 ${lock === 'lock' ? 'for update' : ''}`,
    [id],
  );
  return rows[0] === undefined ? null : stored(rows[0]);
}

/** All revisions of one intended effect, oldest first. */
export async function documentsOf(
  tx: Tx,
  key: Pick<
    StoredDocument,
    'sourceConnection' | 'sourceObject' | 'sourceId' | 'targetConnection' | 'kind' | 'part'
  >,
): Promise<StoredDocument[]> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from document where tenant = current_tenant() and source_connection = $1 and source_object = $2
       and source_id = $3 and target_connection = $4 and kind = $5 and part = $6 order by revision for update`,
    [key.sourceConnection, key.sourceObject, key.sourceId, key.targetConnection, key.kind, key.part],
  );
  return rows.map(stored);
}

export async function documentsOfProject(
  tx: Tx,
  sourceConnection: string,
  targetConnection: string,
  projectId: string,
): Promise<StoredDocument[]> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from document where tenant = current_tenant() and source_connection = $1 and target_connection = $2
       and project_id = $3 and kind = 'purchase-order' order by source_id, revision limit 100000`,
    [sourceConnection, targetConnection, projectId],
  );
  return rows.map(stored);
}

// The record whose lane plans a document. A vendor link brings the ERP's code to Procore, but it is the vendor in
// Procore that is planned: waking the ERP's vendor would find no room. What `check --fix` prepares is not planned.
const planner = `
  case when d.kind = 'vendor-link' then d.target_connection else d.source_connection end as source_connection,
  d.source_object,
  case when d.kind = 'vendor-link' then d.part else d.source_id end as source_id`;

/** Source records whose documents wait for this key, or stand where a re-plan may move them. */
export async function waitingFor(
  tx: Tx,
  kind: Wait['kind'],
  key: string,
): Promise<Pick<StoredDocument, 'sourceConnection' | 'sourceObject' | 'sourceId'>[]> {
  const { rows } = await tx.query<{ source_connection: string; source_object: string; source_id: string }>(
    `select distinct ${planner} from waits_for w
     join document d on (d.tenant, d.id) = (w.tenant, w.document)
     where w.tenant = current_tenant() and w.kind = $1 and w.key = $2 and d.kind <> 'target-setup' limit 10000`,
    [kind, key],
  );
  return rows.map((row) => ({
    sourceConnection: row.source_connection,
    sourceObject: row.source_object,
    sourceId: row.source_id,
  }));
}

/** Unposted documents that used a mapping row: they re-plan when it changes, posted ones never do by themselves. */
export async function unpostedUsing(
  tx: Tx,
  kind: string,
  key: string,
): Promise<Pick<StoredDocument, 'sourceConnection' | 'sourceObject' | 'sourceId'>[]> {
  const { rows } = await tx.query<{ source_connection: string; source_object: string; source_id: string }>(
    `select distinct ${planner} from document d
     where tenant = current_tenant() and state in ('blocked', 'in-review', 'awaiting-approval', 'ready', 'refused')
       and mappings @> jsonb_build_array(jsonb_build_object('kind', $1::text, 'key', $2::text)) limit 10000`,
    [kind, key],
  );
  return rows.map((row) => ({
    sourceConnection: row.source_connection,
    sourceObject: row.source_object,
    sourceId: row.source_id,
  }));
}

/** What went today for a vendor below the threshold, so that splitting an amount does not evade it. */
export async function unapprovedToday(
  tx: Tx,
  targetConnection: string,
  vendorId: string,
  currency: string,
  except: string,
): Promise<bigint> {
  const { rows } = await tx.query<{ total: string }>(
    `select coalesce(sum(exposure_minor), 0) as total from document
     where tenant = current_tenant() and target_connection = $1 and vendor_id = $2 and currency = $3 and id <> $4
       and kind = 'purchase-order' and gate ->> 'verdict' = 'auto'
       and state in ('ready', 'posting', 'posted', 'confirmed') and coalesce(posted_at, updated_at) >= date_trunc('day', now())`,
    [targetConnection, vendorId, currency, except],
  );
  return BigInt(rows[0]?.total ?? '0');
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

function stored(row: Row): StoredDocument {
  return {
    id: row.id,
    sourceConnection: row.source_connection,
    sourceObject: row.source_object,
    sourceId: row.source_id,
    targetConnection: row.target_connection,
    kind: row.kind,
    part: row.part,
    revision: row.revision,
    root: row.root,
    state: row.state,
    projectId: row.project_id,
    vendorId: row.vendor_id,
    vendorName: row.vendor_name,
    number: row.number,
    title: row.title,
    amountMinor: row.amount_minor === null ? null : BigInt(row.amount_minor),
    currency: row.currency,
    exposureMinor: BigInt(row.exposure_minor),
    accountingDate: row.accounting_date as CalendarDate | null,
    recordVersion: row.record_version,
    recordHash: row.record_hash,
    body: row.body,
    operation: row.operation,
    payloadHash: row.payload_hash,
    mappings: row.mappings,
    mappingHash: row.mapping_hash,
    gate: row.gate,
    reasons: row.reasons,
    requester: row.requester,
    requestKey: row.request_key,
    targetId: row.target_id,
    targetNumber: row.target_number,
    lineKeys: row.line_keys,
    postedAt: row.posted_at,
  };
}

/** How many newest documents stand in each state. */
export async function countStates(tx: Tx): Promise<Record<string, number>> {
  const { rows } = await tx.query<{ state: string; count: number }>(
    'select state, count(*)::int as count from document where tenant = current_tenant() group by state order by state',
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}
