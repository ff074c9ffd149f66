import { setTimeout as pause } from 'node:timers/promises';
import { type Cluster, startCluster } from './cluster.ts';
import { startDesk } from './desk.ts';
import { type Draw, drawFrom } from './draw.ts';
import { FaultBook, type FaultCounts } from './fault-book.ts';
import { handsOf } from './hands.ts';
import { drawHistory } from './histories.ts';
import { Bench } from './judging.ts';
import { lastActs } from './last-acts.ts';
import { drawMachineFaults, playMachineFaults } from './machine-faults.ts';
import { addMappings } from './move-in.ts';
import { patiently } from './patience.ts';
import { live } from './people-at-work.ts';
import { type Attacked, startAttacked } from './processes.ts';
import { hurry, settle, untilAllLived } from './settling.ts';
import { partsOf, sideBySide } from './side-by-side.ts';
import { type Simulators, startSimulators } from './simulators.ts';
import { armSystemFaults } from './system-faults.ts';
import { unlessEnded } from './told-to-end.ts';
import { drawWireFaults } from './wire-faults.ts';
import { startWorld, type World } from './world.ts';

export type AttackResult = {
  readonly histories: number;
  /** Each in words, with the seed of its batch. */
  readonly violations: readonly string[];
  readonly faults: FaultCounts;
  /** How many things each invariant was held against, and how many of them broke it. */
  readonly invariants: Bench['invariants'];
  readonly stood: Bench['stood'];
  readonly seconds: number;
};

export type Wish = {
  readonly histories: number;
  readonly seed: number;
  readonly atOnce?: number;
  readonly onBatch?: (line: string) => void;
  /** Ends the attack after the batches that are done, with everything taken down. */
  readonly signal?: AbortSignal | undefined;
};

export const BATCH = 50;
// Faults come for so long; what is still under way then has the time to settle.
const SPAN_MS = 6_000;
// And for at most so much longer, where the machine is slow.
const LONGER_MS = 14_000;
const SETTLE_LIMIT_MS = 120_000;
// So many of a batch are lived at the other tenant.
const THEIR_SHARE = 3;
const WAIT_FOR_ORDERS_MS = 30_000;

/**
 * Layer B: histories flow through the real engine in two worker processes and a service, on a real PostgreSQL that
 * is cut off, restarted, filled up and deadlocked, while both systems fail as well. A seed draws the same histories
 * and the same plan of faults; which statement a fault then meets depends on the machine's timing.
 */
export async function attackPostgres(wish: Wish): Promise<AttackResult> {
  const from = performance.now();
  const found: Found = { book: new FaultBook(), bench: new Bench(), violations: [], done: 0 };
  const next = partsOf(wish.histories, BATCH, wish.seed);
  await sideBySide(wish.atOnce ?? 1, () => attackOn(wish, next, found));
  const { done: histories, violations, book, bench } = found;
  const seconds = (performance.now() - from) / 1_000;
  const { invariants, stood } = bench;
  return { histories, violations, faults: book.counts, invariants, stood, seconds };
}

type Found = {
  readonly book: FaultBook;
  readonly bench: Bench;
  readonly violations: string[];
  done: number;
};

/** One batch after the other on one server, until there are no more. */
async function attackOn(
  { onBatch, signal }: Wish,
  next: ReturnType<typeof partsOf>,
  found: Found,
): Promise<void> {
  const [cluster, simulators] = await Promise.all([startCluster(), startSimulators()]);
  const { book, bench, violations } = found;
  let spare = startTeam();
  try {
    for (let part = next(); part !== null; part = next()) {
      const team = spare;
      spare = startTeam();
      const began = performance.now();
      const attack = attackOnce({ cluster, simulators, book, bench, team, ...part });
      const findings = await unlessEnded(attack, signal);
      if (findings === null) break;
      const told = findings.map((each) => `seed ${part!.seed}: ${each}`);
      violations.push(...told);
      // At once, so that a long run that is ended early has told what it found.
      for (const each of told) onBatch?.(`VIOLATION ${each}`);
      found.done += part.size;
      const seconds = ((performance.now() - began) / 1_000).toFixed(1);
      onBatch?.(
        `${found.done} histories, ${violations.length} violations, seed ${part.seed} took ${seconds} s`,
      );
    }
  } finally {
    for (const each of spare) each.signal('SIGKILL');
    await Promise.all([simulators.stop(), cluster.stop()]);
  }
}

