import { mayHandle } from '../../domain/may-decide.ts';
import { appendAudit } from '../../store/audit.ts';
import { getDocument, moveDocument } from '../../store/document.ts';
import type { StoredDocument } from '../../store/document-row.ts';
import { cancelPostings } from '../../store/posting.ts';
import { getItem } from '../../store/request-item.ts';
import { decideReview, expireReviews } from '../../store/review.ts';
import { type Tx, tenantOf } from '../../store/transaction.ts';
import { failRequest } from '../confirm.ts';
import type { Engine } from '../engine.ts';
import { step } from '../step.ts';
import { wakePlanner } from '../wake.ts';
import { type By, type Decided, decided, declined, gone, openQuestion } from './person.ts';

/** Sends a document back: nothing is posted, and the person who exported it reads why. */
export async function reject(
  engine: Engine,
  { tenant, user, reviewId, reason }: By & { reviewId: string; reason: string },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    const found = await openQuestion(tx, reviewId);
    if ('ok' in found) return found;
    const { review, document } = found;
    if (!mayHandle(user, review.role))
      return declined(403, 'You may not decide this', `This needs the role ${review.role}.`);
    const now = engine.clock.now();
    if (document !== null) {
      const back = await takeBack(engine, tx, document, `Rejected by ${user.email}: ${reason}`);
      if (!back.ok) return back;
    }
    if (
      !(await decideReview(tx, reviewId, { state: 'rejected', by: user.email, at: now, detail: { reason } }))
    )
      return decided;
    if (document !== null) await expireReviews(tx, document.id, []);
    await appendAudit(tx, [
      {
        kind: 'rejected',
        actor: user.email,
        ...(document === null ? {} : { document: document.id }),
        at: now,
        body: { reason, review: reviewId },
      },
    ]);
    return { ok: true };
  });
}

/** Takes a document back that nothing was sent for yet. */
export async function withdraw(
  engine: Engine,
  { tenant, user, documentId, reason }: By & { documentId: string; reason: string },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    const document = await getDocument(tx, documentId, 'lock');
    if (document === null) return gone;
    if (!mayHandle(user, 'accountant'))
      return declined(403, 'You may not withdraw this', 'This needs the role accountant.');
    const back = await takeBack(engine, tx, document, `Withdrawn by ${user.email}: ${reason}`);
    if (!back.ok) return back;
    await expireReviews(tx, document.id, []);
    await appendAudit(tx, [
      {
        kind: 'withdrawn',
        actor: user.email,
        document: document.id,
        at: engine.clock.now(),
        body: { reason },
      },
    ]);
    return { ok: true };
  });
}

/** Before an intent a document can be taken back; after it only a reversal undoes it. */
async function takeBack(engine: Engine, tx: Tx, document: StoredDocument, message: string): Promise<Decided> {
  const state = document.state;
  if (state === 'posting' || state === 'posted' || state === 'confirmed' || state === 'detached') {
    return declined(
      409,
      'Too late to withdraw',
      'It was already sent. What stands in the ERP is only undone by a reversal there.',
    );
  }
  // In a conflict a person has looked at both sides: the write that could not go is decided with it.
  if (!(await cancelPostings(tx, document, state === 'conflict' ? 'decided' : 'open')))
    return declined(409, 'Too late to withdraw', 'A write of this document is on its way.');
  await moveDocument(tx, document, {
    state: 'withdrawn',
    reasons: [
      {
        code: 'withdrawn',
        owner: 'project-manager',
        message,
        remedy: 'Export it again in Procore when it is right.',
      },
    ],
  });
  const hub = await engine.systems.get(
    await tenantOf(tx),
    document.kind === 'vendor-link' ? document.targetConnection : document.sourceConnection,
  );
  const item = document.requestKey === null ? null : await getItem(tx, hub.id, document.requestKey);
  if (item !== null && item.state !== 'succeeded' && item.state !== 'failed' && item.state !== 'stale')
    await failRequest(engine, tx, hub, item, [message], document.id);
  // What came while it stood here is planned now.
  await wakePlanner(engine, tx, hub.tenant, document);
  return { ok: true };
}
