import type { PrimeChangeOrderRecord } from '../../domain/owner/prime-contract.ts';
import type { ChangeOrderRef } from '../../procore/hub.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { takeSignals } from '../../store/intake/signal.ts';
import { findRecord, markGone, noteShown, type RecordKey } from '../../store/records/record.ts';
import { newestItem } from '../../store/requests/request-item.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { planPrimeChangeOrder } from '../plan/plan-prime-change-order.ts';
import { hubOf, isGone, missingSubject, notThere } from '../plan/visibility.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';

/** Works one change order of a prime contract: its present state, that of its contract, its plan. */
export async function resolvePrimeChangeOrder(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  id: string,
): Promise<void> {
  const hub = hubOf(at);
  const key = { connection: at.id, object: 'prime-change-order', nativeId: id };
  const ref = await step(engine, lane.tenant, (tx) => changeOrderRef(tx, key));
  if (ref === null) return notThere(engine, lane, at, key.object, id);
  const pulled = await hub.fetchPrimeChangeOrder(ref);
  const record = pulled?.record.object === 'prime-change-order' ? pulled.record : null;
  // Which contract of the ERP it changes is what Procore says of its own contract now.
  const contract =
    record === null
      ? null
      : await hub.fetchPrimeContract({ id: record.contractId, projectId: record.projectId });
  engine.failPoint('after-fetch');
  if (pulled === null && !(await isGone(engine, lane, at, key)))
    return notThere(engine, lane, at, key.object, id);
  await step(engine, lane.tenant, async (tx) => {
    await takeSignals(tx, at.id, key.object, id);
    if (contract !== null) await keepRecord(tx, at.id, contract);
    if (pulled === null) await markGone(tx, key);
    else {
      await keepRecord(tx, at.id, pulled);
      await noteShown(tx, key);
      await expireSubject(tx, 'quarantined', missingSubject(key));
    }
    await planPrimeChangeOrder(engine, tx, at, id);
  });
  engine.failPoint('after-plan');
}

/** Where to look: the newest request says it, else the record we know. */
async function changeOrderRef(tx: Tx, key: RecordKey): Promise<ChangeOrderRef | null> {
  const { connection, object, nativeId: id } = key;
  const item = await newestItem(tx, connection, object, id);
  if (item !== null && item.projectId !== null) return { id, projectId: item.projectId };
  const known = await findRecord<PrimeChangeOrderRecord>(tx, key);
  return known === null ? null : { id, projectId: known.body.projectId };
}
