import type { Wait } from '../domain/reasons.ts';
import { unpostedUsing, waitingFor } from '../store/document.ts';
import { wakeLane } from '../store/lane.ts';
import { outlastPlans } from '../store/plan-lock.ts';
import type { Tx } from '../store/transaction.ts';
import type { Engine } from './engine.ts';
import { sourceLane } from './lanes.ts';

/** Wakes the lanes of everything that waits for a key: the only way a waiting document is released. */
export async function wakeWaiting(
  engine: Engine,
  tx: Tx,
  tenant: string,
  kind: Wait['kind'],
  key: string,
): Promise<number> {
  await outlastPlans(tx);
  const waiting = await waitingFor(tx, kind, key);
  for (const source of waiting) {
    const at = await engine.systems.get(tenant, source.sourceConnection);
    await wakeLane(tx, sourceLane(at, source.sourceObject, source.sourceId));
  }
  return waiting.length;
}

/** A changed mapping row: those who wait for it, and unposted documents that already used it. */
export async function wakeMapping(
  engine: Engine,
  tx: Tx,
  tenant: string,
  kind: string,
  key: string,
): Promise<void> {
  await wakeWaiting(engine, tx, tenant, 'mapping', `${kind}:${key}`);
  for (const source of await unpostedUsing(tx, kind, key)) {
    const at = await engine.systems.get(tenant, source.sourceConnection);
    await wakeLane(tx, sourceLane(at, source.sourceObject, source.sourceId));
  }
}
