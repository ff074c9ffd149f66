import type { MappingRow } from '../domain/mapping.ts';
import type { Tx } from './transaction.ts';

type Row = {
  kind: MappingRow['kind'];
  scope: string;
  key: string;
  value: MappingRow['value'];
  version: number;
  set_by: string;
  set_at: Date;
};

export async function currentMappings(tx: Tx): Promise<(MappingRow & { readonly setAt: Date })[]> {
  const { rows } = await tx.query<Row>(
    `select kind, scope, key, value, version, set_by, set_at from mapping
     where tenant = current_tenant() and current order by kind, scope, key limit 100000`,
  );
  return rows.map(mappingRow);
}

/** The rows a plan may need: the company's and one project's. */
export async function mappingsFor(tx: Tx, scope: string): Promise<MappingRow[]> {
  const { rows } = await tx.query<Row>(
    `select kind, scope, key, value, version, set_by, set_at from mapping
     where tenant = current_tenant() and current and scope in ('', $1)`,
    [scope],
  );
  return rows.map(mappingRow);
}

/** Writes a new version of a row; the old one stays. Returns null when nothing would change. */
export async function setMapping(tx: Tx, row: Omit<MappingRow, 'version'>): Promise<MappingRow | null> {
  const key = [row.kind, row.scope, row.key];
  const before = await tx.query<Row>(
    `select kind, scope, key, value, version, set_by, set_at from mapping
     where tenant = current_tenant() and kind = $1 and scope = $2 and key = $3 and current for update`,
    key,
  );
  const known = before.rows[0];
  if (known !== undefined && known.value.kind === row.value.kind && known.value.code === row.value.code)
    return null;
  await tx.query(
    'update mapping set current = false where tenant = current_tenant() and kind = $1 and scope = $2 and key = $3 and current',
    key,
  );
  const version = (known?.version ?? 0) + 1;
  await tx.query(
    `insert into mapping (tenant, kind, scope, key, value, version, set_by) values (current_tenant(), $1, $2, $3, $4, $5, $6)`,
    [...key, JSON.stringify(row.value), version, row.setBy],
  );
  return { ...row, version };
}

function mappingRow(row: Row): MappingRow & { readonly setAt: Date } {
  return {
    kind: row.kind,
    scope: row.scope,
    key: row.key,
    value: row.value,
    version: row.version,
    setBy: row.set_by,
    setAt: row.set_at,
  };
}
