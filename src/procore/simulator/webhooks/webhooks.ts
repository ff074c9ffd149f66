import type { Faults, FiredFault, WebhookFaultKind } from '../faults.ts';
import type { Change } from '../records.ts';
import type { World } from '../state.ts';
import { PacedClock } from './webhook-clock.ts';
import { eventBody, type Happening, happening, type PayloadVersion } from './webhook-payloads.ts';
import { type Delivery, DestinationQueue, type QueueRoom } from './webhook-queue.ts';

export type Hook = {
  id: number;
  client_id: string;
  company_id: number;
  project_id: number | null;
  user_id: number;
  payload_version: PayloadVersion;
  status: 'active' | 'disabled';
  namespace: string;
  destination_url: string;
  destination_headers: Record<string, string>;
  created_at: number;
  updated_at: number;
};

export type Trigger = {
  id: number;
  hook_id: number;
  resource_name: string;
  event_type: 'create' | 'update' | 'delete';
};

const DELIVERIES_MAX_ROWS = 200_000;

/** Hooks, triggers and what became of every event: one queue per destination, in order. */
export class WebhookDesk {
  readonly hooks = new Map<number, Hook>();
  readonly triggers = new Map<number, Trigger>();
  readonly deliveries: Delivery[] = [];
  readonly clock: PacedClock;
  private readonly queues = new Map<string, DestinationQueue>();
  private readonly world: World;
  private readonly faults: Faults;

  constructor(world: World, faults: Faults) {
    this.world = world;
    this.faults = faults;
    this.clock = new PacedClock(world.settings.webhooks.time_scale);
  }

  /** Stops every timer and request; what is queued stays undelivered. */
  stop(): void {
    for (const queue of this.queues.values()) queue.stop();
    this.queues.clear();
  }

  /** Moves simulated time, so that paused queues try again when their pause is over. */
  advance(ms: number): void {
    this.clock.advance(ms);
    for (const queue of this.queues.values()) queue.rearm();
  }

  setPace(timeScale: number): void {
    this.clock.setScale(timeScale);
    for (const queue of this.queues.values()) queue.rearm();
  }

  publish(change: Change): void {
    const listening = [...this.triggers.values()].filter((trigger) => this.hears(trigger, change));
    if (listening.length === 0) return;
    const told = happening(this.world, change);
    for (const trigger of listening) {
      const hook = this.hooks.get(trigger.hook_id);
      if (hook) this.send(hook, told);
    }
  }

  private hears(trigger: Trigger, change: Change): boolean {
    const hook = this.hooks.get(trigger.hook_id);
    return (
      hook?.status === 'active' &&
      trigger.resource_name === change.resource_name &&
      trigger.event_type === change.event_type &&
      hook.company_id === change.company_id &&
      (hook.project_id === null || hook.project_id === change.project_id)
    );
  }

  private send(hook: Hook, told: Happening): void {
    const { change } = told;
    const fired = this.faults.forWebhook(`${change.resource_name}/${change.event_type}`);
    const fault = (kind: WebhookFaultKind): FiredFault<WebhookFaultKind> | undefined =>
      fired.find((candidate) => candidate.kind === kind);
    const duplicate = fault('duplicate-webhook');
    const delivery: Delivery = {
      id: this.world.nextId(),
      hook_id: hook.id,
      event: eventBody(this.world, hook.payload_version, told),
      queued_at: told.at,
      url: hook.destination_url,
      headers: hook.destination_headers,
      outcome: 'enqueued',
      attempts: 0,
      tries: [],
      accepted: 0,
      copies: duplicate ? (duplicate.params.copies ?? this.faults.between(2, 5)) : 1,
      reordered: false,
      response_status: null,
      response_error: null,
      started_at: null,
      completed_at: null,
    };
    if (this.deliveries.length >= DELIVERIES_MAX_ROWS) this.deliveries.shift();
    this.deliveries.push(delivery);
    if (fault('lost-webhook')) {
      delivery.outcome = 'discarded';
      delivery.completed_at = this.world.clock.now();
      this.faults.reached('lost-webhook');
      return;
    }
    this.queueFor(hook.destination_url).add(delivery, fault('reordered-webhook') !== undefined);
  }

  private queueFor(url: string): DestinationQueue {
    let queue = this.queues.get(url);
    if (!queue) {
      const world = this.world;
      const room: QueueRoom = {
        clock: this.clock,
        now: () => world.clock.now(),
        timeoutMs: () => world.settings.webhooks.timeout_ms,
        reached: (kind) => this.faults.reached(kind),
      };
      queue = new DestinationQueue(room);
      this.queues.set(url, queue);
    }
    return queue;
  }
}
