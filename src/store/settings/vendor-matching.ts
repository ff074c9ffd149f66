import type { Tx } from '../database/transaction.ts';

/** Codes of ERP vendors of which a person said that they are not the one that was asked about. */
export async function declinedMatches(tx: Tx, subject: string): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ code: string }>(
    `select distinct s ->> 'code' as code from review_item r, jsonb_array_elements(r.evidence -> 'suggestions') s
     where r.tenant = current_tenant() and r.kind = 'vendor-match' and r.subject = $1 and r.state = 'rejected' limit 1000`,
    [subject],
  );
  return new Set(rows.map(({ code }) => code));
}

/** Whether a link of a vendor waits, is being written, or was written a moment ago. */
export async function isLinkUnderWay(tx: Tx, hub: string, vendorId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select 1 from document where tenant = current_tenant() and kind = 'vendor-link' and target_connection = $1
       and part = $2 and state not in ('withdrawn', 'detached', 'confirmed') limit 1`,
    [hub, vendorId],
  );
  return rowCount !== 0;
}

/** Whether anything that goes to an ERP company waits for a vendor to be there. */
export async function isVendorAwaited(tx: Tx, erp: string, vendorId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select 1 from waits_for w join document d on (d.tenant, d.id) = (w.tenant, w.document)
     where w.tenant = current_tenant() and w.kind = 'vendor' and w.key = $1 and d.target_connection = $2 limit 1`,
    [vendorId, erp],
  );
  return rowCount !== 0;
}
