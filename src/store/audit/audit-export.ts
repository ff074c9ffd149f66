import type pg from 'pg';
import { inTenant } from '../database/transaction.ts';
import { auditPage } from './audit.ts';

// Pages of a few hundred kilobytes: a reader that stops in the middle has cost no more than that.
const PAGE = 1_000;

/**
 * The tenant's chain as lines of JSON, first entry first. A line holds everything that its hash is made of, so that a
 * program of an auditor's own can make it again. Each page is a short transaction: a slow reader holds nothing up.
 */
export async function* exportAudit(pool: pg.Pool, tenant: string): AsyncGenerator<string> {
  let last = 0n;
  for (;;) {
    const rows = await inTenant(pool, tenant, (tx) => auditPage(tx, last, PAGE));
    const lines = rows.map(({ seq, entry, previous, hash }) =>
      JSON.stringify({ tenant, seq, entry, previous, hash }),
    );
    if (lines.length > 0) yield `${lines.join('\n')}\n`;
    if (rows.length < PAGE) return;
    last = BigInt(rows.at(-1)!.seq);
  }
}
