import { parseArgs } from 'node:util';
import { contractIds, contractNumber } from './line/company.ts';
import { type Finding, interleaved, medianOf, middle, rounded } from './measure/ratio.ts';
import { barePosts } from './posting/bare-posts.ts';
import { openStage } from './posting/stage.ts';
import { judged, ordersByNumber, setFaults, slowPosts, trouble } from './posting/trouble.ts';

// What the whole protocol costs beside bare POSTs, and what it buys; README.md says how to read it.

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } });
// What the connector allows by default; both sides get the same.
const IN_FLIGHT = 4;
const LATENCY_MS = 200;
const repeats = values.quick ? 2 : 5;
const documents = values.quick ? 40 : 120;
const troubled = values.quick ? 40 : 120;

// Contracts without a gap: first those that warm up, then one range for each run, then those under trouble.
let next = 0;
const take = (count: number) => {
  next += count;
  return contractIds(next - count, next);
};
const warmUp = take(IN_FLIGHT);
const runs = Array.from({ length: repeats }, () => take(documents));
const ourTrouble = take(troubled);
const stage = await openStage(contractIds(0, next), IN_FLIGHT);
// Bare POSTs need no document: they get contracts of their own behind those of the service.
const bareRuns = Array.from({ length: repeats }, () => take(documents));
const bareTrouble = take(troubled);
try {
  await setFaults(stage.sides, [slowPosts(LATENCY_MS)]);
  const worker = await stage.startWorker({ leaseMs: 30_000, clientTimeoutMs: 1_000, probeGapMs: 300 });
  await ours(warmUp);
  const pairs = await interleaved(
    repeats,
    async (repeat) => documents / (await ours(runs[repeat]!)),
    async (repeat) => documents / (await barePosts(stage.sides, bareRuns[repeat]!, IN_FLIGHT)).seconds,
  );
  await setFaults(stage.sides, trouble());
  await ours(ourTrouble);
  await barePosts(stage.sides, bareTrouble, IN_FLIGHT);
  const counts = await ordersByNumber(stage.sides);
  await worker.stop();
  const judge = (contracts: readonly number[]) => judged(counts, contracts.map(contractNumber));
  const median = medianOf(pairs.map(({ one, other }) => one / other));
  const under = { ours: judge(ourTrouble), bare: judge(bareTrouble) };
  const clean = judge([...warmUp, ...runs.flat()]);
  const finding: Finding = {
    name: 'B4',
    title: `documents/s with the whole protocol : bare POSTs (${IN_FLIGHT} at once, ${LATENCY_MS} ms to post)`,
    ...median,
    repeats,
    target: '>= 0.90, duplicates 0 against more than 0',
    met:
      median.ratio >= 0.9 &&
      under.ours.duplicates + under.ours.lost + clean.duplicates + clean.lost === 0 &&
      under.bare.duplicates > 0,
    documentsPerSecond: {
      ours: rounded(middle(pairs.map(({ one }) => one))),
      bare: rounded(middle(pairs.map(({ other }) => other))),
    },
    documentsEach: documents,
    underTrouble: { documents: troubled, ...under },
  };
  process.stdout.write(`${JSON.stringify(finding)}\n`);

  async function ours(contracts: readonly number[]): Promise<number> {
    const fromMs = await stage.letGo(contracts);
    return ((await stage.allPosted(contracts)) - fromMs) / 1_000;
  }
} finally {
  await stage.stop();
}
