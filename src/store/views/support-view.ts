import type { Reason } from '../../domain/reasons.ts';
import type { Tx } from '../database/transaction.ts';

// What a support bundle reads. Every column is named: one that is not named here never leaves.

/** The rows that are shown, newest first, and how many there are in all. */
export type Shown<Row> = { readonly total: number; readonly rows: readonly Row[] };

const MOST_ROWS = 200;
const MOST_OF_ONE = 30;

const SERVER_SETTINGS = [
  'autovacuum',
  'default_transaction_isolation',
  'fsync',
  'full_page_writes',
  'idle_in_transaction_session_timeout',
  'lock_timeout',
  'max_connections',
  'max_wal_size',
  'row_security',
  'server_encoding',
  'server_version',
  'shared_buffers',
  'ssl',
  'statement_timeout',
  'synchronous_commit',
  'TimeZone',
  'wal_level',
  'work_mem',
];

export async function serverFacts(tx: Tx): Promise<Record<string, unknown>> {
  const settings = await tx.query(
    'select name, setting, unit, source from pg_settings where name = any($1) order by name',
    [SERVER_SETTINGS],
  );
  const migrations = await tx.query('select version, name, applied_at from schema_version order by version');
  const tables = await tx.query(
    `select relname as name, n_live_tup::int as rows, n_dead_tup::int as dead, pg_total_relation_size(relid) as bytes,
       last_autovacuum, last_autoanalyze
     from pg_stat_user_tables where schemaname = 'public' order by pg_total_relation_size(relid) desc limit 100`,
  );
  const sessions = await tx.query(
    `select case when usename like 'tiebeam%' then usename else 'other' end as role, state, count(*)::int as count from pg_stat_activity
     where datname = current_database() group by 1, 2 order by 1, 2`,
  );
  const { rows } = await tx.query(
    'select i.epoch, i.raised_at, pg_is_in_recovery() as standby, now() as server_time from installation i',
  );
  return {
    ...rows[0],
    settings: settings.rows,
    migrations: migrations.rows,
    tables: tables.rows,
    sessions: sessions.rows,
  };
}

export type SupportConnection = {
  readonly id: string;
  readonly system: string;
  readonly name: string;
  readonly code: string;
  readonly phase: string;
  readonly job_costs: boolean;
  readonly bound: boolean;
  readonly knows_limits: boolean;
  readonly looked_through_at: Date | null;
  readonly created_at: Date;
  readonly config: Readonly<Record<string, unknown>>;
  readonly health: {
    readonly ok?: boolean;
    readonly message?: string;
    readonly checkedAt?: string;
    readonly lastReadAt?: string;
  };
  readonly open_hooks: number;
  readonly projects: Readonly<Record<string, number>>;
  readonly served_until: Date | null;
  readonly secrets: Buffer;
};

/** With their sealed credentials, which are there to be looked for in what leaves. */
export async function supportConnections(tx: Tx): Promise<SupportConnection[]> {
  const { rows } = await tx.query<SupportConnection>(
    `select c.id, c.system, c.name, c.code, c.phase, c.job_costs, c.fingerprint is not null as bound,
       c.told_limits is not null as knows_limits, c.looked_through_at, c.created_at, c.config, c.health, c.secrets,
       (select count(*)::int from hook h where h.tenant = c.tenant and h.connection = c.id and h.disabled_at is null) as open_hooks,
       coalesce((select jsonb_object_agg(phase, count) from (select p.phase, count(*) from project_phase p
         where p.tenant = c.tenant and p.connection = c.id group by p.phase) as by_phase), '{}') as projects,
       (select lease_until from account_lease a where a.account = c.account) as served_until
     from connection c where c.tenant = current_tenant() order by c.created_at, c.id limit 1000`,
  );
  return rows;
}

export type TroubledDocument = {
  readonly total: number;
  readonly id: string;
  readonly kind: string;
  readonly part: string;
  readonly revision: number;
  readonly state: string;
  readonly source_connection: string;
  readonly source_object: string;
  readonly source_id: string;
  readonly target_connection: string;
  readonly project_id: string | null;
  readonly number: string;
  readonly title: string;
  readonly vendor_name: string | null;
  readonly amount_minor: string | null;
  readonly currency: string | null;
  readonly reasons: readonly Reason[];
  readonly waits: readonly { readonly kind: string; readonly key: string }[];
  readonly planned_at: Date;
  readonly updated_at: Date;
};

