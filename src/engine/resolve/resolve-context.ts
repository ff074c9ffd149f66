import type { ContextObject, ContextRecord } from '../../domain/context-record.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { takeSignals, waitingHints } from '../../store/intake/signal.ts';
import { findRecord, markGone, noteShown, type RecordKey } from '../../store/records/record.ts';
import type { Lane } from '../../store/work/lane.ts';
import { wakePlaces } from '../../store/work/sweep-place.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { hubOf, isGone } from '../plan/visibility.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';

// One that was announced may show up a moment later. Nobody waits for evidence: after this the looks at its list do.
const MAX_LOOKS = 5;
// A refused sign-in is the same to look at, and over when the next look is allowed.
const LOOKS_AT_CLOSED = 2;

/** Keeps the present state of something that is read as evidence. Nothing is planned from it. */
export async function resolveContext(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  object: ContextObject,
  id: string,
): Promise<void> {
  const hub = hubOf(at);
  const key = { connection: at.id, object, nativeId: id };
  const projectId = await step(engine, lane.tenant, (tx) => projectOf(tx, key));
  const isRead = hub.context.includes(object) && projectId !== null;
  const seen = isRead ? await look(lane, () => hub.fetchContext({ object, id, projectId })) : 'closed';
  engine.failPoint('after-fetch');
  if (seen === null && !(await isGone(engine, lane, at, key)) && lane.attempts < MAX_LOOKS)
    throw new Stop('retry-later', at.system, `${object} ${id} is not visible yet`);
  await step(engine, lane.tenant, async (tx) => {
    await takeSignals(tx, at.id, object, id);
    if (projectId !== null) await wakePlaces(tx, at.id, [projectId], engine.pace.sweepEveryMs);
    if (seen === 'closed') return;
    if (seen === null) return markGone(tx, key);
    await keepRecord(tx, at.id, seen);
    return noteShown(tx, key);
  });
  engine.failPoint('after-plan');
}

/** One that is closed to the service account, or in a project that it may not touch, says nothing of what became of it. */
async function look<Seen>(lane: Lane, read: () => Promise<Seen>): Promise<Seen | 'closed'> {
  try {
    return await read();
  } catch (error) {
    const isClosed = error instanceof Stop && error.kind === 'unauthorised';
    if (isClosed && lane.attempts >= LOOKS_AT_CLOSED) return 'closed';
    throw error;
  }
}

/** The record that we know says where to look, else the webhook's hint. */
async function projectOf(tx: Tx, key: RecordKey): Promise<string | null> {
  const known = await findRecord<ContextRecord>(tx, key);
  if (known?.body.projectId != null) return known.body.projectId;
  const hints = await waitingHints(tx, key.connection, key.object, key.nativeId);
  return hints.map((hint) => hint.projectId ?? null).find((value) => value !== null) ?? null;
}
