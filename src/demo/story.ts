import { setTimeout as wait } from 'node:timers/promises';
import type { CastCommitment } from './cast.ts';
import { type Desk, workReview } from './desk.ts';
import { exportAll, send } from './procore-people.ts';
import { readReviews, type SeenReview } from './seen.ts';
import { CallRefused } from './simulator-calls.ts';
import type { Simulators } from './simulators.ts';
import { having, laterSteps, type Step } from './steps.ts';
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
  const ready = world.cast.commitments.filter(({ part }) => part !== 'draft' && part !== 'never-sent');
  await send(hands, ready);
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
  let open: Step[] = laterSteps(world, simulators, desk);
  while (open.length > 0 && !signal.aborted) {
    const truth = await readTruth({
      procore: simulators.procore.url,
      businessOne: simulators.businessOne.url,
    });
    const view = { ...truth, reviews: await readReviews(desk.accountant) };
    const left: Step[] = [];
    for (const step of open) {
      if (step.ready(view) && (await tried(step, view, onProgress))) onProgress(step.told);
      else left.push(step);
    }
    open = left;
    await workDesk(telling);
    await pause(ROUND_MS, signal);
  }
  return open.map(({ told }) => told);
}

/** A refusal by a simulator under faults is nothing final: the turn is tried again in the next round. */
async function tried(
  step: Step,
  view: Parameters<Step['act']>[0],
  onProgress: Telling['onProgress'],
): Promise<boolean> {
  try {
    await step.act(view);
    return true;
  } catch (error) {
    if (!(error instanceof CallRefused) && !(error instanceof TypeError)) throw error;
    onProgress(`not yet: ${step.told} (${error.message})`);
    return false;
  }
}

/** One round at the desk; one approval and one question are left for the visitor, as on any real morning. */
export async function workDesk({ world, desk, onProgress }: Omit<Telling, 'signal'>): Promise<void> {
  const { cast } = world;
  const kept = having(cast, 'approval-kept-waiting').map(({ number }) => number);
  const leaveOpen = ({ kind, title }: SeenReview) =>
    kind === 'approval' && kept.some((number) => title.startsWith(number));
  for (const line of await workReview(desk, cast, leaveOpen)) onProgress(line);
}

export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {});
}
