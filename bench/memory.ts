import { parseArgs } from 'node:util';
import { contractIds } from './line/company.ts';
import { type Finding, medianOf, middle, rounded } from './measure/ratio.ts';
import { fillTo } from './posting/history.ts';
import { openStage } from './posting/stage.ts';
import type { WorkerFigures } from './posting/worker.ts';

// What a worker holds in memory while it works, with few and with many documents behind it; README.md says more.

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } });
const FEW = 10_000;
const MANY = 100_000;
const IN_FLIGHT = 4;
const repeats = values.quick ? 1 : 5;
const documents = 60;

const contracts = contractIds(0, 2 * repeats * documents);
const stage = await openStage(contracts, IN_FLIGHT);
try {
  let next = 0;
  await fillTo(stage.server, FEW);
  const few: WorkerFigures[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) few.push(await workedFigures());
  await fillTo(stage.server, MANY);
  const many: WorkerFigures[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) many.push(await workedFigures());
  const heap = medianOf(many.map((figures, repeat) => figures.heap / few[repeat]!.heap));
  const resident = medianOf(many.map((figures, repeat) => figures.rss / few[repeat]!.rss));
  const finding: Finding = {
    name: 'memory',
    title: `resident memory of a working worker: ${MANY} documents : ${FEW} documents`,
    ...resident,
    repeats,
    target: '<= 1.10',
    met: resident.ratio <= 1.1 && heap.ratio <= 1.1,
    heap,
    megabytes: { few: megabytes(few), many: megabytes(many) },
    documentsWorkedEach: documents,
  };
  process.stdout.write(`${JSON.stringify(finding)}\n`);

  /** A worker of its own each time, measured when it has worked its documents. */
  async function workedFigures() {
    const chosen = contracts.slice(next, next + documents);
    next += documents;
    const worker = await stage.startWorker({ leaseMs: 2_000 });
    await stage.letGo(chosen);
    await stage.allPosted(chosen);
    const figures = await worker.figures();
    await worker.stop();
    return figures;
  }
} finally {
  await stage.stop();
}

function megabytes(figures: readonly { rss: number; heap: number }[]) {
  const of = (key: 'rss' | 'heap') => rounded(middle(figures.map((each) => each[key])) / 1_048_576);
  return { resident: of('rss'), inUse: of('heap') };
}
