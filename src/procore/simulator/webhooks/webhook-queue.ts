import { request } from 'undici';
import type { WebhookFaultKind } from '../faults.ts';
import type { PacedClock } from './webhook-clock.ts';
import type { EventBody } from './webhook-payloads.ts';

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 3_600_000;
const GIVE_UP_AFTER_MS = 12 * 3_600_000;
/** How long a delivery waits for a follower to swap with before it goes out in its old place. */
const SWAP_WAIT_REAL_MS = 250;
/** Node refuses longer timers; a queue that wakes early just arms again. */
const LONGEST_TIMER_MS = 2_000_000_000;

/** One request of a delivery, and what came of it. */
export type Try = {
  response_status: number | null;
  response_error: string | null;
  started_at: number;
  completed_at: number;
};

export type Delivery = {
  id: number;
  hook_id: number;
  event: EventBody;
  queued_at: number;
  url: string;
  headers: Record<string, string>;
  outcome: 'enqueued' | 'ok' | 'retried' | 'discarded';
  attempts: number;
  tries: Try[];
  accepted: number;
  copies: number;
  reordered: boolean;
  response_status: number | null;
  response_error: string | null;
  started_at: number | null;
  completed_at: number | null;
};

export type QueueRoom = {
  clock: PacedClock;
  now: () => number;
  timeoutMs: () => number;
  reached: (kind: WebhookFaultKind) => void;
};

/** Deliveries to one destination: one at a time, and a failure pauses all of them. */
export class DestinationQueue {
  private readonly room: QueueRoom;
  private readonly waiting: Delivery[] = [];
  private held: Delivery | null = null;
  private swapTimer: NodeJS.Timeout | null = null;
  private pauseTimer: NodeJS.Timeout | null = null;
  private pausedUntil: number | null = null;
  private failingSince: number | null = null;
  private backoffMs = FIRST_BACKOFF_MS;
  private sending = false;
  private readonly stopping = new AbortController();

  constructor(room: QueueRoom) {
    this.room = room;
  }

  add(delivery: Delivery, swapWithNext: boolean): void {
    if (this.held === null && swapWithNext) {
      this.held = delivery;
      this.swapTimer = setTimeout(() => this.release(), SWAP_WAIT_REAL_MS);
      return;
    }
    this.waiting.push(delivery);
    if (this.held) {
      this.held.reordered = true;
      this.release();
    }
    this.pump();
  }

  /** Looks at the pause again after simulated time was moved. */
  rearm(): void {
    if (this.pausedUntil === null) return;
    if (this.pauseTimer) clearTimeout(this.pauseTimer);
    const waitMs = Math.min(this.room.clock.realMsUntil(this.pausedUntil), LONGEST_TIMER_MS);
    this.pauseTimer = setTimeout(() => {
      if (this.pausedUntil !== null && this.room.clock.now() < this.pausedUntil) {
        this.rearm();
        return;
      }
      this.pausedUntil = null;
      this.pump();
    }, waitMs);
  }

  stop(): void {
    this.stopping.abort();
    if (this.swapTimer) clearTimeout(this.swapTimer);
    if (this.pauseTimer) clearTimeout(this.pauseTimer);
  }

  private release(): void {
    if (this.swapTimer) clearTimeout(this.swapTimer);
    const held = this.held;
    this.held = null;
    if (held) this.waiting.push(held);
    this.pump();
  }

  private pump(): void {
    const next = this.waiting[0];
    if (this.sending || this.pausedUntil !== null || !next || this.stopping.signal.aborted) return;
    this.sending = true;
    void this.attempt(next).then((accepted) => {
      this.sending = false;
      if (this.stopping.signal.aborted) return;
      if (accepted) this.succeeded(next);
      else this.failed(next);
      this.pump();
    });
  }

  private async attempt(delivery: Delivery): Promise<boolean> {
    const startedAt = this.room.now();
    delivery.started_at ??= startedAt;
    delivery.attempts += 1;
    const accepted = await this.post(delivery);
    const { response_status, response_error } = delivery;
    const completed = {
      response_status,
      response_error,
      started_at: startedAt,
      completed_at: this.room.now(),
    };
    delivery.tries.push(completed);
    return accepted;
  }

  private async post(delivery: Delivery): Promise<boolean> {
    try {
      const answer = await request(delivery.url, {
        method: 'POST',
        headers: { ...delivery.headers, 'content-type': 'application/json' },
        body: JSON.stringify(delivery.event),
        signal: AbortSignal.any([this.stopping.signal, AbortSignal.timeout(this.room.timeoutMs())]),
      });
      await answer.body.dump();
      delivery.response_status = answer.statusCode;
      delivery.response_error = null;
      return answer.statusCode >= 200 && answer.statusCode < 300;
    } catch (error) {
      delivery.response_status = null;
      delivery.response_error = error instanceof Error ? error.message : 'connection failed';
      return false;
    }
  }

  private succeeded(delivery: Delivery): void {
    this.failingSince = null;
    this.backoffMs = FIRST_BACKOFF_MS;
    delivery.accepted += 1;
    if (delivery.accepted === 2) this.room.reached('duplicate-webhook');
    if (delivery.accepted < delivery.copies) return;
    delivery.outcome = 'ok';
    delivery.completed_at = this.room.now();
    if (delivery.reordered) this.room.reached('reordered-webhook');
    this.waiting.shift();
  }

  private failed(delivery: Delivery): void {
    const now = this.room.clock.now();
    delivery.outcome = 'retried';
    this.failingSince ??= now;
    if (now - this.failingSince >= GIVE_UP_AFTER_MS) {
      for (const lost of this.waiting.splice(0)) {
        lost.outcome = 'discarded';
        lost.completed_at = this.room.now();
      }
      this.failingSince = null;
      this.backoffMs = FIRST_BACKOFF_MS;
      return;
    }
    this.pausedUntil = now + this.backoffMs;
    this.backoffMs = Math.min(this.backoffMs * 2, LONGEST_BACKOFF_MS);
    this.rearm();
  }
}
