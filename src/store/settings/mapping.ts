import type { MappingRow } from '../../domain/mapping.ts';
import type { Tx } from '../database/transaction.ts';

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

/** Under which scope rows of a whole ERP company are kept: those of the home company under none. */
export function scopeOfCompany({ id, isHome }: ErpCompany): string {
  return isHome ? '' : id;
}

type ErpCompany = { readonly id: string; readonly isHome: boolean };

/**
 * The rows that a plan may need for what goes to an ERP company: that company's, which read as of no scope whichever
 * company it is, and one project's. What belongs to one project of Procore is kept under no scope for all of them. Of a
 * project that belongs to another company there are none: whoever has not heard of that company yet goes no further.
 */
export async function mappingsFor(tx: Tx, erp: ErpCompany, projectId: string): Promise<MappingRow[]> {
  const { rows } = await tx.query<Row>(
    `select kind, case when scope = $1 then '' else scope end as scope, key, value, version, set_by, set_at from mapping
     where tenant = current_tenant() and current
       and (scope in ($1, $2) or (scope = '' and kind in ('company', 'project', 'customer')))
       and not exists (select from mapping other where other.tenant = current_tenant() and other.current
         and other.kind = 'company' and other.scope = '' and other.key = $2 and other.value ->> 'code' <> $3)`,
    [scopeOfCompany(erp), projectId, erp.id],
  );
  return rows.map(mappingRow);
}

/** Which ERP project each project of Procore is, in whichever ERP company. */
export async function mappedProjects(tx: Tx): Promise<MappingRow[]> {
  const { rows } = await tx.query<Row>(
    `select kind, scope, key, value, version, set_by, set_at from mapping
     where tenant = current_tenant() and current and kind = 'project' and scope = ''`,
  );
  return rows.map(mappingRow);
}

/** The connection of the ERP company that each of these projects belongs to, where that was said. */
export async function companiesOf(tx: Tx, projectIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ key: string; code: string }>(
    `select key, value ->> 'code' as code from mapping
     where tenant = current_tenant() and current and kind = 'company' and scope = '' and key = any($1::text[])`,
    [projectIds],
  );
  return new Map(rows.map(({ key, code }) => [key, code]));
}

/**
 * Projects that were carried to the only ERP company so far belong to it from now on: by what they are mapped to, and by
 * what stands there. Returns how many.
 */
export async function keepProjects(tx: Tx, company: string, setBy: string): Promise<number> {
  const { rowCount } = await tx.query(
    `insert into mapping (tenant, kind, scope, key, value, version, set_by)
     select current_tenant(), 'company', '', project, jsonb_build_object('kind', 'company', 'code', $1::text), 1, $2 from (
       select key as project from mapping where tenant = current_tenant() and current and kind = 'project'
       union select scope from mapping where tenant = current_tenant() and current and scope <> ''
       union select project_id from document where tenant = current_tenant() and target_connection = $1
         and project_id is not null and state not in ('withdrawn', 'detached')) carried
     on conflict do nothing`,
    [company, setBy],
  );
  return rowCount ?? 0;
}

/** What was chosen for a project among the codes of one ERP company is chosen again in another; the old rows stay. */
export async function retireMappingsOf(tx: Tx, projectId: string): Promise<void> {
  await tx.query(
    `update mapping set current = false where tenant = current_tenant() and current and kind <> 'company'
       and (scope = $1 or (kind = 'project' and key = $1)
         or (kind = 'customer' and key in (select native_id from record where tenant = current_tenant()
           and object = 'prime-contract' and body ->> 'projectId' = $1)))`,
    [projectId],
  );
}

/** Who placed a project in which ERP company; null where nobody has. */
export async function placementOf(tx: Tx, projectId: string): Promise<MappingRow | null> {
  const { rows } = await tx.query<Row>(
    `select kind, scope, key, value, version, set_by, set_at from mapping
     where tenant = current_tenant() and current and kind = 'company' and scope = '' and key = $1`,
    [projectId],
  );
  return rows[0] === undefined ? null : mappingRow(rows[0]);
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
  // One that was retired had versions before.
  const saved = await tx.query<{ version: number }>(
    `insert into mapping (tenant, kind, scope, key, value, version, set_by)
     select current_tenant(), $1, $2, $3, $4, coalesce(max(version), 0) + 1, $5 from mapping
     where tenant = current_tenant() and kind = $1 and scope = $2 and key = $3 returning version`,
    [...key, JSON.stringify(row.value), row.setBy],
  );
  return { ...row, version: saved.rows[0]!.version };
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
