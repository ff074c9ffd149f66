import { STANDING } from './document-view.ts';
import type { Tx } from './transaction.ts';

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

/** The currency most documents carry. Sums are made in it alone: amounts of two currencies do not add up. */
export async function mainCurrency(tx: Tx): Promise<string | null> {
  const { rows } = await tx.query<{ currency: string }>(
    `select currency from document where currency is not null
     group by currency order by count(*) desc, currency limit 1`,
  );
  return rows[0]?.currency ?? null;
}

export async function sumByState(tx: Tx, currency: string): Promise<StateFigure[]> {
  const { rows } = await tx.query<StateFigure>(
    `select d.state, count(*)::int as count, ${IN_CURRENCY} from document d
     where ${STANDING} group by d.state`,
    [currency],
  );
  return rows;
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
    `select b.age, count(d.id)::int as count, ${IN_CURRENCY}
     from (values (1, 'under 1 day', interval '0', interval '1 day'),
                  (2, '1 to 3 days', interval '1 day', interval '3 days'),
                  (3, '3 to 7 days', interval '3 days', interval '7 days'),
                  (4, 'over 7 days', interval '7 days', interval '100 years')) as b (place, age, lower, upper)
     left join document d on ${WAITING}
       and greatest($2::timestamptz - d.planned_at, interval '0') >= b.lower
       and greatest($2::timestamptz - d.planned_at, interval '0') < b.upper
     group by b.place, b.age order by b.place`,
    [currency, now],
  );
  return rows;
}

/** Per connection: records planned from it and posted to it since the start of the day, and what is under way. */
export async function flowSince(tx: Tx, since: Date): Promise<FlowFigure[]> {
  const { rows } = await tx.query<FlowFigure>(
    `select c.name as system,
       (select count(*)::int from document d where d.source_connection = c.id and d.planned_at >= $1) as received,
       (select count(*)::int from document d where d.target_connection = c.id and d.posted_at >= $1) as posted,
       (select count(*)::int from document d
         where d.target_connection = c.id and d.state in ('ready', 'posting')) as in_flight
     from connection c order by c.created_at, c.id limit 50`,
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
