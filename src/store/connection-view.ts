import type { Tx } from './transaction.ts';

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
  projects: { projectId: string; phase: string }[];
}

export async function listConnections(tx: Tx): Promise<ConnectionViewRow[]> {
  const { rows } = await tx.query<ConnectionViewRow>(
    `select c.id, c.system, c.name, c.code, c.phase, c.health,
       (select max(p.sent_at) from posting p where p.tenant = c.tenant and p.connection = c.id) as last_write_at,
       coalesce((select jsonb_agg(jsonb_build_object('projectId', p.project_id, 'phase', p.phase) order by p.project_id)
         from project_phase p where p.tenant = c.tenant and p.connection = c.id), '[]') as projects
     from connection c order by c.created_at, c.id limit 200`,
  );
  return rows;
}
