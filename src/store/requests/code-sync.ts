import type { SyncedFigures } from '../../domain/masters/code-sync.ts';
import { type FieldError, ROW_REFUSED } from '../../domain/posting/outcomes.ts';
import type { PostingState } from '../../domain/states.ts';
import type { Tx } from '../database/transaction.ts';

/** One call that wrote codes to the source, with the whole of what was written in its slice of a level. */
export type CodeCall = {
  readonly state: PostingState;
  readonly level: number;
  readonly figures: SyncedFigures;
  readonly rowsOfSlice: number;
  /** How many slices were written before the one that it is a part of. */
  readonly slice: number;
  /** Its place among the calls of its slice, from 0. */
  readonly place: number;
  readonly rowsRefused: number | 'all';
};

/** The calls that a request for codes led to; of those that nobody asked for only what is under way. */
export async function codeCalls(
  tx: Tx,
  connection: string,
  root: string,
  asked: readonly string[],
): Promise<CodeCall[]> {
  const { rows } = await tx.query<{
    state: PostingState;
    level: number;
    slice: number;
    figures: SyncedFigures;
    rows: number;
    place: number;
    errors: readonly FieldError[] | null;
  }>(
    `select p.state, (p.operation ->> 'level')::int as level, p.operation -> 'figures' as figures,
       coalesce((p.operation ->> 'slice')::int, 0) as slice, jsonb_array_length(p.operation -> 'rows') as rows,
       (row_number() over (partition by p.operation ->> 'level', p.operation ->> 'slice' order by p.seq))::int - 1
         as place,
       (select o.outcome -> 'errors' from attempt_posting o where (o.tenant, o.posting) = (p.tenant, p.id)
         order by o.number desc limit 1) as errors
     from posting p where p.tenant = current_tenant() and p.connection = $1 and p.root = $2
       and p.operation -> 'asked' = $3::jsonb
       and ($3::jsonb <> '[]'::jsonb or p.state not in ('posted', 'adopted', 'refused', 'exception', 'cancelled'))
     order by p.seq`,
    [connection, root, JSON.stringify(asked)],
  );
  return rows.map(({ rows: rowsOfSlice, errors, ...call }) => {
    const byRow = (errors ?? []).filter(({ code }) => code === ROW_REFUSED).length;
    return { ...call, rowsOfSlice, rowsRefused: byRow > 0 ? byRow : 'all' };
  });
}

/** Codes that were sent for a request, whatever became of them: by the first call of each slice, which bears all of it. */
export async function sentCodes(
  tx: Tx,
  connection: string,
  root: string,
  asked: readonly string[],
): Promise<ReadonlySet<string>> {
  if (asked.length === 0) return new Set();
  const { rows } = await tx.query<{ origin: string }>(
    `select row ->> 'originId' as origin
     from (select distinct on (operation ->> 'level', operation ->> 'slice') operation from posting
       where tenant = current_tenant() and connection = $1 and root = $2 and operation -> 'asked' = $3::jsonb
       order by operation ->> 'level', operation ->> 'slice', seq) first,
       jsonb_array_elements(first.operation -> 'rows') row`,
    [connection, root, JSON.stringify(asked)],
  );
  return new Set(rows.map(({ origin }) => origin));
}
