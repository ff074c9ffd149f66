import { parseArgs } from 'node:util';
import { contractIds, contractNumber } from './line/company.ts';
import { type Finding, interleaved, medianOf, middle, rounded } from './measure/ratio.ts';
import { startCrew } from './posting/crew.ts';
import { openStage } from './posting/stage.ts';
import { judged, ordersByNumber, setFaults, slowPosts } from './posting/trouble.ts';

// What kills of the worker cost; README.md says how to read it.

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } });
const IN_FLIGHT = 4;
const LATENCY_MS = 200;
// A kill costs the rest of a lease, and what had left then is looked for after its time-out. Both are short here:
// with the lease of 30 s and the time-out of 60 s of the product the run would measure waiting and nothing else.
const SETTINGS = { leaseMs: 500, clientTimeoutMs: 1_000, probeGapMs: 300 };
const repeats = values.quick ? 1 : 5;
const killsEach = values.quick ? 2 : 4;
const documents = values.quick ? 60 : 250;

let next = 0;
const take = (count: number) => {
  next += count;
  return contractIds(next - count, next);
};
const warmUp = take(IN_FLIGHT);
const calm = Array.from({ length: repeats }, () => take(documents));
const stormy = Array.from({ length: repeats }, () => take(documents));
const stage = await openStage(contractIds(0, next), IN_FLIGHT);
try {
  await setFaults(stage.sides, [slowPosts(LATENCY_MS)]);
  const crew = await startCrew(stage, SETTINGS);
  await drained(warmUp);
  let kills = 0;
  const pairs = await interleaved(
    repeats,
    async (repeat) => {
      const storm = crew.killEvery(stormGapMs(), killsEach);
      const seconds = await drained(stormy[repeat]!);
      kills += await storm.ended();
      return seconds;
    },
    async (repeat) => drained(calm[repeat]!),
  );
  await crew.stop();
  const judge = judged(await ordersByNumber(stage.sides), [...calm, ...stormy].flat().map(contractNumber));
  const median = medianOf(pairs.map(({ one, other }) => one / other));
  const finding: Finding = {
    name: 'B9',
    title: `time to post ${documents} documents with ${killsEach} kill -9 of the worker : without`,
    ...median,
    repeats,
    target: '<= 1.5, nothing lost, nothing double',
    met: median.ratio <= 1.5 && kills === repeats * killsEach && judge.lost === 0 && judge.duplicates === 0,
    seconds: {
      without: rounded(middle(pairs.map(({ other }) => other))),
      with: rounded(middle(pairs.map(({ one }) => one))),
    },
    kills,
    ...judge,
  };
  process.stdout.write(`${JSON.stringify(finding)}\n`);
} finally {
  await stage.stop();
}

/** Spread over the time that the documents take at best, so that every kill meets work. */
function stormGapMs(): number {
  return ((documents / IN_FLIGHT) * LATENCY_MS) / (killsEach + 1);
}

async function drained(contracts: readonly number[]): Promise<number> {
  const fromMs = await stage.letGo(contracts);
  return ((await stage.allPosted(contracts)) - fromMs) / 1_000;
}
