import { setTimeout as wait } from 'node:timers/promises';
import { type CastCommitment, having, toExport } from './cast.ts';
import { type Desk, workReview } from './desk.ts';
import { exportAll, send, sendShortened } from './procore-people.ts';
import { readReviews, type SeenReview } from './seen.ts';
import { mayPass } from './simulator-calls.ts';
import type { Simulators } from './simulators.ts';
import { laterSteps } from './steps.ts';
import { readTruth } from './truth.ts';
import type { World } from './world.ts';

export type Telling = {
  readonly world: World;
  readonly simulators: Simulators;
  readonly desk: Desk;
  readonly onProgress: (line: string) => void;
  /** Ends the story wherever it stands. */
  readonly signal: AbortSignal;
};

const ROUND_MS = 400;
const BATCH = 8;
const BETWEEN_BATCHES_MS = 120;

/** Sends and exports everything that people would; the rest of the story builds on it. */
export async function firstExports({
  world,
  simulators,
  onProgress,
  signal,
}: Omit<Telling, 'desk'>): Promise<void> {
  const { hands } = simulators;
  const ready = toExport(world.cast);
  const long = having(world.cast, 'number-too-long');
  await send(
    hands,
    ready.filter((commitment) => !long.includes(commitment)),
  );
  for (const commitment of long) {
    const said = await sendShortened(hands, commitment);
    if (said !== null) onProgress(`a number was shortened, because Procore refused it: ${said}`);
  }
  onProgress(`${ready.length} commitments were sent to ERP by their project managers`);
  for (const batch of batches(early(ready), BATCH)) {
    if (signal.aborted) return;
    await exportAll(hands, batch);
    await pause(BETWEEN_BATCHES_MS, signal);
  }
  onProgress(`${ready.length} exports were approved in Procore`);
}

/** What later turns build on is exported first, so that they find their moment soon. */
function early(commitments: readonly CastCommitment[]): CastCommitment[] {
  const first = ['edited-after-posting', 'edited-by-hand-in-erp', 'changed-while-approved', 'unmapped'];
  const isFirst = ({ part }: CastCommitment) => first.includes(part);
  return [...commitments.filter(isFirst), ...commitments.filter((row) => !isFirst(row))];
}

function batches<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

/** Tells the whole story: exports, answers, approvals, later changes. Returns the turns that never came. */
export async function tellStory(telling: Telling): Promise<string[]> {
  const { world, simulators, desk, onProgress, signal } = telling;
  await firstExports(telling);
  const open = new Set(laterSteps(world, simulators, desk));
  while (open.size > 0 && !signal.aborted) {
    await inSpiteOfFaults(onProgress, async () => {
      const urls = { procore: simulators.procore.url, businessOne: simulators.businessOne.url };
      const view = { ...(await readTruth(urls)), reviews: await readReviews(desk.accountant) };
      for (const step of open) {
        if (!step.ready(view)) continue;
        const done = await inSpiteOfFaults(onProgress, () => step.act(view));
        if (!done) continue;
        open.delete(step);
        onProgress(step.told);
      }
      await workDesk(telling);
    });
    await pause(ROUND_MS, signal);
  }
  return [...open].map(({ told }) => told);
}

/** Tries something that may meet a fault; the next round tries again what did not come through. */
export async function inSpiteOfFaults(
  onProgress: Telling['onProgress'],
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!mayPass(error)) throw error;
    onProgress(`not yet: ${error.message}`);
    return false;
  }
}

/** One round at the desk; one approval and one question are left for the visitor, as on any real morning. Answers how many were decided. */
export async function workDesk({ world, desk, onProgress }: Omit<Telling, 'signal'>): Promise<number> {
  const { cast } = world;
  const kept = having(cast, 'approval-kept-waiting').map(({ number }) => number);
  const leaveOpen = ({ kind, title }: SeenReview) =>
    kind === 'approval' && kept.some((number) => title.startsWith(number));
  const told = await workReview(desk, cast, leaveOpen);
  for (const line of told) onProgress(line);
  return told.length;
}

export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {});
}