/** A service and two workers, loaded while the batch before them still runs. */
function startTeam(): Attacked[] {
  return [startAttacked(), startAttacked(), startAttacked()];
}

type Batch = {
  readonly cluster: Cluster;
  readonly simulators: Simulators;
  readonly book: FaultBook;
  readonly bench: Bench;
  readonly team: readonly Attacked[];
  readonly size: number;
  readonly seed: number;
};

async function attackOnce({ cluster, simulators, book, bench, team, size, seed }: Batch): Promise<string[]> {
  const draw = drawFrom(seed);
  const world = await startWorld(cluster, simulators, { onSmallDisk: true, seed });
  try {
    const [service, ...workers] = team;
    await Promise.all([
      world.start('service', service),
      ...workers.map((worker) => world.start('worker', worker)),
    ]);
    await Promise.all([addMappings(world), addMappings(world.neighbour)]);
    const findings = await runHistories(world, draw, { size, book, bench, workers });
    const ended = team.filter((each) => each.hasEnded());
    for (const each of ended) findings.push(`process ${each.pid} ended by itself`);
    return findings;
  } finally {
    cluster.proxy.disturb(null);
    await world.stop();
  }
}

/** On a slow machine the faults go on: a batch that was not worked yet has met none of them. */
async function mostIsWorked(world: World, size: number): Promise<void> {
  const few = async () => {
    await hurry(world);
    return (await world.read("select 1 from lane where stage <> 'sweep'")).length <= size / 8;
  };
  await patiently('most is worked', LONGER_MS, few, 500).catch(() => null);
}

async function runHistories(
  world: World,
  draw: Draw,
  { size, book, bench, workers }: Pick<Batch, 'size' | 'book' | 'bench'> & { workers: readonly Attacked[] },
): Promise<string[]> {
  const { cluster } = world;
  // Drawn beside everything else, so that another kind of history leaves the plan of faults as it is.
  const people = drawFrom(draw.seed());
  const histories = Array.from({ length: size }, (_, index) => drawHistory(people, index, SPAN_MS));
  const machineFaults = drawMachineFaults(draw, SPAN_MS);
  cluster.proxy.disturb(drawWireFaults(draw, book));
  const armed = await armSystemFaults(draw, world);
  const desk = startDesk(world, handsOf(world), new Map(histories.map((each) => [each.number, each])));
  const ended = new AbortController();
  const lives = Promise.allSettled(
    histories.map((history, index) =>
      live(index < THEIR_SHARE ? world.neighbour : world, history, ended.signal),
    ),
  );
  await Promise.all([pause(SPAN_MS), playMachineFaults(machineFaults, world, workers, book)]);
  await mostIsWorked(world, size);
  cluster.proxy.disturb(null);
  await armed.disarm(book);
  // What stands in front of a person by now may never become the order that somebody waits for.
  await untilAllLived(world, lives, ended, WAIT_FOR_ORDERS_MS);
  const lived = await lives;
  const findings = lived.flatMap((each) =>
    each.status === 'rejected' ? [`a history broke off: ${String(each.reason)}`] : [],
  );
  findings.push(...(await settle(world, SETTLE_LIMIT_MS)));
  await desk.stop();
  const moving = await settle(world, SETTLE_LIMIT_MS);
  const last = await lastActs(world, SETTLE_LIMIT_MS);
  findings.push(...moving, ...last.moving);
  const settled = moving.length + last.moving.length === 0;
  findings.push(...(await bench.judge(world, { settled, crashes: machineFaults.length, last })));
  return findings;
}
