import { subscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startChild } from '../src/demo/child-simulator.ts';
import { demand } from '../src/demo/simulator-calls.ts';
import { connect, ensureTenant } from '../src/engine/set-up/tenant.ts';
import { pullToEnd } from '../src/engine/watch/pull.ts';
import { sweepProjects } from '../src/engine/watch/sweep-projects.ts';
import { systemClock } from '../src/lib/clock.ts';
import { noFailPoint } from '../src/lib/fail-point.ts';
import { openLog } from '../src/lib/log.ts';
import { describeConnection, type House, openHouse } from '../src/main.ts';
import { inTenant } from '../src/store/database/transaction.ts';
import { wakePlaces } from '../src/store/work/sweep-place.ts';
import { COMPANY, leastCalls, type Portfolio, portfolio, SECRET } from './sweep/company.ts';

// What a full sweep of a company costs, and what looking again costs when nothing changed; README.md says how to read it.

const { values } = parseArgs({
  options: {
    projects: { type: 'string', default: '200' },
    documents: { type: 'string', default: '50000' },
    'page-size': { type: 'string', default: '100' },
  },
});
const [projects, documents, pageSize] = [values.projects, values.documents, values['page-size']].map(Number);
if (![projects, documents, pageSize].every((count) => Number.isInteger(count) && count! > 0))
  throw new Error('--projects, --documents and --page-size take whole numbers');

const TENANT = 'bench';
const A_DAY_MS = 86_400_000;

const company = portfolio(projects!, documents!);
const procore = await startChild('procore/simulator/main.ts');
const dataDir = await mkdtemp(join(tmpdir(), 'tiebeam-bench-'));
try {
  await demand('POST', `${procore.url}/_sim/seed`, { body: company.seed });
  const house = await openHouse({
    dataDir,
    clock: systemClock,
    log: openLog('warn'),
    // Each project is looked at when the bench says so.
    pace: { pullEveryMs: A_DAY_MS, sweepEveryMs: A_DAY_MS },
    failPoint: noFailPoint,
  });
  try {
    process.stdout.write(`${JSON.stringify(await measure(house, company), null, 2)}\n`);
  } finally {
    await house.close();
  }
} finally {
  await procore.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function measure({ engine, vault, pools }: House, held: Portfolio) {
  await ensureTenant(engine, TENANT, 'Many Jobs');
  const config = {
    authUrl: procore.url,
    apiUrl: procore.url,
    companyId: String(COMPANY),
    clientId: 'tiebeam',
    clientSecret: SECRET,
    pageSize,
  };
  const described = describeConnection('procore', config);
  const hub = { id: 'procore', system: 'procore', name: 'Procore', code: 'PC', ...described };
  await connect(engine, vault, TENANT, hub, 'bench');
  const at = await engine.systems.hubOf(TENANT);
  await pullToEnd(engine, at, 'project');
  const calls = countCalls();
  const rounds = async () => {
    const startedMs = performance.now();
    const before = calls();
    let taken = 1;
    while ((await sweepProjects(engine, at)).afterMs === 0) taken += 1;
    const seconds = (performance.now() - startedMs) / 1_000;
    return { rounds: taken, calls: calls() - before, seconds: Number(seconds.toFixed(1)) };
  };
  const full = await rounds();
  const stored = await inTenant(pools.app, TENANT, async (tx) =>
    tx.query<{ n: number }>("select count(*)::int as n from record where object <> 'project'"),
  );
  await inTenant(pools.app, TENANT, (tx) => wakePlaces(tx, at.id, 'all'));
  const again = await rounds();
  await inTenant(pools.app, TENANT, (tx) => wakePlaces(tx, at.id, 'all'));
  const atRest = await rounds();
  const { pages, shows } = leastCalls(held, pageSize!);
  return {
    projects,
    documents,
    documentsRead: stored.rows[0]!.n,
    pageSize,
    full,
    callsPerDocument: round(full.calls / documents!),
    least: { pages, shows },
    ratio: round(full.calls / (pages + shows)),
    ratioOfLists: round((full.calls - shows) / pages),
    again,
    atRest: { ...atRest, callsPerProject: round(atRest.calls / projects!) },
  };
}

/** Calls of the interface; signing in is none. */
function countCalls(): () => number {
  let count = 0;
  subscribe('undici:request:create', (message) => {
    const { request } = message as { request: { origin: string; path: string } };
    if (request.path.startsWith('/rest/')) count += 1;
  });
  return () => count;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
