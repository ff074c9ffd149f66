import { ApiFailure } from './client.ts';

export interface Wording {
  /** What happened. */
  title: string;
  /** What it means for the money. */
  meaning: string;
  /** What to do. */
  remedy: string;
  fields: { field: string; message: string }[];
}

const byStatus: Record<number, Omit<Wording, 'fields'>> = {
  0: {
    title: 'The service did not answer',
    meaning:
      'Nothing on this screen has changed either system. A decision sent just now may or may not have arrived; repeating it counts once.',
    remedy: 'Check your connection and try again.',
  },
  401: {
    title: 'You are signed out',
    meaning: 'Documents already approved keep posting; nothing else happens in your name.',
    remedy: 'Sign in again.',
  },
  403: {
    title: 'Your role may not do this',
    meaning: 'Nothing was changed or sent.',
    remedy: 'Ask a person with the named role.',
  },
  404: {
    title: 'There is no such record',
    meaning: 'Nothing was changed or sent. The address may belong to another company.',
    remedy: 'Go back to the list and open it from there.',
  },
  409: {
    title: 'It changed while you were looking',
    meaning: 'Your decision was not taken, because it was about an older version.',
    remedy: 'Read the present version, then decide again.',
  },
  429: {
    title: 'Too many requests',
    meaning: 'Nothing was changed or sent.',
    remedy: 'Wait a minute, then try again.',
  },
};

/** What to do when a one-time link lets nobody in any more. */
export const usedLink = {
  meaning: 'A link opens once and for a limited time. Nothing was changed or sent.',
  remedies: [
    'If you have set a password, sign in with it.',
    'Otherwise ask whoever runs Tiebeam for a new link; "tiebeam sign-in-link E-MAIL" prints one.',
    'The demo prints fresh links every time it starts.',
  ],
} as const;

const unexpected: Omit<Wording, 'fields'> = {
  title: 'The service could not do this',
  meaning: 'Nothing is posted twice because of it: every write is recorded before it is sent.',
  remedy: 'Try again. If it stays, look at the health of the connections on the overview.',
};

/** Every failure a person can see is worded here; the service's own detail wins where it gives one. */
export function wordingOf(failure: unknown): Wording {
  if (!(failure instanceof ApiFailure)) return { ...unexpected, fields: [] };
  const known = byStatus[failure.status] ?? unexpected;
  const { problem } = failure;
  if (problem === null) return { ...known, fields: [] };
  return {
    title: problem.title,
    meaning: problem.detail || known.meaning,
    remedy: known.remedy,
    fields: problem.fields ?? [],
  };
}

/** True when the answer is certain, so that the next try is a new request and not a repeat. */
export function isDefinite(failure: unknown): boolean {
  return failure instanceof ApiFailure && failure.status >= 400 && failure.status < 500;
}
