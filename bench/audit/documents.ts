import { contractIds } from '../line/company.ts';
import { interleaved, medianOf, middle, rounded } from '../measure/ratio.ts';
import { openStage } from '../posting/stage.ts';

// Documents carried from their intent to their posting by the worker as it is, with the chain and with the same rows
// without one: only the function in the database that appends is exchanged.

const AT_ONCE = 15;

const UNCHAINED = `create or replace function append_audit(entries jsonb) returns void language sql as $$
  insert into audit (tenant, seq, at, kind, actor, document, entry, previous, hash)
  select current_tenant(), nextval('bench_unchained'), at, kind, actor, document, entry, '', ''
  from jsonb_to_recordset(entries) as e (at timestamptz, kind text, actor text, document uuid, entry text) $$`;

/** Documents a second, with and without chain. The ERP answers at once: nothing hides what the chain costs. */
export async function measureDocuments(repeats: number, each: number) {
  const stage = await openStage(contractIds(0, (2 * repeats + 1) * each), AT_ONCE);
  try {
    const { owner } = stage.server;
    const { rows } = await owner.query<{ chained: string }>(
      "select pg_get_functiondef('append_audit(jsonb)'::regprocedure) as chained",
    );
    await owner.query('create sequence bench_unchained start 1000000000000');
    await owner.query('grant usage on sequence bench_unchained to tiebeam_app');
    await stage.startWorker();
    let next = 0;
    const run = async (append: string): Promise<number> => {
      await owner.query(append);
      const contracts = contractIds(next, next + each);
      next += each;
      const began = await stage.letGo(contracts);
      return each / (((await stage.allPosted(contracts)) - began) / 1_000);
    };
    await run(rows[0]!.chained);
    const pairs = await interleaved(
      repeats,
      () => run(rows[0]!.chained),
      () => run(UNCHAINED),
    );
    return {
      ...medianOf(pairs.map(({ one, other }) => one / other)),
      documentsEach: each,
      atOnce: AT_ONCE,
      chainedPerSecond: rounded(middle(pairs.map(({ one }) => one))),
      unchainedPerSecond: rounded(middle(pairs.map(({ other }) => other))),
    };
  } finally {
    await stage.stop();
  }
}
