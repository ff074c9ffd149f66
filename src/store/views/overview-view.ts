import type { Tx } from '../database/transaction.ts';
import { STANDING } from './document-view.ts';

/** Figures of the overview, all recomputed from the documents: there is no counter that could lie. */
export interface StateFigure {
  state: string;
  count: number;
  amount_minor: string;
}

export interface OwnerFigure {
  owner: string;
  count: number;
  amount_minor: string;
  oldest_at: Date | null;
}

export interface AgeFigure {
  age: string;
  count: number;
  amount_minor: string;
}

export interface FlowFigure {
  system: string;
  received: number;
  posted: number;
  in_flight: number;
}

const WAITING = `d.state in ('blocked', 'in-review', 'awaiting-approval', 'refused', 'conflict')`;
const IN_CURRENCY = 'coalesce(sum(d.amount_minor) filter (where d.currency = $1), 0)::text as amount_minor';

export interface StateFigures {
  /** The currency most documents carry. Sums are made in it alone: amounts of two currencies do not add up. */
  currency: string | null;
  states: StateFigure[];
}

/** One look at an index of all documents: asking for the currency first would be a second one. */
export async function sumByState(tx: Tx): Promise<StateFigures> {
  const { rows } = await tx.query<StateFigure & { currency: string | null }>(
    `select d.state, d.currency, count(*)::int as count, coalesce(sum(d.amount_minor), 0)::text as amount_minor
     from document d where ${STANDING} group by d.state, d.currency order by d.state, d.currency`,
  );
  const carried = new Map<string, number>();
  for (const { currency, count } of rows)
    if (currency !== null) carried.set(currency, (carried.get(currency) ?? 0) + count);
  const [main] = [...carried].sort(([one, few], [other, many]) => many - few || one.localeCompare(other));
  const currency = main?.[0] ?? null;
  const states = new Map<string, StateFigure>();
  for (const row of rows) {
    const figure = states.get(row.state) ?? { state: row.state, count: 0, amount_minor: '0' };
    states.set(row.state, {
      ...figure,
      count: figure.count + row.count,
      amount_minor: row.currency === currency && currency !== null ? row.amount_minor : figure.amount_minor,
    });
  }
  return { currency, states: [...states.values()] };
}

export async function sumWaitingByOwner(tx: Tx, currency: string): Promise<OwnerFigure[]> {
  const { rows } = await tx.query<OwnerFigure>(
    `select coalesce(d.reasons->0->>'owner', 'nobody named') as owner, count(*)::int as count, ${IN_CURRENCY},
       min(d.planned_at) as oldest_at
     from document d where ${WAITING} group by 1 order by 2 desc, 1 limit 50`,
    [currency],
  );
  return rows;
}

export async function sumWaitingByAge(tx: Tx, currency: string, now: Date): Promise<AgeFigure[]> {
  const { rows } = await tx.query<AgeFigure>(
    `with waiting as materialized (
       select d.id, d.currency, d.amount_minor, greatest($2::timestamptz - d.planned_at, interval '0') as age
       from document d where ${WAITING})
     select b.age, count(d.id)::int as count, ${IN_CURRENCY}
     from (values (1, 'under 1 day', interval '0', interval '1 day'),
                  (2, '1 to 3 days', interval '1 day', interval '3 days'),
                  (3, '3 to 7 days', interval '3 days', interval '7 days'),
                  (4, 'over 7 days', interval '7 days', interval '100 years')) as b (place, age, lower, upper)
     left join waiting d on d.age >= b.lower and d.age < b.upper
     group by b.place, b.age order by b.place`,
    [currency, now],
  );
  return rows;
}

/** Per connection: records planned from it and posted to it since the start of the day, and what is under way. */
export async function flowSince(tx: Tx, since: Date): Promise<FlowFigure[]> {
  const { rows } = await tx.query<FlowFigure>(
    `with planned as (
       select source_connection as id, count(*)::int as count from document where planned_at >= $1 group by 1),
     posted as (
       select target_connection as id, count(*)::int as count from document where posted_at >= $1 group by 1),
     under_way as (
       select target_connection as id, count(*)::int as count from document where state in ('ready', 'posting') group by 1)
     select c.name as system, coalesce(planned.count, 0) as received, coalesce(posted.count, 0) as posted,
       coalesce(under_way.count, 0) as in_flight
     from connection c left join planned using (id) left join posted using (id) left join under_way using (id)
     order by c.created_at, c.id limit 50`,
    [since],
  );
  return rows;
}

export async function countPostedPerMinute(
  tx: Tx,
  now: Date,
  minutes: number,
): Promise<{ minute: Date; count: number }[]> {
  const { rows } = await tx.query<{ minute: Date; count: number }>(
    `with span as (
       select date_trunc('minute', $1::timestamptz) as last,
         date_trunc('minute', $1::timestamptz) - make_interval(mins => $2::int - 1) as first),
     posted as (
       select date_trunc('minute', d.posted_at) as minute, count(*)::int as count
       from document d, span where d.posted_at >= span.first group by 1)
     select m.minute, coalesce(posted.count, 0) as count
     from span, generate_series(span.first, span.last, interval '1 minute') as m (minute)
     left join posted on posted.minute = m.minute order by m.minute`,
    [now, minutes],
  );
  return rows;
}
