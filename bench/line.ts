import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { contractIds, contractNumber, LINES } from './line/company.ts';
import { naiveLoop } from './line/naive.ts';
import type { Calls, Memory } from './line/service.ts';
import { type ServiceProcess, startService } from './line/service-process.ts';
import { type Exported, type Sides, startSides } from './line/sides.ts';

// Measures the line from an export in Procore to its confirmation there; README.md says how to read it.

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '500' },
    paced: { type: 'string', default: '60' },
    profile: { type: 'string' },
  },
});
const documents = wholeNumber(values.documents, 100_000);
const paced = wholeNumber(values.paced, 10_000);

// Code is compiled and pools are filled before anything counts.
const WARM_UP = 40;
// What both connections allow by default; the naive loop gets the same.
const IN_FLIGHT = 4;
const PACED_GAP_MS = 250;
// No machine that runs this needs a second for one document.
const DEADLINE_MS = 60_000 + 1_000 * (documents + paced + WARM_UP);

const naive = await measureNaive();
const line = await measureLine();
const limit = { name: 'three bare calls per document, nothing kept', ...naive };
const ratio = round(line.burst.documentsPerSecond / naive.documentsPerSecond, 3);
process.stdout.write(`${JSON.stringify({ ...line, limit, ratioToLimit: ratio }, null, 2)}\n`);

async function measureNaive() {
  const sides = await startSides(documents + WARM_UP);
  try {
    await naiveLoop(sides, await sides.exportAll(contractIds(0, WARM_UP)), IN_FLIGHT);
    const exported = await sides.exportAll(contractIds(WARM_UP, WARM_UP + documents));
    const { seconds } = await naiveLoop(sides, exported, IN_FLIGHT);
    return { seconds: round(seconds, 3), documentsPerSecond: round(documents / seconds, 1) };
  } finally {
    await sides.stop();
  }
}

async function measureLine() {
  const dataDir = await mkdtemp(join(tmpdir(), 'tiebeam-bench-'));
  if (values.profile !== undefined) await mkdir(values.profile, { recursive: true });
  const total = WARM_UP + documents + paced;
  const sides = await startSides(total);
  let service: ServiceProcess | null = null;
  try {
    service = await startService(sides.config, dataDir, values.profile);
    await sides.callBack(service.hookUrl, service.hookSecret);
    await settled(service, 0);
    const atStart = await service.ask('memory');
    await sides.exportAll(contractIds(0, WARM_UP));
    await settled(service, WARM_UP);
    const before = await counters(service);
    const startedMs = performance.now();
    const burst = await sides.exportAll(contractIds(WARM_UP, WARM_UP + documents));
    await settled(service, WARM_UP + documents);
    const seconds = (performance.now() - startedMs) / 1_000;
    const after = await counters(service);
    const single = await onePerGap(sides, contractIds(WARM_UP + documents, total));
    const end = await settled(service, total);
    const orders = await sides.ordersAt();
    return {
      documents,
      linesPerDocument: LINES,
      fsync: await service.ask('fsync'),
      burst: {
        seconds: round(seconds, 3),
        documentsPerSecond: round(documents / seconds, 1),
        eventToOrderMs: percentiles(burst, orders),
        callsPerDocument: callsBetween(before.calls, after.calls, sides),
        commitsPerDocument: round((after.commits - before.commits) / documents, 1),
      },
      paced: {
        documents: paced,
        perSecond: 1_000 / PACED_GAP_MS,
        eventToOrderMs: percentiles(single, orders),
      },
      ordersInErp: orders.size,
      documentsExported: total,
      lanesLeft: end.lanes,
      lanesInTrouble: end.troubled,
      memoryMb: { atRest: megabytes(atStart), afterRun: megabytes(await service.ask('memory')) },
    };
  } finally {
    await service?.stop();
    await sides.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Waits until so many documents are confirmed and no lane has anything left to do. */
async function settled(service: ServiceProcess, confirmed: number) {
  const untilMs = performance.now() + DEADLINE_MS;
  for (;;) {
    const progress = await service.ask('progress');
    if (progress.confirmed >= confirmed && progress.lanes === 0) return progress;
    if (performance.now() > untilMs) throw new Error(`stuck: ${JSON.stringify(progress)}`);
    await wait(20);
  }
}

async function counters(service: ServiceProcess) {
  return { calls: await service.ask('calls'), commits: await service.ask('commits') };
}

async function onePerGap(sides: Sides, contracts: readonly number[]): Promise<Exported[]> {
  const exported: Exported[] = [];
  for (const contract of contracts) {
    exported.push(...(await sides.exportAll([contract])));
    await wait(PACED_GAP_MS);
  }
  return exported;
}

/** From the export to the moment the order took effect in the ERP. */
function percentiles(exported: readonly Exported[], orders: ReadonlyMap<string, number>) {
  const waited = exported
    .map(({ contract, atMs }) => (orders.get(contractNumber(contract)) ?? Number.NaN) - atMs)
    .sort((a, b) => a - b);
  const at = (share: number) =>
    waited[Math.min(waited.length - 1, Math.floor(waited.length * share))] ?? null;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

function callsBetween(before: Calls, after: Calls, sides: Sides) {
  const at = (url: string, what: 'reads' | 'writes') =>
    round(((after[url]?.[what] ?? 0) - (before[url]?.[what] ?? 0)) / documents, 2);
  const of = (url: string) => ({ reads: at(url, 'reads'), writes: at(url, 'writes') });
  return { procore: of(sides.procoreUrl), businessOne: of(sides.businessOneUrl) };
}

function wholeNumber(text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= most) return value;
  throw new RangeError(`${text} is not a number from 1 to ${most}`);
}

function megabytes({ rss, heap }: Memory) {
  return { resident: round(rss / 1_048_576, 1), inUse: round(heap / 1_048_576, 1) };
}

function round(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}
