import type { Tx } from '../database/transaction.ts';

/** A connection without its configuration and secrets. */
export interface ConnectionViewRow {
  id: string;
  system: string;
  name: string;
  code: string;
  phase: string;
  health: unknown;
  /** When something was last sent to it, from the writes themselves: no health check knows it better. */
  last_write_at: Date | null;
  self_test: { at: string; findings: unknown } | null;
  projects: { projectId: string; phase: string }[];
  job_costs: boolean;
  /** Whether an address for its webhooks is open. */
  has_hook: boolean;
  /** Whether its ERP tool was told the limits of the ERP. */
  knows_limits: boolean;
}

export async function listConnections(tx: Tx): Promise<ConnectionViewRow[]> {
  const { rows } = await tx.query<ConnectionViewRow>(
    `select c.id, c.system, c.name, c.code, c.phase, c.health, c.job_costs,
       exists (select from hook h where h.tenant = c.tenant and h.connection = c.id and h.disabled_at is null) as has_hook,
       c.told_limits is not null as knows_limits,
       (select max(p.sent_at) from posting p where p.tenant = c.tenant and p.connection = c.id) as last_write_at,
       (select jsonb_build_object('at', t.started_at, 'findings', t.findings) from self_test t
         where t.tenant = c.tenant and t.connection = c.id and t.fingerprint = c.fingerprint and t.finished_at is not null
         order by t.started_at desc limit 1) as self_test,
       coalesce((select jsonb_agg(jsonb_build_object('projectId', p.project_id, 'phase', p.phase) order by p.project_id)
         from project_phase p where p.tenant = c.tenant and p.connection = c.id), '[]') as projects
     from connection c order by c.created_at, c.id limit 200`,
  );
  return rows;
}
