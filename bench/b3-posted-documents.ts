import { parseArgs } from 'node:util';
import { contractIds } from './line/company.ts';
import { type Finding, medianOf, middle, rounded } from './measure/ratio.ts';
import { openStage } from './posting/stage.ts';
import { setFaults, slowPosts } from './posting/trouble.ts';

// Posted documents a second against the physical limit of the ERP; README.md says how to read it.

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } });
const CAP = 15;
const LATENCY_MS = 1_000;
const WARM_UP = CAP;
const repeats = values.quick ? 2 : 5;
const documents = values.quick ? 45 : 150;

const total = WARM_UP + repeats * documents;
const stage = await openStage(contractIds(0, total), CAP);
try {
  // Only the call that commits is slow; reads and sign-ins answer at once.
  await setFaults(stage.sides, [slowPosts(LATENCY_MS)]);
  const worker = await stage.startWorker();
  await run(contractIds(0, WARM_UP));
  const before = await cpu();
  const rates: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const from = WARM_UP + repeat * documents;
    rates.push(documents / (await run(contractIds(from, from + documents))));
  }
  const after = await cpu();
  const limit = CAP / (LATENCY_MS / 1_000);
  const perThousand = (used: number) => rounded((used / (repeats * documents)) * 1_000);
  const orders = await stage.sides.ordersAt();
  const finding: Finding = {
    name: 'B3',
    title: `posted documents/s : cap / latency (${CAP} at once, ${LATENCY_MS} ms to post)`,
    ...medianOf(rates.map((rate) => rate / limit)),
    repeats,
    target: '>= 0.95',
    met: middle(rates) / limit >= 0.95,
    documentsPerSecond: rounded(middle(rates)),
    limitPerSecond: limit,
    documentsEach: documents,
    ordersInErp: orders.size,
    cpuSecondsPer1000Documents: {
      worker: perThousand(after.worker - before.worker),
      postgres: after.postgres === null ? null : perThousand(after.postgres - before.postgres!),
    },
  };
  process.stdout.write(`${JSON.stringify(finding)}\n`);

  async function run(contracts: readonly number[]): Promise<number> {
    const fromMs = await stage.letGo(contracts);
    return ((await stage.allPosted(contracts)) - fromMs) / 1_000;
  }

  async function cpu() {
    const { cpuSeconds } = await worker.figures();
    return { worker: cpuSeconds, postgres: await stage.server.cpuSeconds() };
  }
  await worker.stop();
} finally {
  await stage.stop();
}
