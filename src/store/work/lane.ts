import type { Tx } from '../database/transaction.ts';

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
export async function wakeLane(tx: Tx, lane: LaneKey, afterMs = 0): Promise<void> {
  await wakeLanes(tx, [lane], afterMs);
}

/** The same for many. The rows are taken in one order, so that two who wake the same ones never block each other. */
export async function wakeLanes(tx: Tx, lanes: readonly LaneKey[], afterMs = 0): Promise<void> {
  await tx.query(
    `with woken as (
       insert into lane (tenant, stage, id, account, due_at)
       select distinct on (stage, id) current_tenant(), stage, id, account, now() + $4 * interval '1 millisecond'
       from unnest($1::text[], $2::text[], $3::text[]) as g (stage, id, account) order by stage, id
       on conflict (tenant, stage, id) do update
         set due_at = least(lane.due_at, excluded.due_at), wakes = lane.wakes + 1, account = excluded.account
       returning account
     )
     select pg_notify($5, account) from (select distinct account from woken) as told where $4 = 0`,
    [
      lanes.map(({ stage }) => stage),
      lanes.map(({ id }) => id),
      lanes.map(({ account }) => account),
      afterMs,
      laneChannel,
    ],
  );
}

/**
 * Claims due lanes of one account: oldest first, in turn over the tenants, so that a tenant with a hundred
 * thousand due lanes delays the others by one turn and not by a hundred thousand. Each tenant's oldest are read
 * from the index and nothing is sorted but those: a claim costs the same however much is due.
 */
export async function claimLanes(tx: Tx, account: string, count: number, leaseMs: number): Promise<Lane[]> {
  const { rows } = await tx.query<Lane & { turn: string }>(
    `with recursive tenants as (
       (select tenant from lane where account = $1 order by tenant limit 1)
       union all
       select (select l.tenant from lane l where l.account = $1 and l.tenant > t.tenant order by l.tenant limit 1)
       from tenants t where t.tenant is not null
     ), due as (
       select d.* from tenants t cross join lateral (
         select l.tenant, l.stage, l.id, l.due_at, row_number() over (order by l.due_at) as turn from lane l
         where l.account = $1 and l.tenant = t.tenant and l.due_at <= now()
           and (l.lease_until is null or l.lease_until < now())
         order by l.due_at limit $2) d
       order by d.turn, d.due_at limit $2
     ), picked as (
       select l.tenant, l.stage, l.id, due.turn from lane l join due using (tenant, stage, id)
       where l.due_at <= now() and (l.lease_until is null or l.lease_until < now())
       for update of l skip locked
     )
     update lane l set lease_until = now() + $3 * interval '1 millisecond', fence = nextval('lane_fence')
     from picked p where (l.tenant, l.stage, l.id) = (p.tenant, p.stage, p.id)
     returning l.tenant, l.stage, l.id, l.account, l.fence, l.wakes, l.attempts, p.turn`,
    [account, count, leaseMs],
  );
  return rows.sort((one, other) => Number(one.turn) - Number(other.turn)).map(({ turn: _, ...lane }) => lane);
}

/** Nobody is waited for: whoever wakes many lanes in one transaction holds their rows, in an order of its own. */
export async function renewLanes(tx: Tx, lanes: readonly Lane[], leaseMs: number): Promise<void> {
  await tx.query(
    `with mine as (
       select l.tenant, l.stage, l.id from lane l
       join unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) as g (tenant, stage, id, fence)
         using (tenant, stage, id)
       where l.fence = g.fence and l.lease_until is not null for update of l skip locked
     )
     update lane l set lease_until = now() + $5 * interval '1 millisecond'
     from mine where (l.tenant, l.stage, l.id) = (mine.tenant, mine.stage, mine.id)`,
    [...keysOf(lanes), leaseMs],
  );
}

/** How a lane leaves its worker: nothing left (null), due again after a while, or claimed and never begun. */
export type LaneEnd =
  | { readonly afterMs: number | null; readonly error?: string }
  | { readonly untouched: true };

export type Leaving = { readonly lane: Lane; readonly end: LaneEnd };

