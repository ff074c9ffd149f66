import type { Tx } from './transaction.ts';

/** Grows with each restore or failover: what was written before it is looked for before anything is sent. */
export async function currentEpoch(tx: Tx): Promise<bigint> {
  const { rows } = await tx.query<{ epoch: string }>('select epoch from installation');
  return BigInt(rows[0]!.epoch);
}

/** Raises the epoch by one, unless somebody did since it was read, and fences off every worker. */
export async function raiseEpoch(tx: Tx, seen: bigint): Promise<bigint> {
  const { rows } = await tx.query<{ epoch: string }>('select raise_epoch($1) as epoch', [seen.toString()]);
  return BigInt(rows[0]!.epoch);
}

/** Whether somebody said since then that the database was restored: what it says of that time may lack something. */
export async function wasRestoredSince(tx: Tx, since: Date): Promise<boolean> {
  const { rows } = await tx.query<{ restored: boolean }>(
    'select coalesce(raised_at >= $1, false) as restored from installation',
    [since],
  );
  return rows[0]!.restored;
}

/** The same, or it was restored since this document was planned: the books that let it go were others. */
export async function wasRestoredAfter(tx: Tx, document: string, since: Date): Promise<boolean> {
  const { rows } = await tx.query<{ restored: boolean }>(
    `select coalesce(i.raised_at >= $2 or i.raised_at > d.updated_at, false) as restored
     from installation i, document d where d.tenant = current_tenant() and d.id = $1`,
    [document, since],
  );
  return rows[0]!.restored;
}

/** Roots with a write that has not ended, whatever it waits for. */
export async function openRoots(
  tx: Tx,
): Promise<{ readonly connection: string; readonly root: string; readonly writes: number }[]> {
  const { rows } = await tx.query<{ connection: string; root: string; writes: number }>(
    `select connection, root, count(*)::int as writes from posting
     where tenant = current_tenant() and state not in ('posted', 'adopted', 'refused', 'cancelled', 'exception')
     group by connection, root order by connection, root`,
  );
  return rows;
}

/** Documents of which nothing is written down to be sent yet: the end of the database that is lost may have sent them. */
export async function countUnsent(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ unsent: number }>(
    `select count(*)::int as unsent from document
     where tenant = current_tenant() and state in ('planned', 'blocked', 'in-review', 'awaiting-approval', 'refused')`,
  );
  return rows[0]?.unsent ?? 0;
}
