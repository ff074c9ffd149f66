import type { Lane } from '../../store/work/lane.ts';

// What is claimed ahead covers the next claim and no more: a lane in hand is one that nobody else can serve.
const AHEAD_MS = 250;
const MOST_AHEAD = 500;
// How many ended lanes it takes until the measured time of one follows the present.
const REMEMBERED = 8;
// Until one has been measured a lane is taken for slow, so that few are claimed ahead.
const FIRST_GUESS_MS = 1_000;

/** What a worker has in hand of one account: lanes that run, and a few that begin when a place is free. */
export class AccountLanes {
  readonly account: string;
  readonly running = new Set<Lane>();
  fence: string | null = null;
  places = 1;
  /** Whether a claim may find anything: it was woken, or the last claim brought all it asked for. */
  mayHaveMore = true;
  private waiting: Lane[] = [];
  private laneMs = FIRST_GUESS_MS;

  constructor(account: string) {
    this.account = account;
  }

  /** How many to claim now; none while enough wait for a place, so that claims come in batches. */
  wanted(leaseMs: number): number {
    if (this.fence === null || !this.mayHaveMore) return 0;
    const ahead = this.ahead(leaseMs);
    const free = this.places - this.running.size;
    return this.waiting.length > Math.max(0, free) + ahead / 2 ? 0 : free + ahead - this.waiting.length;
  }

  add(lanes: readonly Lane[]): void {
    this.waiting.push(...lanes);
  }

  /** The next lane that may begin, with its place taken. */
  begin(): Lane | null {
    if (this.fence === null || this.running.size >= this.places) return null;
    const lane = this.waiting.shift() ?? null;
    if (lane !== null) this.running.add(lane);
    return lane;
  }

  ended(lane: Lane, tookMs: number): void {
    this.running.delete(lane);
    this.laneMs += (tookMs - this.laneMs) / REMEMBERED;
  }

  /** Gives up what has not begun. */
  drop(): readonly Lane[] {
    const dropped = this.waiting;
    this.waiting = [];
    return dropped;
  }

  get inHand(): readonly Lane[] {
    return [...this.running, ...this.waiting];
  }

  /** As many as begin within a moment that is short beside the lease, at the pace of the last lanes. */
  private ahead(leaseMs: number): number {
    const momentMs = Math.min(AHEAD_MS, leaseMs / 10);
    return Math.min(MOST_AHEAD, Math.floor((this.places * momentMs) / Math.max(0.1, this.laneMs)));
  }
}
