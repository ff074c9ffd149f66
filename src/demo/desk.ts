import { z } from 'zod';
import type { Cast } from './cast.ts';
import { readReviews, type SeenReview } from './seen.ts';
import { type Session, signInAs, type Tokens } from './session.ts';

/** The people at Tiebeam who decide: one codes, two approve. */
export type Desk = { readonly accountant: Session; readonly controllers: readonly Session[] };

export async function openDesk(baseUrl: string, tokens: Tokens): Promise<Desk> {
  return {
    accountant: await signInAs(baseUrl, tokens, 'accountant'),
    controllers: [
      await signInAs(baseUrl, tokens, 'controller'),
      await signInAs(baseUrl, tokens, 'secondController'),
    ],
  };
}

const reviewItem = z.object({
  payloadHash: z.string().nullable(),
  asks: z.array(z.object({ kind: z.string(), key: z.string() })),
});

/** One look through the review queue: everything that somebody knows an answer to is decided. */
export async function workReview(
  desk: Desk,
  cast: Pick<Cast, 'answers'>,
  leaveOpen: (review: SeenReview) => boolean,
): Promise<string[]> {
  const told: string[] = [];
  for (const review of await readReviews(desk.accountant)) {
    if (leaveOpen(review)) continue;
    const decided =
      review.kind === 'approval' ? await approve(desk, review.id) : await answer(desk, cast, review);
    if (decided) told.push(`${review.kind === 'approval' ? 'approved' : 'answered'}: ${review.title}`);
  }
  return told;
}

/** Whoever of the two controllers may, approves what is shown; a change in between is looked at next time. */
async function approve({ controllers }: Desk, reviewId: string): Promise<boolean> {
  for (const controller of controllers) {
    const payloadHash = await shownHash(controller, reviewId);
    if (payloadHash === null) continue;
    const decided = await approveShown(controller, reviewId, payloadHash);
    if (decided) return true;
  }
  return false;
}

/** The hash of what the approver sees, or null when there is nothing to approve any more. */
export async function shownHash(controller: Session, reviewId: string): Promise<string | null> {
  const shown = await controller.call('GET', `/review/${reviewId}`);
  return shown.status < 300 ? reviewItem.parse(shown.body).payloadHash : null;
}

export async function approveShown(
  controller: Session,
  reviewId: string,
  payloadHash: string,
): Promise<boolean> {
  const decided = await controller.call('POST', `/review/${reviewId}/approve`, { payloadHash });
  return decided.status < 300;
}

async function answer(
  { accountant }: Desk,
  { answers }: Pick<Cast, 'answers'>,
  review: SeenReview,
): Promise<boolean> {
  if (review.kind !== 'unmapped' && review.kind !== 'vendor-match') return false;
  const shown = await accountant.call('GET', `/review/${review.id}`);
  if (shown.status >= 300) return false;
  const { asks } = reviewItem.parse(shown.body);
  const known = asks.flatMap((ask) => answers.filter((row) => row.kind === ask.kind && row.key === ask.key));
  if (asks.length === 0 || known.length < asks.length) return false;
  const decided = await accountant.call('POST', `/review/${review.id}/answer`, { answers: known });
  return decided.status < 300;
}
