import type { ChangeOrderRecord } from '../../domain/records.ts';
import type { ChangeOrderRef } from '../../procore/hub.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { takeSignals, waitingHints } from '../../store/intake/signal.ts';
import { findRecord, markGone, noteShown, type RecordKey } from '../../store/records/record.ts';
import { newestItem } from '../../store/requests/request-item.ts';
import { type Lane, wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { sourceLane } from '../lanes.ts';
import { planChangeOrder } from '../plan/plan-change-order.ts';
import { hubOf, isGone, missingSubject, notThere } from '../plan/visibility.ts';
import { linkImportedChange } from '../requests/imported-change.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';
import { readOrderFiles } from './read-files.ts';

/** Works one change order: its present state, and its plan. */
export async function resolveChangeOrder(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  id: string,
): Promise<void> {
  const key = { connection: at.id, object: 'change-order', nativeId: id };
  const ref = await step(engine, lane.tenant, (tx) => changeOrderRef(tx, key));
  if (ref === null) return notThere(engine, lane, at, key.object, id);
  const pulled = await hubOf(at).fetchChangeOrder(ref);
  engine.failPoint('after-fetch');
  if (pulled === null && !(await isGone(engine, lane, at, key)))
    return notThere(engine, lane, at, key.object, id);
  if (pulled?.record.object === 'change-order')
    await readOrderFiles(engine, lane, at, pulled.record, (file) =>
      hubOf(at).orderFiles.ofChangeOrder(ref, file),
    );
  await step(engine, lane.tenant, async (tx) => {
    await takeSignals(tx, at.id, key.object, id);
    if (pulled === null) await markGone(tx, key);
    else {
      await keepRecord(tx, at.id, pulled);
      await noteShown(tx, key);
      await expireSubject(tx, 'quarantined', missingSubject(key));
    }
    await planChangeOrder(engine, tx, at, id);
    await wakePrime(tx, at, id);
  });
  if (pulled?.record.object === 'change-order') await linkImportedChange(engine, at, pulled.record);
  engine.failPoint('after-plan');
}

/** Procore tells of both kinds of packages alike: one that was sent as a prime contract's is looked at as that. */
async function wakePrime(tx: Tx, at: OpenConnection, id: string): Promise<void> {
  const object = 'prime-change-order';
  const known = await findRecord(tx, { connection: at.id, object, nativeId: id });
  if (known !== null) await wakeLane(tx, sourceLane(at, object, id));
}

/** Where to look: the newest request says it, else the record we know, else the webhook's hint. */
async function changeOrderRef(tx: Tx, key: RecordKey): Promise<ChangeOrderRef | null> {
  const { connection, object, nativeId: id } = key;
  const item = await newestItem(tx, connection, object, id);
  if (item !== null && item.projectId !== null) return { id, projectId: item.projectId };
  const known = await findRecord<ChangeOrderRecord>(tx, key);
  if (known !== null) return { id, projectId: known.body.projectId };
  const hints = await waitingHints(tx, connection, object, id);
  const projectId = hints.map((hint) => hint.projectId ?? null).find((value) => value !== null) ?? null;
  return projectId === null ? null : { id, projectId };
}
