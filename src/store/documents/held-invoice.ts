import type { Tx } from '../database/transaction.ts';

// What a payment of the ERP settled of an invoice is a document of its own, by the latest word on it.
const UNPAID = `kind = 'ap-invoice' and source_object = 'sub-invoice' and state in ('posted', 'confirmed')
  and amount_minor > coalesce((
    select sum(p.amount_minor) from (
      select distinct on (source_id) amount_minor, operation ->> 'kind' as did from document
      where tenant = current_tenant() and kind = 'payment' and part = d.target_id and source_connection = d.target_connection
      order by source_id, revision desc) p
    where p.did = 'record-payment'), 0)`;

/** Pay applications with an invoice in one of these targets that is not paid, in turns: those after one of them, by their ids. */
export async function unpaidApplications(
  tx: Tx,
  targetConnections: readonly string[],
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await tx.query<{ source_id: string }>(
    `select distinct source_id from document d where tenant = current_tenant() and target_connection = any($1)
       and source_id > $2 and ${UNPAID} order by source_id limit $3`,
    [targetConnections, after, limit],
  );
  return rows.map(({ source_id }) => source_id);
}

// As many as one event may have read again; the others come in their turn.
const MOST_AT_ONCE = 50;

/** Pay applications whose invoices are held for a certificate now. */
export async function heldInvoices(tx: Tx, targetConnections: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ source_id: string }>(
    `select distinct source_id from document d where tenant = current_tenant() and target_connection = any($1)
       and reasons @> '[{"code": "payment-held"}]' and ${UNPAID} order by source_id limit $2`,
    [targetConnections, MOST_AT_ONCE],
  );
  return rows.map(({ source_id }) => source_id);
}
