import type pg from 'pg';
import { Stop } from '../domain/outcomes.ts';
import { backoffMs } from '../lib/retry.ts';
import { holdAccount, releaseAccounts } from '../store/account-lease.ts';
import { claimLanes, type Lane, laneChannel, nextDueMs, releaseLane, renewLanes } from '../store/lane.ts';
import { openReview } from '../store/review.ts';
import { inTransaction } from '../store/transaction.ts';
import type { Engine } from './engine.ts';
import { workPostings } from './post.ts';
import { resolveSource } from './resolve.ts';
import { step } from './step.ts';
import { sweep } from './sweep.ts';

// With doubling pauses this is about two minutes of trouble.
const TROUBLE_TOLD_AT = 8;

export type Worker = { readonly stop: () => Promise<void> };

export type WorkerOptions = { readonly owner: string; readonly leaseMs?: number; readonly pollMs?: number };

/** Works the lanes of every account it can hold, until stopped. A worker that dies is followed by another. */
export function startWorker(engine: Engine, options: WorkerOptions): Worker {
  const stopping = new AbortController();
  const loop = new WorkerLoop(engine, options, stopping.signal);
  const ended = loop.run();
  return {
    async stop() {
      stopping.abort();
      loop.ring();
      await ended;
    },
  };
}

class WorkerLoop {
  private readonly engine: Engine;
  private readonly owner: string;
  private readonly leaseMs: number;
  private readonly pollMs: number;
  private readonly signal: AbortSignal;
  private readonly fences = new Map<string, string>();
  private readonly running = new Map<Lane, Promise<void>>();
  private bell: () => void = () => {};
  private rung = false;
  private heldAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    engine: Engine,
    { owner, leaseMs = 30_000, pollMs = 1_000 }: WorkerOptions,
    signal: AbortSignal,
  ) {
    this.engine = engine;
    this.owner = owner;
    this.leaseMs = leaseMs;
    this.pollMs = pollMs;
    this.signal = signal;
  }

  async run(): Promise<void> {
    const ears = await this.listen();
    while (!this.signal.aborted) {
      try {
        await this.keepLeases();
        const claimed = await this.claim();
        if (!claimed) await this.nap();
      } catch (error) {
        // The database is away: nothing is lost, everything is written down there.
        this.engine.log.warn({ err: error }, 'the worker could not reach its lanes');
        await this.engine.clock.sleep(this.pollMs, this.signal);
      }
    }
    await Promise.allSettled(this.running.values());
    await inTransaction(this.engine.pools.dispatch, (tx) => releaseAccounts(tx, this.owner)).catch(() => {});
    ears?.release(true);
  }

  /** Something happened: the nap ends, or the next one does not begin. */
  ring(): void {
    this.rung = true;
    this.bell();
  }

  private async listen(): Promise<pg.PoolClient | null> {
    try {
      const client = await this.engine.pools.dispatch.connect();
      client.on('notification', () => this.ring());
      client.on('error', () => this.ring());
      await client.query(`listen ${laneChannel}`);
      return client;
    } catch (error) {
      // Polling finds the same work a second later.
      this.engine.log.warn({ err: error }, 'the worker polls without notifications');
      return null;
    }
  }

  /** A third of a lease may pass before it is renewed: two misses are survived, the third hands over. */
  private async keepLeases(): Promise<void> {
    const nowMs = this.engine.clock.now().getTime();
    if (nowMs - this.heldAtMs < this.leaseMs / 3) return;
    const accounts = await this.engine.systems.accounts();
    await inTransaction(this.engine.pools.dispatch, async (tx) => {
      for (const { account } of accounts) {
        const fence = await holdAccount(tx, account, this.owner, this.leaseMs);
        if (fence === null) this.fences.delete(account);
        else this.fences.set(account, fence);
      }
      await renewLanes(tx, [...this.running.keys()], this.leaseMs);
    });
    this.heldAtMs = nowMs;
  }

  private async claim(): Promise<boolean> {
    let any = false;
    for (const { account, inFlight } of await this.engine.systems.accounts()) {
      const fence = this.fences.get(account);
      const busy = this.busyOn(account);
      if (fence === undefined || busy >= inFlight) continue;
      const lanes = await inTransaction(this.engine.pools.dispatch, (tx) =>
        claimLanes(tx, account, inFlight - busy, this.leaseMs),
      );
      for (const lane of lanes) this.start(lane, fence);
      any ||= lanes.length > 0;
    }
    return any;
  }

  private start(lane: Lane, accountFence: string): void {
    const work = this.work(lane, accountFence).finally(() => {
      this.running.delete(lane);
      this.ring();
    });
    this.running.set(lane, work);
  }

  private async work(lane: Lane, accountFence: string): Promise<void> {
    let next: Parameters<typeof releaseLane>[2];
    try {
      next = await this.handle(lane, accountFence);
    } catch (error) {
      next = this.afterTrouble(lane, error);
      if (lane.attempts === TROUBLE_TOLD_AT) await this.tellTrouble(lane, next.error ?? '');
    }
    await inTransaction(this.engine.pools.dispatch, (tx) => releaseLane(tx, lane, next)).catch(
      (error: unknown) => {
        this.engine.log.warn({ err: error, lane: lane.id }, 'the lane comes back when its lease ends');
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
      subject: `lane:${lane.stage}:${lane.id}`,
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

  private async nap(): Promise<void> {
    const free = await this.freeAccounts();
    const due = await inTransaction(this.engine.pools.dispatch, (tx) => nextDueMs(tx, free));
    const woken = new AbortController();
    this.bell = () => woken.abort();
    if (!this.rung)
      await this.engine.clock.sleep(
        Math.max(5, Math.min(this.pollMs, due ?? this.pollMs)),
        AbortSignal.any([woken.signal, this.signal]),
      );
    this.bell = () => {};
    this.rung = false;
  }

  /** Due lanes of a full account are no reason to stay awake: the end of one of its lanes rings. */
  private async freeAccounts(): Promise<string[]> {
    const accounts = await this.engine.systems.accounts();
    return accounts
      .filter(({ account, inFlight }) => this.fences.has(account) && this.busyOn(account) < inFlight)
      .map(({ account }) => account);
  }

  private busyOn(account: string): number {
    return [...this.running.keys()].filter((lane) => lane.account === account).length;
  }
}
