import type { Tx } from './transaction.ts';

/** Takes or renews an account (one login at one system) for a worker; null when another worker serves it. */
export async function holdAccount(
  tx: Tx,
  account: string,
  owner: string,
  leaseMs: number,
): Promise<string | null> {
  const { rows } = await tx.query<{ fence: string }>(
    `insert into account_lease (account, owner, lease_until) values ($1, $2, now() + $3 * interval '1 millisecond')
     on conflict (account) do update set owner = excluded.owner, lease_until = excluded.lease_until,
       fence = account_lease.fence + (account_lease.owner <> excluded.owner)::int
     where account_lease.owner = excluded.owner or account_lease.lease_until < now()
     returning fence`,
    [account, owner, leaseMs],
  );
  return rows[0]?.fence ?? null;
}

export async function releaseAccounts(tx: Tx, owner: string): Promise<void> {
  await tx.query('update account_lease set lease_until = now() where owner = $1', [owner]);
}
