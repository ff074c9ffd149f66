import { mayHandle } from '../../domain/approval/may-decide.ts';
import { permitOf } from '../../domain/posting/permit.ts';
import { stepPosting } from '../../domain/posting/posting.ts';
import { move } from '../../domain/states.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { getDocument } from '../../store/documents/document.ts';
import {
  addPostings,
  getPosting,
  postingsOf,
  type StoredPosting,
  savePosting,
} from '../../store/documents/posting.ts';
import { expireSubject, type StoredReview, subjectOfWrite, writeOf } from '../../store/documents/review.ts';
import { type LaneKey, wakeLane } from '../../store/work/lane.ts';
import type { Engine } from '../engine.ts';
import { isAboutUnread } from '../intake/unread.ts';
import { laneParts, postLane, sweepLane } from '../lanes.ts';
import { isEffectOf } from '../post/conclude.ts';
import { step } from '../step.ts';
import { type By, type Decided, declined, openQuestion } from './person.ts';
import { readAgainFor } from './read-again.ts';

/** Looks again for the writes of a document that ended with a person; nothing is simply sent again. */
export async function probeAgain(
  engine: Engine,
  { tenant, user, documentId }: By & { documentId: string },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    if (!mayHandle(user, 'engineer'))
      return declined(403, 'You may not do this', 'This needs the role engineer.');
    const document = await getDocument(tx, documentId, 'lock');
    if (document?.state === 'conflict')
      return declined(
        409,
        'A conflict',
        'Both sides were changed: reject the change, or plan the document again.',
      );
    const postings = await postingsOf(tx, documentId);
    const stuck = postings.filter(
      (posting) =>
        posting.state === 'exception' ||
        (posting.state === 'refused' && document !== null && !isEffectOf(document, posting)),
    );
    if (stuck.length === 0)
      return declined(409, 'Nothing to look for', 'No write of this document waits for a person.');
    for (const posting of stuck) await lookAgain(engine, tx, tenant, posting);
    await appendAudit(tx, [
      {
        kind: 'probe-again',
        actor: user.email,
        document: documentId,
        at: engine.clock.now(),
        body: { postings: stuck.map(({ id }) => id) },
      },
    ]);
    return { ok: true };
  });
}

/** Work that was set aside is taken up once more, the way it always goes: it is looked at before anything is sent. */
export async function redrive(
  engine: Engine,
  { tenant, user, reviewId }: By & { reviewId: string },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    const found = await openQuestion(tx, reviewId);
    if ('ok' in found) return found;
    const { review, document } = found;
    if (!mayHandle(user, 'engineer'))
      return declined(403, 'You may not do this', 'This needs the role engineer.');
    const id = writeOf(review);
    const posting = id === null ? null : await getPosting(tx, id);
    if (posting !== null) await lookAgain(engine, tx, tenant, posting);
    else if (isAboutUnread(review)) await readAgainFor(engine, tx, tenant, review.subject);
    else if (!(await wakeAside(engine, tx, tenant, review)))
      return declined(422, 'Nothing to try again', 'This question is not about work that was set aside.');
    await appendAudit(tx, [
      {
        kind: 'redriven',
        actor: user.email,
        document: document?.id ?? null,
        at: engine.clock.now(),
        body: { review: reviewId, subject: review.subject },
      },
    ]);
    return { ok: true };
  });
}

async function lookAgain(engine: Engine, tx: Tx, tenant: string, posting: StoredPosting): Promise<void> {
  const at = await engine.systems.get(tenant, posting.connection);
  const rule = at.settle[posting.object]!;
  if (posting.state === 'refused') {
    // The source said no, and somebody changed its mind there: the same set once more, read and compared first.
    await savePosting(tx, posting, { ...posting, state: move('posting', posting.state, 'cancelled') });
    // Figures of cost may have changed since: what they are now is sent anew by whoever adds them up.
    if (permitOf(posting.operation) === 'job-costs') {
      await expireSubject(tx, 'exception', subjectOfWrite(posting.id));
      return wakeLane(tx, sweepLane(at, 'job-costs'));
    }
    const { document, connection, root, operation } = posting;
    const write = at.connection.writes(operation).find(({ name }) => name === posting.writeName)!;
    const place = { document, connection, root, operation };
    await addPostings(tx, place, [{ ...write, id: engine.newId() }]);
  } else {
    const now = engine.clock.now();
    await savePosting(tx, posting, stepPosting(posting, { kind: 'probe-again' }, rule, now));
  }
  await expireSubject(tx, 'exception', subjectOfWrite(posting.id));
  await wakeLane(tx, postLane(at, posting.root));
}

/** The question stays open until the work succeeds: it may well fail once more. */
async function wakeAside(engine: Engine, tx: Tx, tenant: string, review: StoredReview): Promise<boolean> {
  const lane = laneAside(review, (await engine.systems.hubOf(tenant)).id);
  if (lane === null) return false;
  const at = await engine.systems.get(tenant, laneParts(lane.id).connection);
  await wakeLane(tx, { ...lane, account: at.account });
  return true;
}

/** Where the work was done that a question says was set aside. */
function laneAside({ subject, kind, evidence }: StoredReview, hub: string): Omit<LaneKey, 'account'> | null {
  if (kind !== 'quarantined') return null;
  const [what, ...rest] = subject.split(':');
  switch (what) {
    case 'lane':
      return { stage: rest[0] as LaneKey['stage'], id: rest.slice(1).join(':') };
    case 'missing':
      return { stage: 'source', id: rest.join('|') };
    case 'request':
      return { stage: 'source', id: `${hub}|erp-request|${String(evidence.request)}` };
    default:
      return null;
  }
}