export type Left = {
  /** Somebody is waking these just now: they have to be given back a moment later. */
  readonly locked: readonly Leaving[];
  /** Time until the first of those that stay is due. */
  readonly dueMs: number | null;
};

/**
 * Gives lanes back: gone when nothing is left to do, due again when it asked for it or was woken meanwhile. Only a
 * lane that still carries its worker's fence; one that another worker has by now is left alone.
 */
export async function releaseLanes(tx: Tx, leaving: readonly Leaving[]): Promise<Left> {
  const ends = leaving.map(({ end }) => ('untouched' in end ? { afterMs: 0, untouched: true } : end));
  const { rows } = await tx.query<{ done: boolean; standing: boolean; due_ms: string | null }>(
    `with given as (
       select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::float8[], $7::text[],
         $8::boolean[]) with ordinality as g (tenant, stage, id, fence, wakes, after_ms, error, untouched, place)
     ), held as (
       select g.*, l.wakes <> g.wakes as woken from lane l join given g using (tenant, stage, id)
       where l.fence = g.fence for update of l skip locked
     ), gone as (
       delete from lane l using held h
       where (l.tenant, l.stage, l.id) = (h.tenant, h.stage, h.id) and h.after_ms is null and not h.woken
     ), kept as (
       update lane l set lease_until = null,
         last_error = case when h.untouched then l.last_error else h.error end,
         attempts = case when h.untouched then l.attempts when h.error is null then 0 else l.attempts + 1 end,
         due_at = case when h.untouched then l.due_at when h.woken and h.error is null then now()
           else now() + coalesce(h.after_ms, 0) * interval '1 millisecond' end
       from held h
       where (l.tenant, l.stage, l.id) = (h.tenant, h.stage, h.id) and (h.after_ms is not null or h.woken)
       returning h.place, l.due_at
     )
     select h.place is not null as done, l.fence is not null as standing,
       ceil(extract(epoch from k.due_at - now()) * 1000)::bigint as due_ms
     from given g left join held h using (place) left join kept k using (place)
       left join lane l on (l.tenant, l.stage, l.id, l.fence) = (g.tenant, g.stage, g.id, g.fence)
     order by g.place`,
    [
      ...keysOf(leaving.map(({ lane }) => lane)),
      leaving.map(({ lane }) => lane.wakes),
      ends.map(({ afterMs }) => afterMs),
      ends.map((end) => ('error' in end ? end.error : null)),
      ends.map((end) => 'untouched' in end),
    ],
  );
  const due = rows.flatMap(({ due_ms }) => (due_ms === null ? [] : [Math.max(0, Number(due_ms))]));
  return {
    locked: leaving.filter((_, place) => rows[place]?.done === false && rows[place].standing),
    dueMs: due.length === 0 ? null : Math.min(...due),
  };
}

function keysOf(lanes: readonly Lane[]) {
  return [
    lanes.map(({ tenant }) => tenant),
    lanes.map(({ stage }) => stage),
    lanes.map(({ id }) => id),
    lanes.map(({ fence }) => fence),
  ];
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

/**
 * Time until the next lane of these accounts is due, for the dispatcher's nap. Lanes that another worker has count
 * when its lease is over: the poll finds them within a second.
 */
export async function nextDueMs(tx: Tx, accounts: readonly string[]): Promise<number | null> {
  const { rows } = await tx.query<{ ms: string | null }>(
    `with recursive tenants as (
       select a.account, (select min(l.tenant) from lane l where l.account = a.account) as tenant
       from unnest($1::text[]) as a (account)
       union all
       select t.account, (select min(l.tenant) from lane l where l.account = t.account and l.tenant > t.tenant)
       from tenants t where t.tenant is not null
     )
     select ceil(extract(epoch from min(d.due_at) - now()) * 1000)::bigint as ms
     from tenants t cross join lateral (
       select l.due_at from lane l where l.account = t.account and l.tenant = t.tenant and l.due_at < 'infinity'
         and (l.lease_until is null or l.lease_until < now()) order by l.due_at limit 1) d`,
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
