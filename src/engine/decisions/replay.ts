import { mayHandle } from '../../domain/may-decide.ts';
import { stepPosting } from '../../domain/posting.ts';
import { appendAudit } from '../../store/audit.ts';
import { getDocument, moveDocument } from '../../store/document.ts';
import { wakeLane } from '../../store/lane.ts';
import { cancelPostings, postingsOf, savePosting } from '../../store/posting.ts';
import { expireReviews } from '../../store/review.ts';
import type { Engine } from '../engine.ts';
import { postLane } from '../lanes.ts';
import { step } from '../step.ts';
import { wakePlanner } from '../wake.ts';
import { type By, type Decided, declined, gone } from './person.ts';

/** Plans a document again from what its source says now; nothing of it may be on its way. */
export async function replan(
  engine: Engine,
  { tenant, user, documentId }: By & { documentId: string },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    const document = await getDocument(tx, documentId, 'lock');
    if (document === null) return gone;
    if (!mayHandle(user, 'accountant'))
      return declined(403, 'You may not plan this again', 'This needs the role accountant.');
    if (!['blocked', 'in-review', 'awaiting-approval', 'refused', 'conflict'].includes(document.state))
      return declined(409, 'Nothing to plan again', `The document is ${document.state}.`);
    if (!(await cancelPostings(tx, document, 'decided')))
      return declined(409, 'On its way', 'A write of this document is on its way.');
    await moveDocument(tx, document, { state: 'planned' });
    await expireReviews(tx, document.id, []);
    await wakePlanner(engine, tx, tenant, document);
    await appendAudit(tx, [
      {
        kind: 'replanned',
        actor: user.email,
        document: document.id,
        at: engine.clock.now(),
        body: { from: document.state },
      },
    ]);
    return { ok: true };
  });
}

/** Looks again for a posting that ended with a person; it is never simply sent again. */
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
    const stuck = (await postingsOf(tx, documentId)).filter(({ state }) => state === 'exception');
    if (stuck.length === 0)
      return declined(409, 'Nothing to look for', 'No write of this document waits for a person.');
    for (const posting of stuck) {
      const at = await engine.systems.get(tenant, posting.connection);
      const rule = at.settle[posting.object];
      if (rule === undefined)
        return declined(422, 'No rule', `${at.name} has no settle rule for ${posting.object}.`);
      await savePosting(tx, posting, stepPosting(posting, { kind: 'probe-again' }, rule, engine.clock.now()));
      await wakeLane(tx, postLane(at, posting.root));
    }
    await expireReviews(tx, documentId, []);
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
