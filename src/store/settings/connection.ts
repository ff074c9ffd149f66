import type { SeenCapabilities } from '../../domain/posting/settle.ts';
import type { Phase } from '../../domain/states.ts';
import type { Tx } from '../database/transaction.ts';

export type StoredConnection = {
  readonly id: string;
  readonly system: string;
  readonly name: string;
  readonly code: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Buffer;
  readonly account: string;
  readonly phase: Phase;
  /** Whether posted cost may be shown there, whatever the phase says of documents. */
  readonly jobCosts: boolean;
  readonly fingerprint: string | null;
  /** What the last self-test saw in the company that is bound. */
  readonly seen: SeenCapabilities;
};

/** All of a tenant, in the order in which they were connected. */
export async function listConnections(tx: Tx): Promise<StoredConnection[]> {
  const { rows } = await tx.query<StoredConnection>(
    `select c.id, c.system, c.name, c.code, c.config, c.secrets, c.account, c.phase, c.job_costs as "jobCosts", c.fingerprint,
       coalesce((select t.seen from self_test t where t.tenant = c.tenant and t.connection = c.id and t.fingerprint = c.fingerprint
         and t.finished_at is not null order by t.started_at desc limit 1), '{}') as seen
     from connection c where c.tenant = current_tenant() order by c.created_at, c.id limit 1000`,
  );
  return rows;
}

export async function saveConnection(
  tx: Tx,
  connection: Omit<StoredConnection, 'phase' | 'jobCosts' | 'fingerprint' | 'seen'>,
): Promise<void> {
  await tx.query(
    `insert into connection (tenant, id, system, name, code, config, secrets, account)
     values (current_tenant(), $1, $2, $3, $4, $5, $6, $7)
     on conflict (tenant, id) do update set name = excluded.name, config = excluded.config, secrets = excluded.secrets,
       account = excluded.account, fingerprint = case when connection.account = excluded.account then connection.fingerprint end,
       looked_through_at = case when connection.account = excluded.account then connection.looked_through_at end,
       -- Another login may open another company: it goes live only after it was looked through.
       job_costs = connection.job_costs and connection.account = excluded.account,
       phase = case when connection.account = excluded.account then connection.phase else 'read-only' end`,
    [
      connection.id,
      connection.system,
      connection.name,
      connection.code,
      JSON.stringify(connection.config),
      connection.secrets,
      connection.account,
    ],
  );
}

/** Binds the company behind the credentials at first sight; false when another one answers now. */
export async function bindFingerprint(tx: Tx, id: string, fingerprint: string): Promise<boolean> {
  const { rows } = await tx.query<{ fingerprint: string }>(
    `update connection set fingerprint = coalesce(fingerprint, $2) where tenant = current_tenant() and id = $1 returning fingerprint`,
    [id, fingerprint],
  );
  return rows[0]?.fingerprint === fingerprint;
}

/** Whether everything under our prefix was looked through since the company was bound, and how much may be missing. */
export async function sweepSettings(
  tx: Tx,
  id: string,
): Promise<{ readonly lookedThrough: boolean; readonly missingLimitPercent: number }> {
  const { rows } = await tx.query<{ looked: boolean; percent: number }>(
    `select looked_through_at is not null as looked, missing_limit_percent as percent from connection
     where tenant = current_tenant() and id = $1`,
    [id],
  );
  return { lookedThrough: rows[0]?.looked ?? false, missingLimitPercent: rows[0]?.percent ?? 10 };
}

export async function setLookedThrough(tx: Tx, id: string, looked: boolean): Promise<void> {
  await tx.query(
    'update connection set looked_through_at = case when $2 then now() end where tenant = current_tenant() and id = $1',
    [id, looked],
  );
}

export async function setMissingLimit(tx: Tx, id: string, percent: number): Promise<void> {
  await tx.query(
    'update connection set missing_limit_percent = $2 where tenant = current_tenant() and id = $1',
    [id, percent],
  );
}

