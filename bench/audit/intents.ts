import { randomUUID } from 'node:crypto';
import type { Posting } from '../../src/domain/posting/posting.ts';
import { appendAudit } from '../../src/store/audit/audit.ts';
import type { Pools } from '../../src/store/database/pools.ts';
import { inTenant, type Tx } from '../../src/store/database/transaction.ts';
import { addAttempt } from '../../src/store/documents/attempt.ts';
import { getPosting, type StoredPosting, savePosting } from '../../src/store/documents/posting.ts';
import { fenceHolds, type Lane } from '../../src/store/work/lane.ts';

// The transaction that intends a posting, by the store's own functions: fence, compare and set, attempt, audit entry.

const ACCOUNT = 'bench';
const SETTLED_AT = new Date('2026-08-31T10:00:00Z');

/** What is written of the intent: the whole chain, or the same row without number, hash and head. */
export type Trail = 'chained' | 'unchained';

export type Work = {
  readonly tenant: string;
  readonly lane: Lane;
  readonly postings: readonly StoredPosting[];
};

/** A tenant with so many postings that are ready, and a lane and an account that are held. */
export async function makeWork(pools: Pools, tenant: string, count: number): Promise<Work> {
  return inTenant(pools.app, tenant, async (tx) => {
    await tx.query('insert into tenant (tenant, name) values ($1, $1)', [tenant]);
    await tx.query(
      `insert into lane (tenant, stage, id, account, lease_until, fence)
       values ($1, 'post', 'erp|root', $2, now() + interval '1 hour', 1)`,
      [tenant, ACCOUNT],
    );
    const { rows } = await tx.query<{ id: string; reference: string }>(
      `insert into posting (tenant, id, connection, root, operation, write_name, write_kind, object, reference, target_hash)
       select $1, gen_random_uuid(), 'erp', 'root', '{"kind":"create-order","body":{}}', 'create', 'create', 'order',
         'T' || n, repeat('a', 64) from generate_series(1, $2::int) n
       returning id, reference`,
      [tenant, count],
    );
    const first = await getPosting(tx, rows[0]!.id);
    return {
      tenant,
      lane: { tenant, stage: 'post', id: 'erp|root', account: ACCOUNT, fence: '1', wakes: '1', attempts: 0 },
      postings: rows.map((row) => ({ ...first!, ...row })),
    };
  });
}

/** Intends all postings of all tenants, so many at a time for each; answers how many a second. */
export async function intendAll(
  pools: Pools,
  works: readonly Work[],
  atOnce: number,
  trail: Trail,
): Promise<number> {
  const started = performance.now();
  await Promise.all(
    works.flatMap((work) => {
      const left = work.postings.values();
      return Array.from({ length: atOnce }, async () => {
        for (const posting of left) await intend(pools, work, posting, trail);
      });
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  return works.reduce((sum, { postings }) => sum + postings.length, 0) / seconds;
}

async function intend(
  pools: Pools,
  { tenant, lane }: Work,
  posting: StoredPosting,
  trail: Trail,
): Promise<void> {
  const after: Posting = { ...posting, state: 'intended', attempt: 1, openIntent: true };
  await inTenant(pools.app, tenant, async (tx) => {
    if (!(await fenceHolds(tx, lane, '1'))) throw new Error('the bench lost its lane');
    await savePosting(tx, posting, after);
    await addAttempt(tx, {
      id: randomUUID(),
      posting: posting.id,
      number: 1,
      connection: 'erp',
      laneFence: '1',
      accountFence: '1',
      at: SETTLED_AT,
      deadline: SETTLED_AT,
    });
    const body = {
      posting: posting.id,
      reference: posting.reference,
      write: posting.writeName,
      attempt: '1',
    };
    const entry = { kind: 'intent', actor: 'tiebeam', at: SETTLED_AT, body };
    await (trail === 'chained' ? appendAudit(tx, [entry]) : appendUnchained(tx, entry));
  });
}

let unchained = 0;

async function appendUnchained(tx: Tx, entry: { at: Date; kind: string; actor: string; body: object }) {
  unchained += 1;
  await tx.query(
    `insert into audit (tenant, seq, at, kind, actor, document, entry, previous, hash)
     values (current_tenant(), $1, $2, $3, $4, null, $5, '', '')`,
    [unchained, entry.at, entry.kind, entry.actor, JSON.stringify(entry)],
  );
}
