import { type FieldError, ROW_REFUSED } from '../../domain/posting/outcomes.ts';
import type { PostingState } from '../../domain/states.ts';
import type { Tx } from '../database/transaction.ts';

/** Which vendor of the source each vendor of an ERP is linked to, or was chosen for by a person. */
export async function linkedVendors(tx: Tx, erp: string, hub: string): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ code: string; id: string }>(
    `select source_id as code, target_id as id from link where tenant = current_tenant() and source_connection = $1
       and source_object = 'vendor' and target_connection = $2 and target_object = 'vendor' and state = 'linked'
     union all
     select value ->> 'code', key from mapping where tenant = current_tenant() and kind = 'vendor' and current`,
    [erp, hub],
  );
  return new Map(rows.map(({ code, id }) => [code, id]));
}

/** Pairs `id code` of vendors of which a person said that they are different companies. */
export async function declinedPairs(tx: Tx): Promise<Set<string>> {
  const { rows } = await tx.query<{ pair: string }>(
    `select distinct replace(r.subject, 'vendor:', '') || ' ' || (s ->> 'code') as pair
     from review_item r, jsonb_array_elements(r.evidence -> 'suggestions') s
     where r.tenant = current_tenant() and r.kind = 'vendor-match' and r.state = 'rejected'`,
  );
  return new Set(rows.map(({ pair }) => pair));
}

/** A refusal is no question any more once its rows are compared anew. */
export async function expireRefusedCalls(tx: Tx, connection: string, root: string): Promise<void> {
  await tx.query(
    `update review_item r set state = 'expired', decided_at = now() from posting p
     where r.tenant = current_tenant() and r.kind = 'exception' and r.state = 'open' and r.subject = 'exception:' || p.id
       and p.tenant = r.tenant and p.connection = $1 and p.root = $2 and p.state = 'refused'`,
    [connection, root],
  );
}

const ORDER_WAIT = 'order-waits:';

/** The subject of the question about what orders of the ERP lack before they can be offered. */
export function orderWait(subject: string): string {
  return `${ORDER_WAIT}${subject}`;
}

/** What no order lacks any more is no question any more. */
export async function expireOrderWaits(tx: Tx, lacking: readonly string[]): Promise<void> {
  await tx.query(
    `update review_item set state = 'expired', decided_at = now() where tenant = current_tenant() and kind = 'exception'
       and state = 'open' and starts_with(subject, $1) and not (subject = any($2))`,
    [ORDER_WAIT, lacking.map(orderWait)],
  );
}

/** Whether any order of the ERP waits for something before it can be offered. */
export async function ordersWait(tx: Tx): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select 1 from review_item where tenant = current_tenant() and kind = 'exception' and state = 'open'
       and starts_with(subject, $1) limit 1`,
    [ORDER_WAIT],
  );
  return rowCount === 1;
}

/** What became of one call that staged rows. */
export type StagedCall = {
  readonly id: string;
  readonly state: PostingState;
  readonly rows: number;
  readonly rowsRefused: number | 'all';
};

/** The calls of one staging, named by the requests that asked for it. */
export async function stagedCalls(
  tx: Tx,
  connection: string,
  root: string,
  asked: readonly string[],
): Promise<StagedCall[]> {
  const { rows } = await tx.query<{
    id: string;
    state: PostingState;
    sent: number;
    errors: readonly FieldError[] | null;
  }>(
    `select p.id, p.state, jsonb_array_length(p.operation -> 'rows') as sent, (select o.outcome -> 'errors' from attempt_posting o
         where (o.tenant, o.posting) = (p.tenant, p.id) order by o.number desc limit 1) as errors
     from posting p where p.tenant = current_tenant() and p.connection = $1 and p.root = $2
       and p.operation -> 'asked' = $3::jsonb order by p.seq`,
    [connection, root, JSON.stringify(asked)],
  );
  return rows.map(({ id, state, sent, errors }) => {
    const byRow = (errors ?? []).filter(({ code }) => code === ROW_REFUSED).length;
    return { id, state, rows: sent, rowsRefused: byRow > 0 ? byRow : 'all' };
  });
}
