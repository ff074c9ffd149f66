import { setTimeout as pause } from 'node:timers/promises';
import { type Cluster, startCluster } from './cluster.ts';
import { startDesk } from './desk.ts';
import { type Draw, drawFrom } from './draw.ts';
import { FaultBook, type FaultCounts } from './fault-book.ts';
import { signedInHands } from './hands.ts';
import { drawHistory, type History } from './histories.ts';
import { Bench } from './judging.ts';
import { drawKills, type Kill, nameOf, victimOf } from './kill-plan.ts';
import { lastActs } from './last-acts.ts';
import { addMappings } from './move-in.ts';
import { patiently } from './patience.ts';
import { live } from './people-at-work.ts';
import { type Attacked, startAttacked } from './processes.ts';
import { settle, untilAllLived } from './settling.ts';
import { partsOf, sideBySide } from './side-by-side.ts';
import { type Simulators, startSimulators } from './simulators.ts';
import { unlessEnded } from './told-to-end.ts';
import { WebhookClient } from './webhook-client.ts';
import { startWorld, type World } from './world.ts';

export type KillResult = {
  readonly runs: number;
  readonly documents: number;
  readonly violations: readonly string[];
  /** By fail-point, and by what was killed at a random moment: armed, and really killed there. */
  readonly kills: FaultCounts;
  readonly invariants: Bench['invariants'];
  readonly stood: Bench['stood'];
  readonly webhooks: { readonly sent: number; readonly accepted: number };
  readonly seconds: number;
};

export type KillWish = {
  readonly runs: number;
  readonly seed: number;
  readonly atOnce?: number;
  readonly onChunk?: (line: string) => void;
  /** Ends the attack after the chunks that are done, with everything taken down. */
  readonly signal?: AbortSignal | undefined;
};

const CHUNK = 40;
const DOCUMENTS_A_RUN = 2;
// Each so-many-th of them is of the other tenant.
const THEIR_TURN = 8;
// More lanes at work than this, and the next kill waits: who is killed at once each time never gets anywhere.
const BACKLOG = 6;
const BREATH_LIMIT_MS = 4_000;
// A point that nobody passes within this time is not passed in this run.
const REACH_LIMIT_MS = 15_000;
const SETTLE_LIMIT_MS = 180_000;
const WAIT_FOR_ORDERS_MS = 60_000;

/**
 * Layer C: the real service and a real worker are killed without a word, at a named fail-point or at a random
 * moment, while documents are exported, decided and announced; another one takes over, and a kill meets what the
 * kill before it left. What stands is judged when the last of a chunk has come to rest.
 */
export async function attackByKills(wish: KillWish): Promise<KillResult> {
  const from = performance.now();
  const found: Found = {
    book: new FaultBook(),
    bench: new Bench(),
    violations: [],
    webhooks: { sent: 0, accepted: 0 },
    documents: 0,
    runs: 0,
  };
  const next = partsOf(wish.runs, CHUNK, wish.seed);
  await sideBySide(wish.atOnce ?? 1, () => attackOn(wish, next, found));
  const { book, bench, ...told } = found;
  const seconds = (performance.now() - from) / 1_000;
  const { invariants, stood } = bench;
  return { ...told, kills: book.counts, invariants, stood, seconds };
}

type Found = {
  readonly book: FaultBook;
  readonly bench: Bench;
  readonly violations: string[];
  readonly webhooks: { sent: number; accepted: number };
  documents: number;
  runs: number;
};

/** One chunk after the other on one server, until there are no more. */
async function attackOn(
  { onChunk, signal }: KillWish,
  next: ReturnType<typeof partsOf>,
  found: Found,
): Promise<void> {
  const [cluster, simulators] = await Promise.all([startCluster(), startSimulators()]);
  const { book, bench, violations } = found;
  try {
    for (let part = next(); part !== null; part = next()) {
      const { seed, size } = part;
      const began = performance.now();
      const attack = await unlessEnded(attackChunk({ cluster, simulators, book, bench, size, seed }), signal);
      if (attack === null) break;
      const told = attack.findings.map((each) => `seed ${seed}: ${each}`);
      violations.push(...told);
      for (const each of told) onChunk?.(`VIOLATION ${each}`);
      found.webhooks.sent += attack.webhooks.total;
      found.webhooks.accepted += attack.webhooks.accepted;
      found.documents += attack.documents;
      found.runs += size;
      const each = ((performance.now() - began) / 1_000 / size).toFixed(2);
      onChunk?.(`${found.runs} runs, ${violations.length} violations, seed ${seed}: ${each} s a run`);
    }
  } finally {
    await Promise.all([simulators.stop(), cluster.stop()]);
  }
}

type Chunk = {
  readonly cluster: Cluster;
  readonly simulators: Simulators;
  readonly book: FaultBook;
  readonly bench: Bench;
  readonly size: number;
  readonly seed: number;
};

async function attackChunk({ cluster, simulators, book, bench, size, seed }: Chunk) {
  const draw = drawFrom(seed);
  const world = await startWorld(cluster, simulators, { onSmallDisk: false, seed });
  const house = new House(world);
  try {
    await house.open();
    await Promise.all([addMappings(world), addMappings(world.neighbour)]);
    const histories = new Map<string, History>();
    const desk = startDesk(world, await signedInHands(world), histories);
    const client = new WebhookClient(world);
    const attack = {
      world,
      house,
      draw,
      book,
      histories,
      client,
      lives: [] as Promise<unknown>[],
      ended: new AbortController(),
    };
    for (const kill of drawKills(draw, size)) await run(attack, kill);
    const findings = await rest(attack);
    await desk.stop();
    const moving = await settle(world, SETTLE_LIMIT_MS);
    const last = await lastActs(world, SETTLE_LIMIT_MS);
    findings.push(...moving, ...last.moving, ...(await client.broken(world)), ...house.surprises);
    const settled = moving.length + last.moving.length === 0;
    findings.push(...(await bench.judge(world, { settled, crashes: size, last })));
    return { findings, webhooks: client.sent, documents: histories.size };
  } finally {
    await house.close();
    await world.stop();
  }
}