/** Documents that stand in front of somebody, or have been on their way for too long. */
export async function troubledDocuments(tx: Tx, since: Date): Promise<readonly TroubledDocument[]> {
  const { rows } = await tx.query<TroubledDocument>(
    `select count(*) over ()::int as total, d.id, d.kind, d.part, d.revision, d.state, d.source_connection, d.source_object,
       d.source_id, d.target_connection, d.project_id, d.number, d.title, d.vendor_name, d.amount_minor, d.currency, d.reasons,
       coalesce((select jsonb_agg(jsonb_build_object('kind', w.kind, 'key', w.key)) from waits_for w
         where w.tenant = d.tenant and w.document = d.id), '[]') as waits, d.planned_at, d.updated_at
     from document d where d.tenant = current_tenant() and d.updated_at >= $1
       and (d.state in ('blocked', 'in-review', 'refused', 'conflict')
         or d.state in ('planned', 'ready', 'posting', 'posted') and d.updated_at < now() - interval '15 minutes')
     order by d.updated_at desc, d.id limit ${MOST_ROWS}`,
    [since],
  );
  return rows;
}

export type TrailOfDocument = {
  readonly document: string;
  readonly at: Date;
  readonly kind: string;
  readonly actor: string;
  readonly entry: string;
};

/** The newest audited events of each of these documents, oldest first. */
export async function trailsOf(tx: Tx, documents: readonly string[]): Promise<TrailOfDocument[]> {
  const { rows } = await tx.query<TrailOfDocument>(
    `select a.document, a.at, a.kind, a.actor, a.entry from unnest($1::uuid[]) as d (id)
     cross join lateral (select * from audit where tenant = current_tenant() and document = d.id
       order by seq desc limit ${MOST_OF_ONE}) a
     order by a.seq`,
    [documents],
  );
  return rows;
}

export type SupportPosting = {
  readonly total: number;
  readonly id: string;
  readonly document: string | null;
  readonly connection: string;
  readonly write_name: string;
  readonly write_kind: string;
  readonly object: string;
  readonly reference: string;
  readonly state: string;
  readonly attempt: number;
  readonly empty_probes: number;
  readonly reason: string | null;
  readonly sent_at: Date | null;
  readonly quiet_until: Date | null;
  readonly give_up_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly attempts: readonly {
    readonly number: number;
    readonly intended_at: string;
    readonly sent_at: string | null;
    readonly finished_at: string | null;
    readonly outcome: {
      readonly kind: string;
      readonly why?: string;
      readonly errors?: readonly { readonly message: string; readonly code?: string }[];
    } | null;
  }[];
};

/** Writes that have not ended, and those that ended otherwise than wanted since then. */
export async function troubledPostings(tx: Tx, since: Date): Promise<readonly SupportPosting[]> {
  const { rows } = await tx.query<SupportPosting>(
    `select count(*) over ()::int as total, p.id, p.document, p.connection, p.write_name, p.write_kind, p.object, p.reference,
       p.state, p.attempt, p.empty_probes, p.reason, p.sent_at, p.quiet_until, p.give_up_at, p.created_at, p.updated_at,
       coalesce((select jsonb_agg(jsonb_build_object('number', t.number, 'intended_at', a.intended_at, 'sent_at', a.sent_at,
           'finished_at', a.finished_at, 'outcome', t.outcome) order by t.number)
         from attempt_posting t join attempt a on a.tenant = t.tenant and a.id = t.attempt
         where t.tenant = p.tenant and t.posting = p.id), '[]') as attempts
     from posting p where p.tenant = current_tenant()
       and (p.state not in ('posted', 'adopted', 'cancelled', 'refused') or p.state = 'refused' and p.updated_at >= $1)
     order by p.updated_at desc, p.id limit ${MOST_ROWS}`,
    [since],
  );
  return rows;
}

