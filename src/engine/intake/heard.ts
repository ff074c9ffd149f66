import { CONTEXT } from '../../procore/context/context-objects.ts';
import type { WebhookEvent } from '../../procore/hub.ts';
import type { Tx } from '../../store/database/transaction.ts';
import type { HeardSignal } from '../../store/intake/hook-door.ts';
import { knownSignals, receiveSignal } from '../../store/intake/signal.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { sourceLane, sweepLane } from '../lanes.ts';
import { step } from '../step.ts';

const contractTypes: Readonly<Record<string, string>> = {
  'work-order-contract': 'subcontract',
  'purchase-order-contract': 'purchase-order',
};

/** What the events of a delivery tell us; what we wrote ourselves comes back as an event, and is dropped. */
export function signalsOf(at: OpenConnection, events: readonly WebhookEvent[]): HeardSignal[] {
  return events.filter((event) => !isOurs(at, event)).map((event) => signalOf(at, event));
}

/** The newest payloads name no application: there the service account's own user says whose change it was. */
function isOurs({ hub }: OpenConnection, { sourceApplicationId, userId }: WebhookEvent): boolean {
  if (hub === null) return false;
  if (sourceApplicationId !== null) return sourceApplicationId === hub.applicationId;
  return userId !== null && userId === hub.ownUserId;
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

const ROOMS: readonly string[] = ['commitment', 'change-order', 'prime-contract', 'erp-request', 'insurance'];

/** Objects of events that have a lane for each record: what nothing shows alone is found by a look at its list. */
export function roomsOf({ hub }: OpenConnection): readonly string[] {
  return [...ROOMS, ...(hub?.context ?? []).filter((object) => CONTEXT[object].page !== null)];
}

/** Entries of the company's directory: an edit of one is told for every project that has it, and changes none. */
export const DIRECTORY: readonly string[] = ['vendor', 'user'];

/**
 * Where an event is worked: in the lane of its record, else by the next look at its list, else by one at its project.
 * What is none of them is kept, and no more.
 */
function laneOf(
  at: OpenConnection,
  object: string,
  { nativeId, projectId }: WebhookEvent,
): HeardSignal['lane'] {
  if (roomsOf(at).includes(object)) return sourceLane(at, object, nativeId);
  if (at.connection.pull[object] !== undefined) return sweepLane(at, `pull:${object}`);
  return projectId === null || DIRECTORY.includes(object) ? null : sweepLane(at, 'projects');
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

/**
 * The same for many that Procore lists, which may be coming through the door just now in another order: each is written
 * by itself, because whoever waits for one while holding another can be waited for by the door.
 */
export async function hearListed(
  engine: Pick<Engine, 'pools'>,
  at: OpenConnection,
  signals: readonly HeardSignal[],
): Promise<number> {
  const keys = signals.map(({ key }) => key);
  const known = await step(engine, at.tenant, (tx) => knownSignals(tx, at.id, keys));
  let fresh = 0;
  for (const signal of signals)
    if (!known.has(signal.key)) fresh += await step(engine, at.tenant, (tx) => hear(tx, at, [signal]));
  return fresh;
}
