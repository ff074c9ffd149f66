import type { SeenCapabilities } from '../../domain/posting/settle.ts';
import type { Tx } from '../database/transaction.ts';

export type SelfTestFinding = {
  readonly subject: string;
  readonly ok: boolean;
  readonly message: string;
  readonly remedy?: string;
};

export type StoredSelfTest = {
  readonly id: string;
  readonly references: readonly string[];
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly seen: SeenCapabilities;
  readonly findings: readonly SelfTestFinding[];
};

/** Written down before anything is sent, so that no sweep takes a test document for somebody else's. */
export async function startSelfTest(
  tx: Tx,
  test: {
    readonly id: string;
    readonly connection: string;
    readonly fingerprint: string;
    readonly startedBy: string;
    readonly references: readonly string[];
  },
): Promise<void> {
  await tx.query(
    `insert into self_test (tenant, id, connection, fingerprint, started_by, test_references)
     values (current_tenant(), $1, $2, $3, $4, $5)`,
    [test.id, test.connection, test.fingerprint, test.startedBy, test.references],
  );
}

export async function finishSelfTest(
  tx: Tx,
  id: string,
  result: { readonly seen: SeenCapabilities; readonly findings: readonly SelfTestFinding[] },
): Promise<void> {
  await tx.query(
    `update self_test set finished_at = now(), seen = $2, findings = $3 where tenant = current_tenant() and id = $1`,
    [id, JSON.stringify(result.seen), JSON.stringify(result.findings)],
  );
}

type Row = {
  id: string;
  test_references: string[];
  started_by: string;
  started_at: Date;
  finished_at: Date | null;
  seen: SeenCapabilities;
  findings: SelfTestFinding[];
};

/** The last test that came to its end in the company that the connection is bound to. */
export async function latestSelfTest(tx: Tx, connection: string): Promise<StoredSelfTest | null> {
  const { rows } = await tx.query<Row>(
    `select t.id, t.test_references, t.started_by, t.started_at, t.finished_at, t.seen, t.findings
     from self_test t join connection c on c.tenant = t.tenant and c.id = t.connection and c.fingerprint = t.fingerprint
     where t.tenant = current_tenant() and t.connection = $1 and t.finished_at is not null
     order by t.started_at desc limit 1`,
    [connection],
  );
  const [row] = rows;
  if (row === undefined) return null;
  return {
    id: row.id,
    references: row.test_references,
    startedBy: row.started_by,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    seen: row.seen,
    findings: row.findings,
  };
}

/** The first of each master that a test order can name, as the ERP's lists were last read. */
export async function testMasters(
  tx: Tx,
  connection: string,
): Promise<{
  readonly vendor: string | null;
  readonly project: string | null;
  readonly account: string | null;
}> {
  const { rows } = await tx.query<{ vendor: string | null; project: string | null; account: string | null }>(
    `select
       (select native_id from record where tenant = current_tenant() and connection = $1 and object = 'vendor' and not gone
          and body->>'active' = 'true' order by native_id limit 1) as vendor,
       (select native_id from record where tenant = current_tenant() and connection = $1 and object = 'project' and not gone
          and body->>'active' = 'true' order by native_id limit 1) as project,
       (select native_id from record where tenant = current_tenant() and connection = $1 and object = 'account' and not gone
          and body->>'postable' = 'true' order by native_id limit 1) as account`,
    [connection],
  );
  return rows[0] ?? { vendor: null, project: null, account: null };
}

/** The open period that holds a day, or else the last open one. */
export async function openPeriod(
  tx: Tx,
  connection: string,
  day: string,
): Promise<{ readonly from: string; readonly to: string } | null> {
  const { rows } = await tx.query<{ from: string; to: string }>(
    `select body->>'from' as "from", body->>'to' as "to" from record
     where tenant = current_tenant() and connection = $1 and object = 'period' and not gone and body->>'open' = 'true'
     order by ($2 between body->>'from' and body->>'to') desc, body->>'to' desc limit 1`,
    [connection, day],
  );
  return rows[0] ?? null;
}
