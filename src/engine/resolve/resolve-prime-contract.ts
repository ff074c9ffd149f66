import type { Pulled } from '../../connectors/connector.ts';
import type { PrimeContractRecord } from '../../domain/owner/prime-contract.ts';
import { waitKeys } from '../../domain/reasons.ts';
import { isNotShown } from '../../procore/http/errors.ts';
import type { PrimeContractRef } from '../../procore/hub.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { takeSignals, waitingHints } from '../../store/intake/signal.ts';
import { findRecord, markGone, noteShown, type RecordKey } from '../../store/records/record.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { hubOf, isGone, missingSubject, notThere } from '../plan/visibility.ts';
import { wakeWaiting } from '../plan/wake.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';

/** Keeps the present state of one prime contract: what waits for its id in the ERP looks again. */
export async function resolvePrimeContract(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  id: string,
): Promise<void> {
  const key = { connection: at.id, object: 'prime-contract', nativeId: id };
  const ref = await step(engine, lane.tenant, (tx) => primeContractRef(tx, key));
  if (ref === null) return notThere(engine, lane, at, key.object, id);
  const pulled = await shown(at, ref);
  engine.failPoint('after-fetch');
  if (pulled === CLOSED)
    return step(engine, lane.tenant, async (tx) => {
      await takeSignals(tx, at.id, key.object, id);
    });
  if (pulled === null && !(await isGone(engine, lane, at, key)))
    return notThere(engine, lane, at, key.object, id);
  await step(engine, lane.tenant, async (tx) => {
    await takeSignals(tx, at.id, key.object, id);
    if (pulled === null) await markGone(tx, key);
    else {
      await keepRecord(tx, at.id, pulled);
      await noteShown(tx, key);
      await expireSubject(tx, 'quarantined', missingSubject(key));
    }
    await wakeWaiting(engine, tx, at.tenant, 'record', waitKeys.record(key.object, id));
  });
}

const CLOSED = 'closed';

/** Who bills no owner through the integration need not let it see prime contracts: webhooks tell of them all the same. */
async function shown(at: OpenConnection, ref: PrimeContractRef): Promise<Pulled | null | typeof CLOSED> {
  try {
    return await hubOf(at).fetchPrimeContract(ref);
  } catch (error) {
    if (isNotShown(error)) return CLOSED;
    throw error;
  }
}

async function primeContractRef(tx: Tx, key: RecordKey): Promise<PrimeContractRef | null> {
  const { connection, object, nativeId: id } = key;
  const known = await findRecord<PrimeContractRecord>(tx, key);
  if (known !== null) return { id, projectId: known.body.projectId };
  const hints = await waitingHints(tx, connection, object, id);
  const projectId = hints.map((hint) => hint.projectId ?? null).find((value) => value !== null) ?? null;
  return projectId === null ? null : { id, projectId };
}