export async function saveHealth(
  tx: Tx,
  id: string,
  health: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx.query('update connection set health = health || $2 where tenant = current_tenant() and id = $1', [
    id,
    JSON.stringify(health),
  ]);
}

export async function setConnectionPhase(tx: Tx, id: string, phase: Phase): Promise<Phase | null> {
  const { rows } = await tx.query<{ before: Phase }>(
    `update connection c set phase = $2 from (select phase as before from connection where tenant = current_tenant() and id = $1 for update) b
     where c.tenant = current_tenant() and c.id = $1 returning b.before`,
    [id, phase],
  );
  return rows[0]?.before ?? null;
}

export async function setProjectPhase(tx: Tx, id: string, project: string, phase: Phase): Promise<void> {
  await tx.query(
    `insert into project_phase (tenant, connection, project_id, phase) values (current_tenant(), $1, $2, $3)
     on conflict (tenant, connection, project_id) do update set phase = excluded.phase`,
    [id, project, phase],
  );
}

/** Of a connection that is gone nothing may be written. */
export async function connectionPhase(tx: Tx, id: string): Promise<Phase> {
  const { rows } = await tx.query<{ phase: Phase }>(
    'select phase from connection where tenant = current_tenant() and id = $1',
    [id],
  );
  return rows[0]?.phase ?? 'read-only';
}

/** Phases of a target and its source, and of the project at the target where one is set, read at one moment. */
export async function phasesBetween(
  tx: Tx,
  target: string,
  source: string,
  projects: readonly string[],
): Promise<{ readonly target: Phase; readonly source: Phase; readonly project: Phase | null }> {
  const { rows } = await tx.query<{ target: Phase | null; source: Phase | null; project: Phase | null }>(
    `select (select phase from connection where tenant = current_tenant() and id = $1) as target,
       (select phase from connection where tenant = current_tenant() and id = $2) as source,
       (select phase from project_phase where tenant = current_tenant() and connection = $1 and project_id = any($3)
         order by array_position(array['read-only', 'one-way', 'bidirectional'], phase) limit 1) as project`,
    [target, source, projects],
  );
  const row = rows[0]!;
  return { target: row.target ?? 'read-only', source: row.source ?? 'read-only', project: row.project };
}

export async function saveHook(
  tx: Tx,
  hook: {
    readonly id: string;
    readonly connection: string;
    readonly secretHash: Buffer;
    readonly companyId: string;
  },
): Promise<void> {
  await tx.query(
    `insert into hook (id, tenant, connection, secret_hash, company_id) values ($1, current_tenant(), $2, $3, $4)
     on conflict (id) do update set secret_hash = excluded.secret_hash, company_id = excluded.company_id, disabled_at = null`,
    [hook.id, hook.connection, hook.secretHash, hook.companyId],
  );
}

/** The companies whose webhooks come in for a connection: one, unless it was set up anew. */
export async function hookCompanies(tx: Tx, connection: string): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ company_id: string }>(
    'select distinct company_id from hook where tenant = current_tenant() and connection = $1',
    [connection],
  );
  return new Set(rows.map(({ company_id }) => company_id));
}

/** Whether any of these connections, or the project of this document at the ERP, is read-only at this moment. */
export async function isReadOnly(
  tx: Tx,
  ids: readonly string[],
  project: { readonly erp: string; readonly document: string | null },
): Promise<boolean> {
  const { rows } = await tx.query<{ read_only: boolean }>(
    `select exists (select from connection where tenant = current_tenant() and id = any($1) and phase = 'read-only')
       or exists (select from document d
         join project_phase p on (p.tenant, p.connection) = (d.tenant, $2)
           and (p.project_id = d.project_id
             or d.body -> 'lines' @> jsonb_build_array(jsonb_build_object('projectId', p.project_id)))
         where d.tenant = current_tenant() and d.id = $3 and p.phase = 'read-only') as read_only`,
    [ids, project.erp, project.document],
  );
  return rows[0]!.read_only;
}
