import { mayHandle } from '../../domain/approval/may-decide.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { documentsWaitingFor } from '../../store/documents/document-lists.ts';
import { outlastPlans } from '../../store/documents/plan-lock.ts';
import {
  decideReview,
  expireReviews,
  getReview,
  type StoredReview,
  writeOf,
} from '../../store/documents/review.ts';
import { exportsOfProject } from '../../store/requests/request-item.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine } from '../engine.ts';
import { sourceLane } from '../lanes.ts';
import { vendorOfMatch } from '../plan/plan-vendor.ts';
import { failRequest } from '../post/confirm.ts';
import { step } from '../step.ts';
import { rejectAdoption } from './adopt.ts';
import { giveUp } from './give-up.ts';
import { type By, type Decided, decided, declined, gone, openQuestion } from './person.ts';
import { isOwnProposal } from './policy.ts';
import { takeBack } from './take-back.ts';

type Wish = By & { readonly reviewId: string; readonly reason: string };

/** Says no: nothing more is sent for what was asked about, and whoever exported it reads why. */
export async function reject(engine: Engine, wish: Wish): Promise<Decided> {
  const review = await step(engine, wish.tenant, (tx) => getReview(tx, wish.reviewId, 'read'));
  if (review === null) return gone;
  if (!mayHandle(wish.user, review.role) && !isOwnProposal(review, wish.user.email))
    return declined(403, 'You may not decide this', `This needs the role ${review.role}.`);
  if (review.state !== 'open') return decided(review);
  if (writeOf(review) !== null) return giveUp(engine, wish);
  if (review.kind === 'billing')
    return declined(
      422,
      'It needs an answer',
      'Choose one of the answers; or withdraw the invoice on its own page.',
    );
  if (review.kind === 'adoption') return step(engine, wish.tenant, (tx) => rejectAdoption(engine, tx, wish));
  return step(engine, wish.tenant, (tx) =>
    review.kind === 'unmapped'
      ? rejectMapping(engine, tx, wish, review)
      : rejectDocument(engine, tx, wish, review),
  );
}

async function rejectDocument(
  engine: Engine,
  tx: Tx,
  wish: Wish,
  { kind, subject }: StoredReview,
): Promise<Decided> {
  const found = await openQuestion(tx, wish.reviewId);
  if ('ok' in found) return found;
  const { document } = found;
  if (document !== null) {
    const back = await takeBack(engine, tx, document, messageOf(wish));
    if (!back.ok) return back;
  }
  await close(engine, tx, wish, document === null ? {} : { document: document.id });
  // It is none of them: whoever sent it to be created waits for that.
  if (kind === 'vendor-match')
    await wakeLane(tx, sourceLane(await engine.systems.hubOf(wish.tenant), 'vendor', vendorOfMatch(subject)));
  return { ok: true };
}

/** Without the mapping nothing that waits for it can go: each goes back to its sender. */
async function rejectMapping(
  engine: Engine,
  tx: Tx,
  wish: Wish,
  { subject }: StoredReview,
): Promise<Decided> {
  // Before the question is locked: a running plan may be asking it again.
  await outlastPlans(tx);
  const found = await openQuestion(tx, wish.reviewId);
  if ('ok' in found) return found;
  let taken = 0;
  let page = await documentsWaitingFor(tx, 'mapping', subject.replace('mapping:', ''), null);
  while (page.length > 0) {
    for (const document of page) {
      const back = await takeBack(engine, tx, document, messageOf(wish));
      if (!back.ok) continue;
      await expireReviews(tx, document.id, []);
      taken += 1;
    }
    page = await documentsWaitingFor(tx, 'mapping', subject.replace('mapping:', ''), page.at(-1)!.id);
  }
  const [kind, key = ''] = subject.replace('mapping:', '').split(':');
  if (kind === 'company') taken += await refuseExports(engine, tx, wish, key);
  await close(engine, tx, wish, { taken: String(taken) });
  return { ok: true };
}

/** What waited to hear to which ERP company its project belongs has no document yet. */
async function refuseExports(engine: Engine, tx: Tx, wish: Wish, projectId: string): Promise<number> {
  const hub = await engine.systems.hubOf(wish.tenant);
  const waiting = await exportsOfProject(tx, hub.id, projectId);
  for (const item of waiting) await failRequest(engine, tx, hub, item, [messageOf(wish)]);
  return waiting.length;
}

function messageOf({ user, reason }: Wish): string {
  return `Rejected by ${user.email}: ${reason}`;
}

/** Ends the question that this transaction holds locked. */
async function close(
  engine: Engine,
  tx: Tx,
  { user, reviewId, reason }: Wish,
  { document, ...more }: { readonly document?: string; readonly taken?: string },
): Promise<void> {
  const at = engine.clock.now();
  await decideReview(tx, reviewId, { state: 'rejected', by: user.email, at, detail: { reason } });
  if (document !== undefined) await expireReviews(tx, document, []);
  await appendAudit(tx, [
    {
      kind: 'rejected',
      actor: user.email,
      document: document ?? null,
      at,
      body: { reason, review: reviewId, ...more },
    },
  ]);
}
