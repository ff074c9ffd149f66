import type { WebhookEvent } from '../procore/hub.ts';
import type { HeardSignal } from '../store/hook-door.ts';
import { wakeLane } from '../store/lane.ts';
import { receiveSignal } from '../store/signal.ts';
import type { Tx } from '../store/transaction.ts';
import type { OpenConnection } from './engine.ts';
import { sourceLane, sweepLane } from './lanes.ts';

const contractTypes: Readonly<Record<string, string>> = {
  'work-order-contract': 'subcontract',
  'purchase-order-contract': 'purchase-order',
};

/** What the events of a delivery tell us; what we wrote ourselves comes back as an event, and is dropped. */
export function signalsOf(at: OpenConnection, events: readonly WebhookEvent[]): HeardSignal[] {
  return events
    .filter(
      ({ sourceApplicationId }) =>
        sourceApplicationId === null || sourceApplicationId !== at.hub?.applicationId,
    )
    .map((event) => signalOf(at, event));
}

function signalOf(at: OpenConnection, event: WebhookEvent): HeardSignal {
  const { dedupeKey: key, nativeId, projectId, userId } = event;
  const type = contractTypes[event.object];
  const object = type === undefined ? event.object : 'commitment';
  return {
    key,
    object,
    nativeId,
    hint: { projectId, userId, type: type ?? null },
    lane: laneOf(at, object, event),
  };
}

/** Objects of events that have a lane for each record. */
const ROOMS: ReadonlySet<string> = new Set(['commitment', 'change-order', 'erp-request']);

/**
 * Where an event is worked: in the lane of its record, else by the next look at its list. Nobody looks for what
 * this version does not carry; its signal stays.
 */
function laneOf(at: OpenConnection, object: string, { nativeId }: WebhookEvent): HeardSignal['lane'] {
  if (ROOMS.has(object)) return sourceLane(at, object, nativeId);
  return at.connection.pull[object] === undefined ? null : sweepLane(at, `pull:${object}`);
}

/** Writes signals down that did not come through the door; those that did are duplicates. Answers how many are new. */
export async function hear(tx: Tx, at: OpenConnection, signals: readonly HeardSignal[]): Promise<number> {
  let fresh = 0;
  for (const { key, object, nativeId, hint, lane } of signals) {
    if (!(await receiveSignal(tx, { connection: at.id, dedupeKey: key, object, nativeId, hint }))) continue;
    fresh += 1;
    if (lane !== null) await wakeLane(tx, { stage: lane.stage, id: lane.id, account: at.account });
  }
  return fresh;
}
