import { mayHandle } from '../../domain/approval/may-decide.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import { getDocument, moveDocument } from '../../store/documents/document.ts';
import { cancelPostings } from '../../store/documents/posting.ts';
import { expireReviews } from '../../store/documents/review.ts';
import type { Engine } from '../engine.ts';
import { wakePlanner } from '../plan/wake.ts';
import { step } from '../step.ts';
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
    if (!(await cancelPostings(tx, document, 'decision')))
      return declined(409, 'On its way', 'A write of this document is on its way.');
    await moveDocument(tx, document, { state: 'planned', reasons: [] });
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
