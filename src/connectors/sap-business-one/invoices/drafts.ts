import type { Match } from '../../../domain/posting/writes.ts';

/** What a draft's authorisation says of it; null where the document was made of it and is found itself. */
export function draftState(authorizationStatus: string): Match['state'] | null {
  const state = STATES[authorizationStatus];
  return state === undefined ? 'draft' : state;
}

const STATES: Readonly<Record<string, Match['state'] | null>> = {
  dasWithout: 'draft',
  dasPending: 'pending',
  dasApproved: 'pending',
  dasRejected: 'cancelled',
  dasCancelled: 'cancelled',
  dasGenerated: null,
  dasGeneratedbyAuthorizer: null,
};
