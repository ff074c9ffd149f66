import type pg from 'pg';
import type { LaneKey } from '../work/lane.ts';

export interface Hook {
  tenant: string;
  connection: string;
  secretHash: Buffer;
  companyId: string;
}

/** Finds an enabled webhook address before its tenant is known. */
export async function findHook(door: pg.Pool, hookId: string): Promise<Hook | null> {
  const { rows } = await door.query<{
    tenant: string;
    connection: string;
    secret_hash: Buffer;
    company_id: string;
  }>('select tenant, connection, secret_hash, company_id from door_find_hook($1)', [hookId]);
  const row = rows[0];
  if (!row) return null;
  return {
    tenant: row.tenant,
    connection: row.connection,
    secretHash: row.secret_hash,
    companyId: row.company_id,
  };
}

/** One event to be written down, with the lane that it wakes. */
export type HeardSignal = {
  readonly key: string;
  readonly object: string;
  readonly nativeId: string;
  readonly hint: Readonly<Record<string, string | null>>;
  readonly lane: Pick<LaneKey, 'stage' | 'id'> | null;
};

/** What came under one hook, which proved itself by the secret of this hash. */
export type HeardGroup = {
  readonly hook: string;
  /** SHA-256, hex. */
  readonly secret: string;
  /** The account whose lanes are woken. */
  readonly account: string;
  /** What nobody understood is kept whole; of everything else the ids are enough. */
  readonly bodies: string[];
  readonly signals: HeardSignal[];
};

/**
 * Writes the deliveries of many tenants down in one statement, which is one transaction. Answers the groups whose hook
 * still stood with this secret at that moment; of any other nothing was kept.
 */
export async function receiveGroups<Group extends HeardGroup>(
  door: pg.Pool,
  groups: Iterable<Group>,
): Promise<ReadonlySet<Group>> {
  // Every process locks in this order.
  const ordered = [...groups].sort((one, other) => (one.hook < other.hook ? -1 : 1));
  const { rows } = await door.query<{ admitted: number[] }>({
    // Parsed once per connection.
    name: 'door_receive',
    text: 'select door_receive($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as admitted',
    values: columnsOf(ordered),
  });
  return new Set(rows[0]?.admitted.map((place) => ordered[place - 1]!));
}

/** The arguments of door_receive: a list for each column, in which a row names its group by its place. */
function columnsOf(groups: readonly HeardGroup[]): unknown[] {
  const [places, bodyPlaces]: [number[], number[]] = [[], []];
  const signals: HeardSignal[] = [];
  for (const [index, group] of groups.entries()) {
    for (const signal of group.signals) {
      places.push(index + 1);
      signals.push(signal);
    }
    for (const _ of group.bodies) bodyPlaces.push(index + 1);
  }
  return [
    textArray(groups.map(({ hook }) => hook)),
    textArray(groups.map(({ secret }) => secret)),
    textArray(groups.map(({ account }) => account)),
    `{${places.join()}}`,
    textArray(signals.map(({ key }) => key)),
    textArray(signals.map(({ object }) => object)),
    textArray(signals.map(({ nativeId }) => nativeId)),
    textArray(signals.map(({ hint }) => JSON.stringify(hint))),
    textArray(signals.map(({ lane }) => lane?.stage ?? null)),
    textArray(signals.map(({ lane }) => lane?.id ?? null)),
    `{${bodyPlaces.join()}}`,
    textArray(groups.flatMap(({ bodies }) => bodies)),
  ];
}

const OTHER_ESCAPES = /\\[bfnrtu]/;

/**
 * A list as PostgreSQL reads it. JSON quotes it in the same way but for control characters, and at once; the driver,
 * which goes from text to text, gets those few.
 */
function textArray(values: readonly (string | null)[]): string | (string | null)[] {
  const json = JSON.stringify(values);
  if (!OTHER_ESCAPES.test(json)) return `{${json.slice(1, -1)}}`;
  // Half a surrogate has no UTF-8: the driver would send another character, and a NUL is refused as this must be.
  return values.map((value) => (value === null || value.isWellFormed() ? value : '\0'));
}
