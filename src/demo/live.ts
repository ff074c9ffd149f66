import { billingSteps } from './billing.ts';
import { type Cast, type CastCommitment, having } from './cast.ts';
import { procoreUsers } from './people.ts';
import { type Dice, dice } from './prng.ts';
import { scheduleRow } from './procore-company.ts';
import { editSchedule, exportAll, send } from './procore-people.ts';
import { schedule } from './schedule.ts';
import { callJson, mayPass } from './simulator-calls.ts';
import type { Simulators } from './simulators.ts';
import { isSynced, type Step } from './steps.ts';
import { firstExports, pause } from './story.ts';
import { costCodes, unmappedCodes } from './trades.ts';
import { readTruth } from './truth.ts';
import type { World } from './world.ts';

export type LiveOptions = {
  readonly baseUrl: string;
  readonly world: World;
  readonly simulators: Simulators;
  readonly seed: number;
  readonly onProgress: (line: string) => void;
  /** New commitments after the first wave, at most. */
  readonly maxDocuments?: number;
  /** Somebody does something about this often. */
  readonly everyMs?: number;
};

/** Stopping takes nothing back. */
export type Live = { readonly stop: () => Promise<void> };

const READY_TRIES = 60;
const READY_AGAIN_MS = 500;
const MAX_DOCUMENTS = 200;
const EVERY_MS = 6_000;
// One event in this many is an edit of something that is already posted.
const EDIT_EVERY = 3;
const FIRST_CONTRACT_ID = 562_949_953_500_001;
const FIRST_LINE_ID = 562_949_953_510_000;
const LINES_PER_CONTRACT = 20;

/**
 * Keeps the contractor at work while somebody looks on: the first wave, then a new commitment or a change every
 * few seconds. Nobody here answers or approves: that is left to the visitor.
 */
export function keepTelling(options: LiveOptions): Live {
  const stopping = new AbortController();
  const ended = tell(options, stopping.signal).catch((error: unknown) => {
    // The story is decoration: the service goes on for whoever looks at it.
    options.onProgress(`The story ended: ${error instanceof Error ? error.message : String(error)}`);
  });
  return {
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

async function tell(options: LiveOptions, signal: AbortSignal): Promise<void> {
  const { baseUrl, world, simulators, seed, onProgress } = options;
  const random = dice(seed + 67);
  await untilReady(baseUrl, signal);
  await firstExports({ world, simulators, onProgress, signal });
  const written: CastCommitment[] = [...world.cast.commitments];
  const bills = new Set(billingSteps(simulators.hands, having(world.cast, 'billed')));
  const limit = options.maxDocuments ?? MAX_DOCUMENTS;
  const everyMs = options.everyMs ?? EVERY_MS;
  let made = 0;
  for (let turn = 1; made < limit && !signal.aborted; turn += 1) {
    await pause(random.between(Math.floor(everyMs / 2), Math.ceil(everyMs * 1.5)), signal);
    if (signal.aborted) return;
    try {
      if (await billOne(options, bills)) continue;
      if (turn % EDIT_EVERY === 0) await editOne(options, random, written);
      else {
        written.push(await writeOne(options, random, made));
        made += 1;
      }
    } catch (error) {
      if (!mayPass(error)) throw error;
      onProgress(`nothing came of it: ${error.message}`);
    }
  }
}

/** Nothing is exported before somebody is there to be told. */
async function untilReady(baseUrl: string, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; attempt < READY_TRIES && !signal.aborted; attempt += 1) {
    const answer = await callJson('GET', `${baseUrl}/readyz`).catch(() => null);
    if (answer !== null && answer.status < 300) return;
    await pause(READY_AGAIN_MS, signal);
  }
}

/** A new commitment is written, sent and exported, as three people would within a minute. */
async function writeOne(
  { world, simulators, onProgress }: LiveOptions,
  random: Dice,
  count: number,
): Promise<CastCommitment> {
  const { hands } = simulators;
  const commitment = newCommitment(world.cast, world.today, random, count);
  await hands.inProcore({
    as: commitment.manager,
    action: 'create_commitment',
    kind: 'work_order_contract',
    id: commitment.id,
    project_id: commitment.projectId,
    vendor_id: commitment.vendorId,
    number: commitment.number,
    title: commitment.title,
    status: 'Approved',
    executed: true,
    contract_date: commitment.contractDate,
    retainage_percent: '10.0',
    line_items: commitment.lines.map((line) => scheduleRow(world.cast, commitment.projectId, line)),
  });
  await send(hands, [commitment]);
  await exportAll(hands, [commitment]);
  onProgress(`${commitment.number} ${commitment.title} was written and exported`);
  return commitment;
}

function newCommitment(cast: Cast, today: string, random: Dice, count: number): CastCommitment {
  const project = random.pick(cast.projects);
  const vendor = random.pick(
    cast.vendors.filter(({ standing }) => standing === 'same' || standing === 'already-linked'),
  );
  const open: readonly string[] = unmappedCodes;
  const trade = random.pick(costCodes.filter(({ code }) => !open.includes(code)));
  // One in eight is above the threshold and waits for a controller.
  const dollars = random.between(0, 7) === 0 ? random.between(60_000, 400_000) : random.between(900, 24_000);
  return {
    id: FIRST_CONTRACT_ID + count,
    part: 'plain',
    kind: 'work_order_contract',
    number: `SC-${project.number}-${String(100 + count)}`,
    title: trade.name,
    projectId: project.id,
    vendorId: vendor.id,
    manager: random.pick(procoreUsers.managers).id,
    contractDate: today,
    accountingDate: today,
    lines: schedule(
      {
        firstId: FIRST_LINE_ID + count * LINES_PER_CONTRACT,
        code: trade.code,
        type: 'S',
        cents: BigInt(dollars) * 100n + BigInt(random.between(0, 99)),
        lines: random.between(2, 6),
        byUnit: false,
      },
      random,
    ),
  };
}

/** The next month of a subcontractor, once the one before it is through. */
async function billOne({ simulators, onProgress }: LiveOptions, bills: Set<Step>): Promise<boolean> {
  if (bills.size === 0) return false;
  const urls = { procore: simulators.procore.url, businessOne: simulators.businessOne.url };
  const view = { ...(await readTruth(urls)), reviews: [] };
  const next = [...bills].find((step) => step.ready(view));
  if (next === undefined) return false;
  await next.act(view);
  bills.delete(next);
  onProgress(next.told);
  return true;
}

/** A manager corrects a commitment that is already posted. */
async function editOne(
  { world, simulators, onProgress }: LiveOptions,
  random: Dice,
  written: readonly CastCommitment[],
): Promise<void> {
  const truth = await readTruth({ procore: simulators.procore.url, businessOne: simulators.businessOne.url });
  const synced = written.filter(({ id, part }) => part !== 'billed' && isSynced(truth, id));
  if (synced.length === 0) return;
  const commitment = random.pick(synced);
  const moreCents = BigInt(random.between(1_000, 90_000));
  await editSchedule(simulators.hands, world.cast, { commitment, moreCents, newLine: null });
  onProgress(`${commitment.number} was changed in Procore`);
}
