import { Stop } from '../../domain/posting/outcomes.ts';
import type { Hub } from '../../procore/hub.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { openReview } from '../../store/documents/review.ts';
import { takeSignals } from '../../store/intake/signal.ts';
import { findRecord, noteMissed, type RecordKey } from '../../store/records/record.ts';
import { newestItem } from '../../store/requests/request-item.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { closeOlderItems, failRequest } from '../post/confirm.ts';
import { step } from '../step.ts';

// A record may be announced before the API shows it; after this many looks somebody is asked.
const MAX_LOOKS = 8;
// Between the two looks that must both miss a record that was there.
const GONE_AGAIN_MS = 2_000;

/**
 * Whether a record that we know is gone, and not only out of sight for a moment: a permission that flickers must
 * not take a document back. One that was announced and never seen is not visible yet, which is something else.
 */
export async function isGone(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  key: RecordKey,
): Promise<boolean> {
  const now = engine.clock.now();
  const missed = await step(engine, lane.tenant, async (tx) => {
    const known = await findRecord(tx, key);
    return known === null ? null : { gone: known.gone, since: await noteMissed(tx, key, now) };
  });
  if (missed === null) return false;
  const leftMs = missed.since.getTime() + GONE_AGAIN_MS - now.getTime();
  if (missed.gone || leftMs <= 0) return true;
  throw new Stop('retry-later', at.system, `${key.object} ${key.nativeId} is not shown any more`, {
    retryAfterMs: leftMs,
  });
}

/** 404 right after an event is a reason to look again, never a deletion. */
export async function notThere(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  object: string,
  id: string,
): Promise<void> {
  if (lane.attempts < MAX_LOOKS)
    throw new Stop('retry-later', at.system, `${object} ${id} is not visible yet`);
  const key = { connection: at.id, object, nativeId: id };
  await step(engine, lane.tenant, async (tx) => {
    await takeSignals(tx, at.id, object, id);
    await openReview(tx, {
      id: engine.newId(),
      kind: 'quarantined',
      subject: missingSubject(key),
      document: null,
      title: `${object} ${id} is not visible`,
      question: `${at.name} announced ${object} ${id} but does not show it. Check the service account's permissions for its project.`,
      evidence: { object, id },
      role: 'engineer',
    });
    await failUnseen(engine, tx, at, key);
    await appendAudit(tx, [
      {
        kind: 'quarantined',
        actor: 'tiebeam',
        at: engine.clock.now(),
        body: { object, id, connection: at.id },
      },
    ]);
  });
}

/** Whoever sent it waits for an answer: what cannot be seen cannot be carried. */
async function failUnseen(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  { object, nativeId }: RecordKey,
): Promise<void> {
  const item = await newestItem(tx, at.id, object, nativeId);
  // Most of what is missing was announced only, and sent by nobody.
  if (item === null) return;
  await closeOlderItems(engine, tx, at, item);
  await failRequest(engine, tx, at, item, [
    `${at.name} does not show this record to the integration, so nothing was posted. Once it may be seen, export it again.`,
  ]);
}

export function missingSubject({ connection, object, nativeId }: RecordKey): string {
  return `missing:${connection}:${object}:${nativeId}`;
}

export function hubOf(at: OpenConnection): Hub {
  if (at.hub === null) throw new Stop('bug', 'tiebeam', `${at.name} is not the hub`);
  return at.hub;
}
