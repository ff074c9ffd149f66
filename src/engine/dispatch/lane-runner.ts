import type pg from 'pg';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { inStatement } from '../../store/database/transaction.ts';
import { holdAccounts, releaseAccounts } from '../../store/work/account-lease.ts';
import {
  claimLanes,
  type Lane,
  type LaneEnd,
  type Leaving,
  laneChannel,
  nextDueMs,
  releaseLanes,
  renewLanes,
} from '../../store/work/lane.ts';
import { AccountLanes } from './account-lanes.ts';

export type LaneRunnerOptions = {
  /** Connections of the dispatcher: the loop keeps one to listen and uses one more at a time. */
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly owner: string;
  readonly leaseMs: number;
  readonly pollMs: number;
  /** The accounts to serve, and how many of their lanes may run at once. */
  readonly accounts: () => Promise<readonly { readonly account: string; readonly lanes: number }[]>;
  /** Works one lane. It never throws: what went wrong is an end as well. */
  readonly work: (lane: Lane, accountFence: string) => Promise<LaneEnd>;
};

// Lanes whose rows somebody was holding are given back again after this.
const LOCKED_AGAIN_MS = 20;
// Lanes that end while others run are given back together: so long the first of them waits for company.
const GATHER_MS = 5;

/**
 * Serves the lanes of every account it can hold, until stopped. One loop claims and gives back in batches while
 * lanes run beside it: a lane that ends frees its place at once, and the next in hand begins without a query.
 */
