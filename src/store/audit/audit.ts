import pg from 'pg';
import {
  type ChainCheck,
  type ChainEntry,
  type ChainPlace,
  type ChainVerdict,
  checkChain,
} from '../../domain/audit/audit-chain.ts';
import { type Canonical, canonicalText } from '../../domain/values/canonical.ts';
import { atCommit, type Tx, tenantOf } from '../database/transaction.ts';

export type AuditEntry = {
  readonly kind: string;
  readonly actor: string;
  readonly document?: string | null;
  readonly at: Date;
  readonly body: { readonly [key: string]: Canonical | undefined };
};

/**
 * Appends to the tenant's chain with the commit of the transaction, and not before: the head row is locked from then
 * on, so that anything in between would make every other writer of the tenant wait.
 */
export async function appendAudit(tx: Tx, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(({ kind, actor, document = null, at, body }) => ({
    at: at.toISOString(),
    kind,
    actor,
    document,
    entry: canonicalText({ at: at.toISOString(), kind, actor, document: document ?? undefined, ...body }),
  }));
  // Left to itself the server plans the statements of the function anew each time: 150 microseconds an entry instead of
  // 65, all of it under the lock of the head. The setting ends with the transaction, of which this is the end.
  atCommit(
    tx,
    `set local plan_cache_mode = force_generic_plan; select append_audit(${pg.escapeLiteral(JSON.stringify(rows))})`,
  );
}

/** Checks the whole chain by itself; what was signed of it and left the database is checked in the engine. */
export async function verifyAudit(tx: Tx): Promise<ChainVerdict> {
  return readChain(tx, checkChain(await tenantOf(tx)));
}

// Far beyond what is written while a chain is read; without a bound a broken table could keep the reader for ever.
const MOST_ROUNDS = 1_000;
// A row that somebody put before the first entry must be seen as well.
const BEFORE_ALL = -(2n ** 63n);

/** Reads the tenant's chain into a check, whole or after an entry that is known, while others go on appending. */
export async function readChain(tx: Tx, check: ChainCheck, after = BEFORE_ALL): Promise<ChainVerdict> {
  let last = after;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    for await (const page of auditPages(tx, last)) {
      for (const row of page) if (!check.add(linkOf(row))) return check.end(null);
      last = BigInt(page.at(-1)!.seq);
    }
    const { head, top } = await auditEnd(tx);
    if (top === null || top <= last) return check.end(head);
  }
  throw new Error('the audit chain grows faster than it can be read');
}

/** The head, and the last entry that stands there at the same moment. */
export async function auditEnd(
  tx: Tx,
): Promise<{ readonly head: ChainPlace | null; readonly top: bigint | null }> {
  const { rows } = await tx.query<{ seq: string | null; hash: string | null; top: string | null }>(
    `select h.seq, h.hash, (select max(a.seq) from audit a where a.tenant = current_tenant()) as top
     from (select current_tenant() as tenant) t left join audit_head h on h.tenant = t.tenant`,
  );
  const { seq, hash, top } = rows[0]!;
  const head = seq === null || hash === null ? null : { seq: BigInt(seq), hash };
  return { head, top: top === null ? null : BigInt(top) };
}

export type AuditRow = {
  readonly seq: string;
  readonly at: Date;
  readonly kind: string;
  readonly actor: string;
  readonly document: string | null;
  readonly entry: string;
  readonly previous: string;
  readonly hash: string;
};

const PAGE = 5_000;

/** The chain in pages, so that memory stays flat however long it is. */
export async function* auditPages(tx: Tx, after: bigint): AsyncGenerator<readonly AuditRow[]> {
  let last = after;
  for (;;) {
    const rows = await auditPage(tx, last, PAGE);
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    last = BigInt(rows.at(-1)!.seq);
  }
}

export async function auditPage(tx: Tx, after: bigint, limit: number): Promise<AuditRow[]> {
  const { rows } = await tx.query<AuditRow>(
    `select seq, at, kind, actor, document, entry, previous, hash from audit
     where tenant = current_tenant() and seq > $1 order by seq limit $2`,
    [after.toString(), limit],
  );
  return rows;
}

export function linkOf(row: AuditRow): ChainEntry {
  return { seq: BigInt(row.seq), previous: row.previous, hash: row.hash, entry: chainedText(row) };
}

/** The columns beside the entry are there for searching: an edit of one must break the chain as well. */
function chainedText(row: AuditRow): string {
  return columnsAgree(row) ? row.entry : `${row.entry} (columns differ)`;
}

function columnsAgree({ entry, kind, actor, document, at }: AuditRow): boolean {
  try {
    const said = JSON.parse(entry) as Readonly<Record<string, unknown>>;
    const instant = at.toISOString();
    return (
      said.kind === kind &&
      said.actor === actor &&
      (said.document ?? null) === document &&
      said.at === instant
    );
  } catch {
    // No entry of ours is anything but JSON, and no time of ours is infinite.
    return false;
  }
}
