import { parseArgs } from 'node:util';
import { verifyAudit } from '../src/store/audit/audit.ts';
import { migrate } from '../src/store/database/migrate.ts';
import { openPools, type Pools } from '../src/store/database/pools.ts';
import { inTenant } from '../src/store/database/transaction.ts';
import { hashAll, hashedTexts, longChain, verifyAll } from './audit/chain.ts';
import { measureDocuments } from './audit/documents.ts';
import { intendAll, makeWork, type Trail } from './audit/intents.ts';
import { type Finding, interleaved, medianOf, middle, rounded } from './measure/ratio.ts';
import { startServer } from './measure/server.ts';

// What the audit chain costs: checking it against bare hashing, and appending against the same rows without a chain.

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } });
const repeats = values.quick ? 2 : 7;
const entries = values.quick ? 20_000 : 200_000;
const documents = values.quick ? 160 : 1_600;
const SECRET = 'bench';

const verified = await measureVerify();
const documentsPosted = await measureDocuments(repeats, values.quick ? 30 : 90);
const server = await startServer();
try {
  await migrate(server.ownerUrl, { migrationsDir: 'migrations', secret: SECRET });
  const pools = openPools(server.ownerUrl, SECRET);
  try {
    const manyTenants = await measureAppend(pools, 'many', 15, 1);
    const fewTenants = await measureAppend(pools, 'few', 4, 4);
    const oneTenant = await measureAppend(pools, 'one', 1, 15);
    const fromDatabase = await measureFromDatabase(pools);
    report({ ...verified, documentsPosted, manyTenants, fewTenants, oneTenant, fromDatabase });
  } finally {
    await pools.close();
  }
} finally {
  await server.stop();
}

async function measureVerify() {
  const links = longChain(entries);
  const texts = hashedTexts(links);
  verifyAll(links.slice(0, 20_000));
  hashAll(texts.slice(0, 20_000));
  const pairs = await interleaved(
    repeats,
    async () => verifyAll(links),
    async () => hashAll(texts),
  );
  return {
    ...medianOf(pairs.map(({ one, other }) => one / other)),
    verifiedPerSecond: Math.round(middle(pairs.map(({ one }) => one))),
    hashedPerSecond: Math.round(middle(pairs.map(({ other }) => other))),
    bytesEach: texts.at(-1)!.length,
  };
}

async function measureAppend(pools: Pools, name: string, tenants: number, atOnce: number) {
  let made = 0;
  const run = async (trail: Trail) => {
    made += 1;
    const each = Math.ceil(documents / tenants);
    const works = await Promise.all(
      Array.from({ length: tenants }, (_, index) => makeWork(pools, `${name}-${made}-${index}`, each)),
    );
    return intendAll(pools, works, atOnce, trail);
  };
  await pools.app.query('select 1');
  await inTenant(pools.dispatch, 'none', (tx) =>
    tx.query(
      `insert into account_lease (account, owner, lease_until) values ('bench', 'bench', now() + interval '1 hour')
       on conflict (account) do nothing`,
    ),
  );
  await run('chained');
  await run('unchained');
  const pairs = await interleaved(
    repeats,
    () => run('chained'),
    () => run('unchained'),
  );
  return {
    ...medianOf(pairs.map(({ one, other }) => one / other)),
    tenants,
    atOnceEach: atOnce,
    chainedPerSecond: rounded(middle(pairs.map(({ one }) => one))),
    unchainedPerSecond: rounded(middle(pairs.map(({ other }) => other))),
  };
}

/** Reading included: what somebody waits who has the chain of a tenant checked. */
async function measureFromDatabase(pools: Pools) {
  const { rows } = await server.owner.query<{ tenant: string; seq: string }>(
    'select tenant, seq from audit_head order by seq desc limit 1',
  );
  const { tenant, seq } = rows[0]!;
  const started = performance.now();
  const verdict = await inTenant(pools.app, tenant, verifyAudit);
  if (!verdict.verified) throw new Error(verdict.reason);
  return {
    entries: Number(seq),
    perSecond: Math.round(Number(seq) / ((performance.now() - started) / 1_000)),
  };
}

type Append = Awaited<ReturnType<typeof measureAppend>>;

function report(run: {
  readonly ratio: number;
  readonly interval: [number, number];
  readonly documentsPosted: { readonly ratio: number };
  readonly manyTenants: Append;
  readonly fewTenants: Append;
  readonly oneTenant: Append;
  readonly [more: string]: unknown;
}): void {
  const { ratio, interval, documentsPosted, manyTenants, fewTenants, oneTenant, ...more } = run;
  const finding: Finding = {
    name: 'B8',
    title: `audit entries verified/s : the same bytes through createHash; documents/s with : without chain`,
    ratio,
    interval,
    repeats,
    target: 'verify >= 0.5, append >= 0.95',
    met: ratio >= 0.5 && documentsPosted.ratio >= 0.95,
    append: { documentsPosted, manyTenants, fewTenants, oneTenant },
    ...more,
  };
  process.stdout.write(`${JSON.stringify(finding)}\n`);
}
