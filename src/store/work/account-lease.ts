import type { Tx } from '../database/transaction.ts';

/** Takes or renews accounts (logins at systems) for a worker: the fence of each, without those others serve. */
export async function holdAccounts(
  tx: Tx,
  accounts: readonly string[],
  owner: string,
  leaseMs: number,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await tx.query<{ account: string; fence: string }>(
    `insert into account_lease (account, owner, lease_until)
     select distinct account, $2, now() + $3 * interval '1 millisecond' from unnest($1::text[]) as a (account)
     order by account
     on conflict (account) do update set owner = excluded.owner, lease_until = excluded.lease_until,
       fence = account_lease.fence + (account_lease.owner <> excluded.owner)::int
     where account_lease.owner = excluded.owner or account_lease.lease_until < now()
     returning account, fence`,
    [accounts, owner, leaseMs],
  );
  return new Map(rows.map(({ account, fence }) => [account, fence]));
}

export async function releaseAccounts(tx: Tx, owner: string): Promise<void> {
  await tx.query('update account_lease set lease_until = now() where owner = $1', [owner]);
}
