import type { Tx } from '../../store/database/transaction.ts';
import { getDocument } from '../../store/documents/document.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { getReview, type StoredReview } from '../../store/documents/review.ts';

export type Person = { readonly id: string; readonly email: string; readonly roles: readonly string[] };
/** A decision that was not taken, worded for the person who asked for it. */
export type Declined = {
  readonly ok: false;
  readonly status: 403 | 404 | 409 | 422;
  readonly title: string;
  readonly detail: string;
  /** Which fields of a form are at fault. */
  readonly fields?: readonly { readonly field: string; readonly message: string }[];
};
export type Decided = { readonly ok: true } | Declined;
export type By = { readonly tenant: string; readonly user: Person };

export const gone: Declined = {
  ok: false,
  status: 404,
  title: 'Not found',
  detail: 'It does not exist, or belongs to somebody else.',
};
export function declined(status: Declined['status'], title: string, detail: string): Declined {
  return { ok: false, status, title, detail };
}

const words: Readonly<Record<StoredReview['state'], string>> = {
  open: 'decides it now',
  approved: 'approved it',
  corrected: 'answered it',
  rejected: 'rejected it',
  expired: 'changed what it was about',
};

/** The second of two clicks, or of two people, is told what the first one did. */
export function decided({ state, decidedBy }: Pick<StoredReview, 'state' | 'decidedBy'>): Declined {
  const who = decidedBy ?? 'Somebody';
  return declined(409, 'Already decided', `${who} ${words[state]} before you. Nothing was changed now.`);
}

/**
 * An open question with its document, both locked; or why there is none to decide. The document is locked first, as
 * everywhere: two decisions that lock in opposite order would wait for each other.
 */
export async function openQuestion(
  tx: Tx,
  reviewId: string,
): Promise<{ readonly review: StoredReview; readonly document: StoredDocument | null } | Declined> {
  const known = await getReview(tx, reviewId, 'read');
  if (known === null) return gone;
  const document = known.document === null ? null : await getDocument(tx, known.document, 'lock');
  const review = await getReview(tx, reviewId);
  if (review === null) return gone;
  return review.state === 'open' ? { review, document } : decided(review);
}
