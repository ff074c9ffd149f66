import { getDocument } from '../../store/document.ts';
import type { StoredDocument } from '../../store/document-row.ts';
import { getReview, type StoredReview } from '../../store/review.ts';
import type { Tx } from '../../store/transaction.ts';

export type Person = { readonly id: string; readonly email: string; readonly roles: readonly string[] };
/** A decision that was not taken, worded for the person who asked for it. */
export type Declined = {
  readonly ok: false;
  readonly status: 403 | 404 | 409 | 422;
  readonly title: string;
  readonly detail: string;
};
export type Decided = { readonly ok: true } | Declined;
export type By = { readonly tenant: string; readonly user: Person };

export const gone: Declined = {
  ok: false,
  status: 404,
  title: 'Not found',
  detail: 'It does not exist, or belongs to somebody else.',
};
export const decided: Declined = {
  ok: false,
  status: 409,
  title: 'Already decided',
  detail: 'Somebody decided this before you. Nothing was changed now.',
};

export function declined(status: Declined['status'], title: string, detail: string): Declined {
  return { ok: false, status, title, detail };
}

/** An open question with its document, both locked; or why there is none to decide. */
export async function openQuestion(
  tx: Tx,
  reviewId: string,
): Promise<{ readonly review: StoredReview; readonly document: StoredDocument | null } | Declined> {
  const review = await getReview(tx, reviewId);
  if (review === null) return gone;
  if (review.state !== 'open') return decided;
  return {
    review,
    document: review.document === null ? null : await getDocument(tx, review.document, 'lock'),
  };
}
