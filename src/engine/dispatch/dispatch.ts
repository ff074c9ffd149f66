import { Stop } from '../../domain/posting/outcomes.ts';
import { backoffMs } from '../../lib/retry.ts';
import { expireSubject, openReview } from '../../store/documents/review.ts';
import type { Lane, LaneEnd } from '../../store/work/lane.ts';
import type { Engine } from '../engine.ts';
import { workPostings } from '../post/post.ts';
import { resolveSource } from '../resolve/resolve.ts';
import { step } from '../step.ts';
import { sweep } from '../watch/sweep.ts';
import { LaneRunner } from './lane-runner.ts';

// With doubling pauses this is about two minutes of trouble.
const TROUBLE_TOLD_AT = 8;
// And about once an hour after that, should somebody have closed the question meanwhile.
const TROUBLE_TOLD_EVERY = 60;

export type Worker = { readonly stop: () => Promise<void> };

export type WorkerOptions = { readonly owner: string; readonly leaseMs?: number; readonly pollMs?: number };

/** Works the lanes of every account it can hold, until stopped. A worker that dies is followed by another. */
export function startWorker(engine: Engine, options: WorkerOptions): Worker {
  const work = new LaneWork(engine);
  const runner = new LaneRunner({
    pool: engine.pools.dispatch,
    clock: engine.clock,
    log: engine.log,
    owner: options.owner,
    leaseMs: options.leaseMs ?? 30_000,
    pollMs: options.pollMs ?? 1_000,
    accounts: async () => (await engine.systems.accounts()).map(withLanes),
    work: (lane, accountFence) => work.run(lane, accountFence),
  });
  const ended = runner.run();
  return {
    async stop() {
      runner.stop();
      await ended;
    },
  };
}

/**
 * The connector keeps its cap of calls at the same time, and a lane needs none while it is in the database. So more
 * lanes run than calls are allowed, and the target is never idle while some of them write something down. An account
 * that takes one thing at a time gets one lane at a time.
 */
function withLanes({ account, inFlight }: { readonly account: string; readonly inFlight: number }) {
  return { account, lanes: inFlight === 1 ? 1 : 3 * inFlight };
}

/** What is done in a lane, and where it goes from there. */
class LaneWork {
  private readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  async run(lane: Lane, accountFence: string): Promise<LaneEnd> {
    try {
      const end = await this.handle(lane, accountFence);
      if (lane.attempts >= TROUBLE_TOLD_AT) await this.endTrouble(lane);
      return end;
    } catch (error) {
      const next = this.afterTrouble(lane, error);
      if (
        lane.attempts === TROUBLE_TOLD_AT ||
        (lane.attempts > 0 && lane.attempts % TROUBLE_TOLD_EVERY === 0)
      )
        await this.tellTrouble(lane, next.error);
      return next;
    }
  }

  /** What failed so long works again: nobody needs to look at it any more. */
  private async endTrouble(lane: Lane): Promise<void> {
    await step(this.engine, lane.tenant, (tx) => expireSubject(tx, 'quarantined', subjectOf(lane))).catch(
      (error: unknown) => {
        this.engine.log.warn({ err: error, lane: lane.id }, 'an old question about this lane stays open');
      },
    );
  }

  private async handle(lane: Lane, accountFence: string): Promise<{ afterMs: number | null }> {
    if (lane.stage === 'post') return workPostings(this.engine, lane, accountFence);
    if (lane.stage === 'sweep') return sweep(this.engine, lane);
    await resolveSource(this.engine, lane);
    return { afterMs: null };
  }

  /** Work that fails again and again stands in front of an engineer, while it goes on trying. */
  private async tellTrouble(lane: Lane, why: string): Promise<void> {
    const question = {
      id: this.engine.newId(),
      kind: 'quarantined',
      subject: subjectOf(lane),
      document: null,
      title: `Work on ${lane.id.replaceAll('|', ' ')}`,
      question: `It failed ${lane.attempts + 1} times and is tried again each minute. It said: ${why}`,
      evidence: { stage: lane.stage, said: why },
      role: 'engineer',
    } as const;
    await step(this.engine, lane.tenant, (tx) => openReview(tx, question)).catch((error: unknown) => {
      this.engine.log.warn({ err: error, lane: lane.id }, 'the engineer could not be told');
    });
  }

  /** Nothing is dropped: the lane comes again, later each time, and what it said is kept for people to see. */
  private afterTrouble(lane: Lane, error: unknown): { afterMs: number; error: string } {
    const stop = error instanceof Stop ? error : null;
    const message = error instanceof Error ? error.message : String(error);
    const level = stop === null || stop.kind === 'bug' ? 'error' : 'info';
    this.engine.log[level](
      { lane: lane.id, stage: lane.stage, kind: stop?.kind, err: stop === null ? error : undefined },
      message,
    );
    // A token may have died between two looks; credentials that stay refused are repaired by people.
    if (stop?.kind === 'unauthorised')
      return { afterMs: lane.attempts === 0 ? 2_000 : 60_000, error: message };
    const pause = backoffMs(lane.attempts, this.engine.random, 250, 60_000);
    return { afterMs: Math.max(50, stop?.retryAfterMs ?? pause), error: message };
  }
}

function subjectOf(lane: Lane): string {
  return `lane:${lane.stage}:${lane.id}`;
}
