import type { SimState } from '../company/state.ts';
import { notFound, notSupported } from '../odata/errors.ts';
import { touched } from './document-store.ts';
import { post } from './documents.ts';
import { copied, integer, type Row } from './rows.ts';

/** Turns a waiting draft into its document: other key, next number, the same user fields. */
export function approveDraft(state: SimState, docEntry: number): Row {
  const draft = waitingDraft(state, docEntry);
  const document = post(state, { ...copied(draft), AuthorizationStatus: 'dasApproved', DataVersion: 1 });
  settleDraft(state, draft, 'dasGenerated');
  return document;
}

export function rejectDraft(state: SimState, docEntry: number): void {
  settleDraft(state, waitingDraft(state, docEntry), 'dasRejected');
}

function waitingDraft(state: SimState, docEntry: number): Row {
  const draft = state.drafts.get(docEntry);
  if (draft === undefined) throw notFound();
  if (draft.AuthorizationStatus !== 'dasPending') throw notSupported('the draft is decided already');
  return draft;
}

function settleDraft(state: SimState, draft: Row, status: string): void {
  const decided = copied(draft);
  decided.AuthorizationStatus = status;
  if (status === 'dasGenerated') decided.DocumentStatus = 'bost_Close';
  state.drafts.set(integer(decided, 'DocEntry') ?? 0, touched(state, decided));
}