export class LaneRunner {
  private readonly options: LaneRunnerOptions;
  private readonly stopping = new AbortController();
  private readonly served = new Map<string, AccountLanes>();
  private leaving: Leaving[] = [];
  private bell: () => void = () => {};
  private rung = false;
  private ears: pg.PoolClient | null = null;
  private heldAtMs = Number.NEGATIVE_INFINITY;
  private lookAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: LaneRunnerOptions) {
    this.options = options;
  }

  async run(): Promise<void> {
    const { clock, log, pollMs, pool, owner } = this.options;
    while (!this.isStopping) {
      try {
        await this.keepLeases();
        await Promise.all([this.giveBack(), this.claim()]);
        await this.rest();
      } catch (error) {
        // The database is away: nothing is lost, everything is written down there.
        log.warn({ err: error }, 'the worker could not reach its lanes');
        await clock.sleep(pollMs, this.stopping.signal);
      }
    }
    await this.end();
    await inStatement(pool, (tx) => releaseAccounts(tx, owner)).catch(() => {});
    this.deafen();
  }

  stop(): void {
    this.stopping.abort();
    this.ring();
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Something happened: the rest ends, or the next one does not begin. */
  private ring(): void {
    this.rung = true;
    this.bell();
  }

  /** Listens again when the connection broke: until then polling finds the same work a second later. */
  private async listen(): Promise<void> {
    if (this.ears !== null) return;
    try {
      const client = await this.options.pool.connect();
      this.ears = client;
      client.on('notification', ({ payload }) => {
        const woken = payload === undefined ? undefined : this.served.get(payload);
        if (woken === undefined) return;
        woken.mayHaveMore = true;
        this.ring();
      });
      client.on('error', () => {
        if (this.ears === client) this.deafen();
      });
      await client.query(`listen ${laneChannel}`);
      this.lookEverywhere();
    } catch (error) {
      this.deafen();
      this.options.log.warn({ err: error }, 'the worker polls without notifications');
    }
  }

  private deafen(): void {
    this.ears?.release(true);
    this.ears = null;
  }

  /** A third of a lease may pass before it is renewed: two misses are survived, the third hands over. */
  private async keepLeases(): Promise<void> {
    const { clock, leaseMs, owner, pool } = this.options;
    const nowMs = clock.now().getTime();
    if (nowMs - this.heldAtMs < leaseMs / 3) return;
    await this.listen();
    const accounts = await this.options.accounts();
    const names = accounts.map(({ account }) => account);
    const fences = await inStatement(pool, (tx) => holdAccounts(tx, names, owner, leaseMs));
    for (const { account, lanes } of accounts) {
      const served = this.served.get(account) ?? new AccountLanes(account);
      this.served.set(account, served);
      served.places = lanes;
      served.fence = fences.get(account) ?? null;
    }
    for (const served of this.all) {
      if (!fences.has(served.account)) served.fence = null;
      if (served.fence === null) this.leaveUntouched(served);
    }
    const inHand = [...this.all].flatMap((served) => served.inHand);
    if (inHand.length > 0) await inStatement(pool, (tx) => renewLanes(tx, inHand, leaseMs));
    this.heldAtMs = nowMs;
  }

  private async claim(): Promise<void> {
    const { leaseMs, pool } = this.options;
    for (const served of this.all) {
      const wanted = served.wanted(leaseMs);
      if (wanted <= 0) continue;
      // A wake-up that arrives while the claim runs must not be forgotten with it.
      served.mayHaveMore = false;
      const lanes = await inStatement(pool, (tx) => claimLanes(tx, served.account, wanted, leaseMs)).catch(
        (error: unknown) => {
          served.mayHaveMore = true;
          throw error;
        },
      );
      served.mayHaveMore ||= lanes.length === wanted;
      served.add(lanes);
      this.begin(served);
    }
  }

  private begin(served: AccountLanes): void {
    if (this.isStopping) return;
    for (let lane = served.begin(); lane !== null; lane = served.begin()) void this.work(served, lane);
  }

  private async work(served: AccountLanes, lane: Lane): Promise<void> {
    const { clock, work } = this.options;
    const startedMs = clock.now().getTime();
    const end = await work(lane, served.fence ?? '');
    served.ended(lane, clock.now().getTime() - startedMs);
    this.leaving.push({ lane, end });
    this.begin(served);
    this.bell();
  }

  private async giveBack(): Promise<void> {
    if (this.leaving.length === 0) return;
    const leaving = this.leaving;
    this.leaving = [];
    try {
      const { locked, dueMs } = await inStatement(this.options.pool, (tx) => releaseLanes(tx, leaving));
      this.leaving.push(...locked);
      if (locked.length > 0) this.lookWithin(LOCKED_AGAIN_MS);
      if (dueMs !== null) this.lookWithin(dueMs);
    } catch (error) {
      this.leaving.push(...leaving);
      throw error;
    }
  }

  private leaveUntouched(served: AccountLanes): void {
    this.leaving.push(...served.drop().map((lane) => ({ lane, end: { untouched: true } as const })));
  }

  /** Until something happens or is due. What is due is asked for only when no work is in hand. */
  private async rest(): Promise<void> {
    const { clock, pollMs, pool } = this.options;
    if (!this.isInHand && !this.rung) {
      const held = [...this.all].filter(({ fence }) => fence !== null).map(({ account }) => account);
      const dueMs = await inStatement(pool, (tx) => nextDueMs(tx, held));
      if (dueMs !== null) this.lookWithin(dueMs);
    }
    const waitMs = Math.min(this.lookAtMs - clock.now().getTime(), pollMs);
    if (!this.rung && !this.wantsMore && this.leaving.length === 0) await this.sleep(Math.max(5, waitMs));
    if (!this.rung && !this.wantsMore && this.isInHand) await this.sleep(GATHER_MS);
    this.rung = false;
    if (clock.now().getTime() >= this.lookAtMs) this.lookEverywhere();
  }

  private async sleep(ms: number): Promise<void> {
    const woken = new AbortController();
    this.bell = () => woken.abort();
    await this.options.clock.sleep(ms, woken.signal);
    this.bell = () => {};
  }

  private lookWithin(ms: number): void {
    this.lookAtMs = Math.min(this.lookAtMs, this.options.clock.now().getTime() + ms);
  }

  private lookEverywhere(): void {
    this.lookAtMs = this.options.clock.now().getTime() + this.options.pollMs;
    for (const served of this.all) served.mayHaveMore = true;
  }

  /** What has begun is worked to its end; what has not goes back for whoever comes next. */
  private async end(): Promise<void> {
    for (const served of this.all) this.leaveUntouched(served);
    do {
      await this.keepLeases()
        .then(() => this.giveBack())
        .catch((error: unknown) => {
          this.options.log.warn({ err: error }, 'lanes come back when their leases end');
        });
      if (this.isInHand && this.leaving.length === 0) await this.sleep(this.options.pollMs);
    } while (this.isInHand);
    await this.giveBack().catch(() => {});
  }

  private get isInHand(): boolean {
    return [...this.all].some((served) => served.inHand.length > 0);
  }

  private get wantsMore(): boolean {
    return [...this.all].some((served) => served.wanted(this.options.leaseMs) > 0);
  }

  private get all(): IterableIterator<AccountLanes> {
    return this.served.values();
  }
}
