import type { Tx } from './transaction.ts';

/** A lane says "look here"; it holds no truth. One worker at a time has it, under a fence. */
export type Lane = {
  readonly tenant: string;
  readonly stage: 'source' | 'post' | 'sweep';
  readonly id: string;
  readonly account: string;
  readonly fence: string;
  readonly wakes: string;
  readonly attempts: number;
};

export type LaneKey = Pick<Lane, 'stage' | 'id' | 'account'>;

export const laneChannel = 'tiebeam_lane';

/** Makes a lane due, now or later. A lane that is running is run once more after it ends. */
export async function wakeLane(tx: Tx, { stage, id, account }: LaneKey, afterMs = 0): Promise<void> {
  await tx.query(
    `insert into lane (tenant, stage, id, account, due_at)
     values (current_tenant(), $1, $2, $3, now() + $4 * interval '1 millisecond')
     on conflict (tenant, stage, id) do update
       set due_at = least(lane.due_at, excluded.due_at), wakes = lane.wakes + 1, account = excluded.account`,
    [stage, id, account, afterMs],
  );
  if (afterMs === 0) await tx.query('select pg_notify($1, $2)', [laneChannel, account]);
}

/**
 * Claims due lanes of one account: oldest first, in turn over the tenants, so that a tenant with a hundred
 * thousand due lanes delays the others by one turn and not by a hundred thousand.
 */
export async function claimLanes(tx: Tx, account: string, count: number, leaseMs: number): Promise<Lane[]> {
  const { rows } = await tx.query<Lane>(
    `with due as (
       select tenant, stage, id, due_at, row_number() over (partition by tenant order by due_at) as turn
       from lane where account = $1 and due_at <= now() and (lease_until is null or lease_until < now())
     ), picked as (
       select l.tenant, l.stage, l.id from lane l join due using (tenant, stage, id)
       where l.due_at <= now() and (l.lease_until is null or l.lease_until < now())
       order by due.turn, due.due_at limit $2 for update of l skip locked
     )
     update lane l set lease_until = now() + $3 * interval '1 millisecond', fence = nextval('lane_fence')
     from picked p where (l.tenant, l.stage, l.id) = (p.tenant, p.stage, p.id)
     returning l.tenant, l.stage, l.id, l.account, l.fence, l.wakes, l.attempts`,
    [account, count, leaseMs],
  );
  return rows;
}

export async function renewLanes(tx: Tx, lanes: readonly Lane[], leaseMs: number): Promise<void> {
  await tx.query(
    `update lane set lease_until = now() + $2 * interval '1 millisecond'
     where fence = any($1::bigint[]) and lease_until is not null`,
    [lanes.map((lane) => lane.fence), leaseMs],
  );
}

/** Gives a lane back: gone when nothing is left to do, due again when it asked for it or was woken meanwhile. */
export async function releaseLane(
  tx: Tx,
  lane: Lane,
  next: { readonly afterMs: number | null; readonly error?: string },
): Promise<void> {
  const key = [lane.tenant, lane.stage, lane.id, lane.fence];
  if (next.afterMs === null) {
    const done = await tx.query(
      'delete from lane where (tenant, stage, id, fence) = ($1, $2, $3, $4) and wakes = $5',
      [...key, lane.wakes],
    );
    if (done.rowCount === 1) return;
  }
  await tx.query(
    `update lane set lease_until = null, last_error = $6, attempts = case when $6::text is null then 0 else attempts + 1 end,
       due_at = case when wakes <> $5 and $6::text is null then now() else now() + $7 * interval '1 millisecond' end
     where (tenant, stage, id, fence) = ($1, $2, $3, $4)`,
    [...key, lane.wakes, next.error ?? null, next.afterMs ?? 0],
  );
}

/**
 * Whether this worker still owns the lane and its account. No row is locked: a plan holds a document and wakes its
 * lane, so holding the lane while waiting for the document would deadlock. What two workers could still both
 * believe is decided by the compare-and-set of the posting that follows.
 */
export async function fenceHolds(tx: Tx, lane: Lane, accountFence: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select 1 from lane l join account_lease a on a.account = l.account
     where l.tenant = current_tenant() and l.stage = $1 and l.id = $2 and l.fence = $3 and l.lease_until > now()
       and a.fence = $4 and a.lease_until > now()`,
    [lane.stage, lane.id, lane.fence, accountFence],
  );
  return rowCount === 1;
}

/** Time until the next lane of these accounts is due, for the dispatcher's nap. */
export async function nextDueMs(tx: Tx, accounts: readonly string[]): Promise<number | null> {
  const { rows } = await tx.query<{ ms: string | null }>(
    `select ceil(extract(epoch from min(greatest(due_at, coalesce(lease_until, due_at))) - now()) * 1000)::bigint as ms
     from lane where account = any($1) and due_at < 'infinity'`,
    [accounts],
  );
  const ms = rows[0]?.ms;
  return ms === null || ms === undefined ? null : Math.max(0, Number(ms));
}

/** Lanes of records and postings that are due or running now; regular looks do not count as work. */
export async function busyLanes(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ busy: number }>(
    `select count(*)::int as busy from lane
     where tenant = current_tenant() and (due_at <= now() or lease_until > now()) and (stage <> 'sweep' or last_error is not null or lease_until > now() or wakes = 1)`,
  );
  return rows[0]?.busy ?? 0;
}
