import { CHAIN_START, type ChainVerdict, chainHash, checkChain } from '../domain/audit-chain.ts';
import { type Canonical, canonicalText } from '../domain/canonical.ts';
import type { Tx } from './transaction.ts';

export type AuditEntry = {
  readonly kind: string;
  readonly actor: string;
  readonly document?: string | null;
  readonly at: Date;
  readonly body: { readonly [key: string]: Canonical | undefined };
};

/**
 * Appends to the tenant's chain. The last statement of a transaction: the head row is locked until it commits,
 * so that whatever comes after it would make every other writer of the tenant wait.
 */
export async function appendAudit(tx: Tx, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const opened = await tx.query<{ tenant: string; seq: string; hash: string }>(
    `insert into audit_head (tenant, seq, hash) values (current_tenant(), 0, $1)
     on conflict (tenant) do update set seq = audit_head.seq returning tenant, seq, hash`,
    [CHAIN_START],
  );
  const head = opened.rows[0]!;
  let seq = BigInt(head.seq);
  let previous = head.hash;
  for (const { kind, actor, document, at, body } of entries) {
    seq += 1n;
    const entry = canonicalText({
      at: at.toISOString(),
      kind,
      actor,
      document: document ?? undefined,
      ...body,
    });
    const hash = chainHash(head.tenant, seq, previous, entry);
    await tx.query(
      `insert into audit (tenant, seq, at, kind, actor, document, entry, previous, hash)
       values (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8)`,
      [seq.toString(), at, kind, actor, document ?? null, entry, previous, hash],
    );
    previous = hash;
  }
  await tx.query('update audit_head set seq = $1, hash = $2 where tenant = current_tenant()', [
    seq.toString(),
    previous,
  ]);
}

const PAGE = 5_000;

/** Reads the whole chain in pages and names the first broken entry. */
export async function verifyAudit(tx: Tx): Promise<ChainVerdict> {
  const tenant = await tx.query<{ tenant: string }>('select current_tenant() as tenant');
  const check = checkChain(tenant.rows[0]!.tenant);
  const head = await tx.query<{ seq: string; hash: string }>(
    'select seq, hash from audit_head where tenant = current_tenant()',
  );
  let after = '0';
  for (;;) {
    const { rows } = await tx.query<Row>(
      `select seq, at, kind, actor, document, entry, previous, hash from audit
       where tenant = current_tenant() and seq > $1 order by seq limit $2`,
      [after, PAGE],
    );
    for (const row of rows)
      if (
        !check.add({ seq: BigInt(row.seq), previous: row.previous, hash: row.hash, entry: chainedText(row) })
      )
        break;
    if (rows.length < PAGE) break;
    after = rows[rows.length - 1]!.seq;
  }
  const end = head.rows[0];
  return check.end(end === undefined ? null : { seq: BigInt(end.seq), hash: end.hash });
}

type Row = {
  seq: string;
  at: Date;
  kind: string;
  actor: string;
  document: string | null;
  entry: string;
  previous: string;
  hash: string;
};

/** The columns beside the entry are there for searching: an edit of one must break the chain as well. */
function chainedText(row: Row): string {
  const said = JSON.parse(row.entry) as { at?: string; kind?: string; actor?: string; document?: string };
  const agrees =
    said.kind === row.kind &&
    said.actor === row.actor &&
    (said.document ?? null) === row.document &&
    said.at === row.at.toISOString();
  return agrees ? row.entry : `${row.entry} (columns differ)`;
}
