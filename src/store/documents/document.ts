import type { Reason, Wait } from '../../domain/reasons.ts';
import { type DocumentState, move } from '../../domain/states.ts';
import type { Tx } from '../database/transaction.ts';
import {
  type DocumentPlan,
  type DocumentRow,
  documentColumns,
  type StoredDocument,
  storedDocument,
} from './document-row.ts';

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
    `with moved as (
       update document set state = $3, reasons = coalesce($4, reasons), target_id = coalesce($5, target_id),
         target_number = coalesce($6, target_number), line_keys = coalesce($7, line_keys), updated_at = now(),
         posted_at = case when $3 = 'posted' then now() else posted_at end,
         confirmed_at = case when $3 = 'confirmed' then now() else confirmed_at end
       where tenant = current_tenant() and id = $1 and state = $2 returning id
     ), released as (
       delete from waits_for w using moved m
       where w.tenant = current_tenant() and w.document = m.id and $3 not in ('blocked', 'in-review')
     )
     select from moved`,
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
}

/** Says of a document that stays where it is why it does. */
export async function explainDocument(tx: Tx, id: string, reasons: readonly Reason[]): Promise<void> {
  await tx.query(
    'update document set reasons = $2, updated_at = now() where tenant = current_tenant() and id = $1',
    [id, JSON.stringify(reasons)],
  );
}

/**
 * Says of what stands and has a write waiting behind this one, which only a person can move, why its source is not told:
 * the question is about another document. Said once, and over when it is confirmed.
 */
export async function explainThoseBehind(
  tx: Tx,
  head: { readonly connection: string; readonly root: string },
  reason: Reason,
): Promise<void> {
  await tx.query(
    `update document d set reasons = d.reasons || $3::jsonb, updated_at = now()
     where d.tenant = current_tenant() and d.state = 'posted' and d.root = $2
       and not d.reasons @> jsonb_build_array(jsonb_build_object('code', $4::text))
       and exists (
         select from posting p join posting head on head.tenant = p.tenant and head.connection = p.connection
           and head.root = p.root and head.seq < p.seq and head.state = 'exception'
         where p.tenant = d.tenant and p.document = d.id and p.connection = $1 and p.root = $2 and p.state = 'ready'
           and head.document is distinct from d.id)`,
    [head.connection, head.root, JSON.stringify([reason]), reason.code],
  );
}

export async function getDocument(
  tx: Tx,
  id: string,
  lock: 'lock' | 'read' = 'read',
): Promise<StoredDocument | null> {
  const { rows } = await tx.query<DocumentRow>(
    `select ${documentColumns} from document where tenant = current_tenant() and id = $1 ${lock === 'lock' ? 'for update' : ''}`,
    [id],
  );
  return rows[0] === undefined ? null : storedDocument(rows[0]);
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
