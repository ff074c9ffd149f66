import type { Tx } from '../database/transaction.ts';

/** One record or line of a source and the one in a target that stands for it. */
export type Link = {
  readonly sourceConnection: string;
  readonly sourceObject: string;
  readonly sourceId: string;
  readonly sourceLine: string;
  readonly targetConnection: string;
  readonly targetObject: string;
  readonly targetId: string;
  readonly targetLine: string;
};

type Row = {
  source_connection: string;
  source_object: string;
  source_id: string;
  source_line: string;
  target_connection: string;
  target_object: string;
  target_id: string;
  target_line: string;
};

/**
 * Links both sides once; the same link again is no error. Returns the links that another one stands in the way of,
 * whoever made that, even at this moment.
 */
export async function addLinks(tx: Tx, links: readonly Link[]): Promise<Link[]> {
  const added = await tx.query<Row>(
    `insert into link (tenant, source_connection, source_object, source_id, source_line, target_connection, target_object,
       target_id, target_line)
     select current_tenant(), g.* from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
       $7::text[], $8::text[]) as g
     on conflict do nothing returning ${columns}`,
    columnsOf(links),
  );
  const unlinked = without(links, added.rows);
  if (unlinked.length === 0) return [];
  // A statement of its own: it sees what another transaction linked while the first one waited for it.
  const same = await tx.query<Row>(
    `select ${columns} from link l join unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
       $7::text[], $8::text[]) as g (source_connection, source_object, source_id, source_line, target_connection,
       target_object, target_id, target_line)
       using (source_connection, source_object, source_id, source_line, target_connection, target_object, target_id,
         target_line)
     where l.tenant = current_tenant() and l.role = 'is' and l.state = 'linked'`,
    columnsOf(unlinked),
  );
  return without(unlinked, same.rows);
}

function columnsOf(links: readonly Link[]): string[][] {
  return [
    links.map((link) => link.sourceConnection),
    links.map((link) => link.sourceObject),
    links.map((link) => link.sourceId),
    links.map((link) => link.sourceLine),
    links.map((link) => link.targetConnection),
    links.map((link) => link.targetObject),
    links.map((link) => link.targetId),
    links.map((link) => link.targetLine),
  ];
}

function without(links: readonly Link[], rows: readonly Row[]): Link[] {
  const keyOf = (link: Link) => JSON.stringify(columnsOf([link]));
  const found = new Set(rows.map((row) => keyOf(stored(row))));
  return links.filter((link) => !found.has(keyOf(link)));
}

/** Ends the links of a source record and of its lines into a target: it stands for nothing there any more. */
export async function detachSource(
  tx: Tx,
  targetConnection: string,
  source: Pick<Link, 'sourceConnection' | 'sourceObject' | 'sourceId'>,
): Promise<void> {
  await tx.query(
    `update link set state = 'detached', updated_at = now() where tenant = current_tenant() and target_connection = $1
       and source_connection = $2 and source_object = $3 and source_id = $4 and state = 'linked'`,
    [targetConnection, source.sourceConnection, source.sourceObject, source.sourceId],
  );
}

/** Ends the links of a target record; answers which source records stood for it. */
export async function detachTarget(
  tx: Tx,
  sourceConnection: string,
  target: Pick<Link, 'targetConnection' | 'targetObject' | 'targetId'>,
): Promise<string[]> {
  const { rows } = await tx.query<{ source_id: string }>(
    `update link set state = 'detached', updated_at = now() where tenant = current_tenant() and source_connection = $1
       and target_connection = $2 and target_object = $3 and target_id = $4 and state = 'linked' returning source_id`,
    [sourceConnection, target.targetConnection, target.targetObject, target.targetId],
  );
  return rows.map(({ source_id: id }) => id);
}

/** What stands for a source record in a target company, or null. */
export async function linkedTarget(
  tx: Tx,
  targetConnection: string,
  source: Pick<Link, 'sourceConnection' | 'sourceObject' | 'sourceId'>,
): Promise<Link | null> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from link where tenant = current_tenant() and target_connection = $1 and source_connection = $2
       and source_object = $3 and source_id = $4 and source_line = '' and role = 'is' and state = 'linked'`,
    [targetConnection, source.sourceConnection, source.sourceObject, source.sourceId],
  );
  return rows[0] === undefined ? null : stored(rows[0]);
}

/** The record of a source that a record of a target was linked to, and since when; null where none is. */
export async function linkSince(
  tx: Tx,
  sourceConnection: string,
  target: Pick<Link, 'targetConnection' | 'targetObject' | 'targetId'>,
): Promise<{ readonly sourceId: string; readonly since: Date } | null> {
  const { rows } = await tx.query<{ source_id: string; created_at: Date }>(
    `select source_id, created_at from link where tenant = current_tenant() and source_connection = $1
       and target_connection = $2 and target_object = $3 and target_id = $4 and target_line = '' and role = 'is'
       and state = 'linked'`,
    [sourceConnection, target.targetConnection, target.targetObject, target.targetId],
  );
  const [row] = rows;
  return row === undefined ? null : { sourceId: row.source_id, since: row.created_at };
}

/** Which source record a target record stands for, or null. */
export async function linkedSource(
  tx: Tx,
  sourceConnection: string,
  target: Pick<Link, 'targetConnection' | 'targetObject' | 'targetId'>,
): Promise<Link | null> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from link where tenant = current_tenant() and source_connection = $1 and target_connection = $2
       and target_object = $3 and target_id = $4 and target_line = '' and role = 'is' and state = 'linked'`,
    [sourceConnection, target.targetConnection, target.targetObject, target.targetId],
  );
  return rows[0] === undefined ? null : stored(rows[0]);
}

const columns =
  'source_connection, source_object, source_id, source_line, target_connection, target_object, target_id, target_line';

function stored(row: Row): Link {
  return {
    sourceConnection: row.source_connection,
    sourceObject: row.source_object,
    sourceId: row.source_id,
    sourceLine: row.source_line,
    targetConnection: row.target_connection,
    targetObject: row.target_object,
    targetId: row.target_id,
    targetLine: row.target_line,
  };
}