type Attack = {
  readonly world: World;
  readonly house: House;
  readonly draw: Draw;
  readonly book: FaultBook;
  readonly histories: Map<string, History>;
  readonly client: WebhookClient;
  readonly lives: Promise<unknown>[];
  readonly ended: AbortController;
};

/** One run: documents are exported, something is killed in the middle of them, and another one takes over. */
async function run(attack: Attack, kill: Kill): Promise<void> {
  const { world, house, book } = attack;
  const name = nameOf(kill);
  book.injected(name);
  const bell = new AbortController();
  const webhooks = announce(attack, bell.signal);
  if (kill.what === 'at-point') {
    const victim = house[victimOf(kill.point)];
    victim.dieAt(`${kill.point}:${kill.passing}`);
    startDocuments(attack, kill.point === 'after-decision');
    const died = await Promise.race([victim.ended, pause(REACH_LIMIT_MS, null)]);
    if (died?.said.includes(`reached ${kill.point}`)) book.reached(name);
    else victim.dieAt('');
  } else {
    startDocuments(attack, false);
    await pause(kill.afterMs);
    if (kill.what === 'database') await world.cluster.restart('kill');
    if (kill.what === 'worker' || kill.what === 'both') house.worker.signal('SIGKILL');
    if (kill.what === 'service' || kill.what === 'both') house.service.signal('SIGKILL');
    book.reached(name);
  }
  await house.replaceDead(kill);
  bell.abort();
  await webhooks;
  await breathe(world);
}

async function breathe({ read }: World): Promise<void> {
  const atWork = async () => (await read("select 1 from lane where stage <> 'sweep'")).length;
  await patiently('the backlog is short', BREATH_LIMIT_MS, async () => (await atWork()) <= BACKLOG).catch(
    () => null,
  );
}

function startDocuments({ world, draw, histories, lives, ended }: Attack, withApproval: boolean): void {
  for (let document = 0; document < DOCUMENTS_A_RUN; document += 1) {
    const drawn = document === 0 ? drawHistory(draw, histories.size, 600) : billedOnce(draw, histories.size);
    const large = { amount: '61000.00', code: 41 } as const;
    const history: History =
      withApproval && document === 0
        ? { ...drawn, exportAfterMs: 0, lines: [large, ...drawn.lines], approver: 'approves' }
        : drawn;
    histories.set(history.number, history);
    const isTheirs = histories.size % THEIR_TURN === 0 && !(withApproval && document === 0);
    const life = live(isTheirs ? world.neighbour : world, history, ended.signal);
    // What broke off is told when all have ended.
    life.catch(() => undefined);
    lives.push(life);
  }
}

/** One of each run is billed, and only some of them again: what is paid out takes another look at both systems. */
function billedOnce(draw: Draw, index: number): History {
  const billed = drawHistory(draw, index, 600, 'billed');
  return index % 8 === 1 ? billed : { ...billed, acts: billed.acts.slice(0, 1) };
}

/** Webhooks keep coming while the service dies and comes back. */
async function announce({ world, client }: Attack, signal: AbortSignal): Promise<void> {
  const rows = await world
    .read<{ source_id: string }>(
      "select distinct source_id from document where tenant = $1 and source_object = 'commitment'",
      [world.party.tenant],
    )
    .catch(() => []);
  const contracts = rows.map(({ source_id }) => Number(source_id)).slice(-5);
  while (!signal.aborted) {
    if (contracts.length > 0) await client.burst(contracts, 4);
    await pause(120);
  }
}

async function rest({ world, lives, ended }: Attack): Promise<string[]> {
  const all = Promise.allSettled(lives);
  await untilAllLived(world, all, ended, WAIT_FOR_ORDERS_MS);
  const lived = await all;
  const broken = lived.flatMap((each) =>
    each.status === 'rejected' ? [`a history broke off: ${String(each.reason)}`] : [],
  );
  return [...broken, ...(await settle(world, SETTLE_LIMIT_MS))];
}

/** The service and the worker that serve now, with one of each loaded to follow them. */
class House {
  service: Attacked = startAttacked();
  worker: Attacked = startAttacked();
  /** Deaths that nobody asked for. */
  readonly surprises: string[] = [];
  private next: Attacked = startAttacked();
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  async open(): Promise<void> {
    await this.world.start('service', this.service);
    await this.world.start('worker', this.worker);
  }

  async replaceDead(kill: Kill): Promise<void> {
    for (const role of ['service', 'worker'] as const) {
      const each = this[role];
      const isMeant =
        kill.what === 'at-point' ? victimOf(kill.point) === role : kill.what === role || kill.what === 'both';
      if (isMeant && kill.what !== 'at-point') await each.ended;
      if (!each.hasEnded()) continue;
      const { by, said } = await each.ended;
      if (!isMeant || by !== 'SIGKILL')
        this.surprises.push(`the ${role} ended by itself (${by}), having said "${said}"`);
      this[role] = this.next;
      this.next = startAttacked();
      await this.world.start(role, this[role]);
    }
  }

  async close(): Promise<void> {
    this.next.signal('SIGKILL');
    await this.next.ended;
  }
}
