import type { Phase } from '../domain/states.ts';
import type { Tx } from './transaction.ts';

export type StoredConnection = {
  readonly id: string;
  readonly system: string;
  readonly name: string;
  readonly code: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Buffer;
  readonly account: string;
  readonly phase: Phase;
  readonly fingerprint: string | null;
};

const columns = 'id, system, name, code, config, secrets, account, phase, fingerprint';

export async function listConnections(tx: Tx): Promise<StoredConnection[]> {
  const { rows } = await tx.query<StoredConnection>(
    `select ${columns} from connection where tenant = current_tenant() order by id limit 1000`,
  );
  return rows;
}

export async function saveConnection(
  tx: Tx,
  connection: Omit<StoredConnection, 'phase' | 'fingerprint'>,
): Promise<void> {
  await tx.query(
    `insert into connection (tenant, id, system, name, code, config, secrets, account)
     values (current_tenant(), $1, $2, $3, $4, $5, $6, $7)
     on conflict (tenant, id) do update set name = excluded.name, config = excluded.config, secrets = excluded.secrets,
       account = excluded.account, fingerprint = case when connection.account = excluded.account then connection.fingerprint end`,
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

/** Phase of the connection and, where one is set, of the project. */
export async function phasesOf(
  tx: Tx,
  id: string,
  project: string | null,
): Promise<{ readonly connection: Phase; readonly project: Phase | null }> {
  const { rows } = await tx.query<{ connection: Phase; project: Phase | null }>(
    `select c.phase as connection, p.phase as project from connection c
     left join project_phase p on (p.tenant, p.connection, p.project_id) = (c.tenant, c.id, $2)
     where c.tenant = current_tenant() and c.id = $1`,
    [id, project],
  );
  return rows[0] ?? { connection: 'read-only', project: null };
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
