import type { WebhookEvent } from '../procore/hub.ts';
import { webhookEvents } from '../procore/webhooks.ts';
import { wakeLane } from '../store/lane.ts';
import { keepPayload } from '../store/payload.ts';
import { receiveSignal } from '../store/signal.ts';
import type { Tx } from '../store/transaction.ts';
import type { Engine, OpenConnection } from './engine.ts';
import { sourceLane, sweepLane } from './lanes.ts';
import { step } from './step.ts';

/** Stores what a webhook hints at and wakes its lanes. Resolves when that is committed, and not before. */
export async function receiveWebhook(
  engine: Engine,
  delivery: { readonly tenant: string; readonly connection: string; readonly body: string },
): Promise<{ accepted: number }> {
  const at = await engine.systems.get(delivery.tenant, delivery.connection);
  const events = webhookEvents(delivery.body);
  const accepted = await step(engine, delivery.tenant, async (tx) => {
    await keepPayload(tx, delivery.body, 'signal');
    let fresh = 0;
    for (const event of events) if (await takeIn(tx, at, event)) fresh += 1;
    return fresh;
  });
  engine.failPoint('after-signal');
  return { accepted };
}

const contractTypes: Readonly<Record<string, string>> = {
  'work-order-contract': 'subcontract',
  'purchase-order-contract': 'purchase-order',
};

/** Our own echo is dropped. Any other event becomes one signal; an event of a list that is only pulled wakes that list's next look. */
async function takeIn(tx: Tx, at: OpenConnection, event: WebhookEvent): Promise<boolean> {
  if (event.sourceApplicationId !== null && event.sourceApplicationId === at.hub?.applicationId) return false;
  const type = contractTypes[event.object];
  const object = type === undefined ? event.object : 'commitment';
  const hint = { projectId: event.projectId, userId: event.userId, type: type ?? null };
  const fresh = await receiveSignal(tx, {
    connection: at.id,
    dedupeKey: event.dedupeKey,
    object,
    nativeId: event.nativeId,
    hint,
  });
  if (!fresh) return false;
  if (object === 'commitment' || object === 'erp-request')
    await wakeLane(tx, sourceLane(at, object, event.nativeId));
  else if (at.connection.pull[object] !== undefined) await wakeLane(tx, sweepLane(at, `pull:${object}`));
  return true;
}

/** A record that a sweep found changed: the same signal as a webhook's, once per version of the list. */
export async function receiveFound(
  tx: Tx,
  at: OpenConnection,
  found: {
    readonly object: string;
    readonly nativeId: string;
    readonly dedupeKey: string;
    readonly hint: Readonly<Record<string, string | null>>;
  },
): Promise<boolean> {
  const fresh = await receiveSignal(tx, { connection: at.id, ...found });
  if (fresh) await wakeLane(tx, sourceLane(at, found.object, found.nativeId));
  return fresh;
}
