import type { Tx } from '../database/transaction.ts';

export interface MappingViewRow {
  kind: string;
  scope: string;
  key: string;
  value: unknown;
  version: number;
  set_by: string;
  set_at: Date;
}

export async function listCurrentMappings(tx: Tx): Promise<MappingViewRow[]> {
  const { rows } = await tx.query<MappingViewRow>(
    `select kind, scope, key, value, version, set_by, set_at from mapping
     where current order by kind, scope, key limit 5000`,
  );
  return rows;
}