/** How many of everything there are, by the state that they stand in. */
export async function countsByState(tx: Tx): Promise<Record<string, unknown>> {
  const [documents, waits, postings, reviews, signals, items, mails] = await Promise.all([
    tx.query('select kind, state, count(*)::int as count from document group by 1, 2 order by 1, 2'),
    tx.query('select kind, count(*)::int as count from waits_for group by 1 order by 1'),
    tx.query(
      'select connection, write_name, state, count(*)::int as count from posting group by 1, 2, 3 order by 1, 2, 3',
    ),
    tx.query(
      `select kind, role, count(*)::int as count, min(opened_at) as oldest_at from review_item where state = 'open'
       group by 1, 2 order by 1, 2`,
    ),
    tx.query('select connection, state, count(*)::int as count from signal group by 1, 2 order by 1, 2'),
    tx.query(
      `select connection, substring(event from '^[a-z_]{1,60}$') as event, state, count(*)::int as count
       from request_item group by 1, 2, 3 order by 1, 2, 3`,
    ),
    tx.query(
      `select about, over_at is not null as over, count(*)::int as count, max(attempts) as most_attempts from mail_item
       group by 1, 2 order by 1, 2`,
    ),
  ]);
  return {
    documents: documents.rows,
    waits: waits.rows,
    postings: postings.rows,
    openQuestions: reviews.rows,
    signals: signals.rows,
    requestItems: items.rows,
    mails: mails.rows,
  };
}

export type Quarantined = {
  readonly total: number;
  readonly id: string;
  readonly connection: string;
  readonly reason: string | null;
  readonly size_bytes: number | null;
  readonly received_at: Date;
};

export async function quarantined(tx: Tx, since: Date): Promise<readonly Quarantined[]> {
  const { rows } = await tx.query<Quarantined>(
    `select count(*) over ()::int as total, s.id, s.connection, s.reason, p.size_bytes, s.received_at
     from signal s left join payload p on p.tenant = s.tenant and p.hash = s.hint ->> 'payload'
     where s.tenant = current_tenant() and s.state = 'quarantined' and s.received_at >= $1
     order by s.received_at desc, s.id desc limit ${MOST_ROWS}`,
    [since],
  );
  return rows;
}

export type FailingLane = {
  readonly total: number;
  readonly stage: string;
  readonly attempts: number;
  readonly due_at: Date;
  readonly lease_until: Date | null;
  readonly last_error: string | null;
};

/** What waits to be looked at and for how long, and what failed when it was. Ids of lanes may hold codes of vendors. */
export async function laneAges(
  tx: Tx,
): Promise<{ readonly stages: readonly object[]; readonly failing: readonly FailingLane[] }> {
  const stages = await tx.query(
    `select stage, count(*)::int as lanes, (count(*) filter (where due_at <= now()))::int as due,
       (count(*) filter (where lease_until > now()))::int as running,
       extract(epoch from now() - min(due_at) filter (where due_at <= now()))::int as oldest_due_seconds
     from lane where tenant = current_tenant() group by stage order by stage`,
  );
  const failing = await tx.query<FailingLane>(
    `select count(*) over ()::int as total, stage, attempts, due_at, lease_until, last_error from lane
     where tenant = current_tenant() and (attempts > 0 or last_error is not null)
     order by attempts desc, due_at limit ${MOST_ROWS}`,
  );
  return { stages: stages.rows, failing: failing.rows };
}

/** When each kind of timed work last began and ended, and each list was last read. Names of cursors are ours up to a colon. */
export async function lastLooks(tx: Tx): Promise<Record<string, unknown>> {
  const jobs = await tx.query(
    `select substring(job from '^[a-z-]+') as job, max(slot) as last_slot, max(started_at) as last_started_at,
       max(finished_at) as last_finished_at from schedule where tenant = current_tenant() group by 1 order by 1`,
  );
  const lists = await tx.query(
    `select connection, substring(name from '^[a-z-]+') as list, count(*)::int as count, min(moved_at) as oldest_at,
       max(moved_at) as newest_at from cursor where tenant = current_tenant() group by 1, 2 order by 1, 2`,
  );
  return { jobs: jobs.rows, lists: lists.rows };
}

export async function lastAnchorFacts(tx: Tx): Promise<object | null> {
  const { rows } = await tx.query(
    'select number, seq, at from audit_anchor where tenant = current_tenant() order by number desc limit 1',
  );
  return rows[0] ?? null;
}
