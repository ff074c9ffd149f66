import type { BilledMove } from '../../domain/documents.ts';
import type { PayApplication } from '../../domain/records.ts';
import type { Tx } from '../database/transaction.ts';
import { type DocumentRow, documentColumns, type StoredDocument, storedDocument } from './document-row.ts';

/** The contract of which applications are billed, in both systems. */
export type BilledContract = {
  readonly sourceConnection: string;
  readonly targetConnection: string;
  readonly root: string;
};

/** What a person decided about an application that could not be billed in its turn. */
export type BillingDecision = {
  readonly object: 'sub-invoice' | 'owner-invoice';
  readonly recordId: string;
  readonly application: number;
  readonly verdict: 'next' | 'standing' | 'opening' | 'itself';
  /** What was billed up to it, of an opening. */
  readonly moves: readonly BilledMove[] | null;
  /** The export that it answered. */
  readonly requestKey: string | null;
};

export async function billingDecisions(
  tx: Tx,
  { sourceConnection, targetConnection, root }: BilledContract,
): Promise<BillingDecision[]> {
  const { rows } = await tx.query<BillingDecision>(
    `select object, record_id as "recordId", application, verdict, moves, request_key as "requestKey"
     from billing_decision where tenant = current_tenant() and source_connection = $1 and target_connection = $2
       and root = $3 order by application, record_id`,
    [sourceConnection, targetConnection, root],
  );
  return rows;
}

/** Keeps the newest word about an application; the audit trail has all of them. */
export async function saveBillingDecision(
  tx: Tx,
  { sourceConnection, targetConnection, root }: BilledContract,
  decision: BillingDecision & { readonly by: string; readonly at: Date },
): Promise<void> {
  await tx.query(
    `insert into billing_decision (tenant, source_connection, object, record_id, target_connection, root, application,
       verdict, moves, request_key, decided_by, decided_at)
     values (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (tenant, source_connection, object, record_id, target_connection) do update set root = excluded.root,
       application = excluded.application, verdict = excluded.verdict, moves = excluded.moves,
       request_key = excluded.request_key, decided_by = excluded.decided_by, decided_at = excluded.decided_at`,
    [
      sourceConnection,
      decision.object,
      decision.recordId,
      targetConnection,
      root,
      decision.application,
      decision.verdict,
      decision.moves === null ? null : JSON.stringify(decision.moves),
      decision.requestKey,
      decision.by,
      decision.at,
    ],
  );
}

/** Invoices of a contract that are planned and did not leave yet: what they bill follows from all the others. */
export async function openInvoices(
  tx: Tx,
  { targetConnection, root }: BilledContract,
): Promise<StoredDocument[]> {
  const { rows } = await tx.query<DocumentRow>(
    `select ${documentColumns} from document where tenant = current_tenant() and target_connection = $1 and root = $2
       and kind in ('ap-invoice', 'ar-invoice')
       and state in ('planned', 'blocked', 'in-review', 'awaiting-approval', 'ready', 'refused', 'conflict')
     order by id`,
    [targetConnection, root],
  );
  return rows.map(storedDocument);
}

/** Whether an invoice of a contract may leave at any moment, or has left. */
export async function isBillingUnderWay(
  tx: Tx,
  { targetConnection, root }: BilledContract,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select 1 from document where tenant = current_tenant() and target_connection = $1 and root = $2
       and kind in ('ap-invoice', 'ar-invoice') and state in ('awaiting-approval', 'ready', 'posting') limit 1`,
    [targetConnection, root],
  );
  return rowCount !== 0;
}

/** Who exported the first later application that waits for this one; undefined where none does. */
export async function waiterFor(
  tx: Tx,
  { sourceConnection, targetConnection, root }: BilledContract,
  application: number,
): Promise<{ readonly requester: string | null } | undefined> {
  const { rows } = await tx.query<{ requester: string | null }>(
    `select d.requester from document d join record r on r.tenant = d.tenant and r.connection = d.source_connection
       and r.object = d.source_object and r.native_id = d.source_id
     where d.tenant = current_tenant() and d.source_connection = $1 and d.target_connection = $2 and d.root = $3
       and d.kind in ('ap-invoice', 'ar-invoice') and d.state in ('blocked', 'in-review')
       and d.reasons @> '[{"code": "application-skipped"}]' and (r.body ->> 'application')::int > $4
     order by (r.body ->> 'application')::int, d.id limit 1`,
    [sourceConnection, targetConnection, root, application],
  );
  return rows[0];
}

// More than any contract is billed in.
const MOST_APPLICATIONS = 1_000;

/** All applications of a contract that were read, in their order. */
export async function applicationsOf<A extends PayApplication>(
  tx: Tx,
  connection: string,
  object: BillingDecision['object'],
  contractId: string,
): Promise<A[]> {
  const { rows } = await tx.query<{ body: A }>(
    `select body from record where tenant = current_tenant() and connection = $1 and object = $2
       and body ->> $3 = $4 and not gone order by (body ->> 'application')::int, native_id limit $5`,
    [
      connection,
      object,
      object === 'sub-invoice' ? 'commitmentId' : 'contractId',
      contractId,
      MOST_APPLICATIONS,
    ],
  );
  return rows.map(({ body }) => body);
}

/** Whether a reference is that of another record's invoice, which stands or is on its way. */
export async function isOfAnotherRecord(
  tx: Tx,
  connection: string,
  reference: string,
  recordId: string,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select 1 from posting p join document d on (d.tenant, d.id) = (p.tenant, p.document)
     where p.tenant = current_tenant() and p.connection = $1 and p.reference = $2
       and d.kind in ('ap-invoice', 'ar-invoice') and d.source_id <> $3 and p.state <> 'cancelled' limit 1`,
    [connection, reference, recordId],
  );
  return rowCount !== 0;
}
