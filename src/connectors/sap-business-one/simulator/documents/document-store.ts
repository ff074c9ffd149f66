import { type SimState, timeOfDay, today } from '../company/state.ts';
import { kindOf } from './document-kinds.ts';
import { integer, type Row, rows } from './rows.ts';

/** Files a checked document under the next keys; the document number is consumed here and not given back. */
export function keepNew(state: SimState, document: Row): Row {
  const { store, counter } = kindOf(document);
  const docEntry = state.nextEntry[counter]++;
  const row = withEntry(document, docEntry);
  row.DocNum = state.nextDocNum[counter]++;
  state[store].set(docEntry, row);
  return row;
}

/** Keeps a document as a draft that waits for approval; it has consumed no number yet. */
export function keepDraft(state: SimState, document: Row): Row {
  const row = withEntry(document, state.nextEntry.draft++);
  row.DocNum = state.nextDocNum[kindOf(document).counter];
  row.AuthorizationStatus = 'dasPending';
  state.drafts.set(integer(row, 'DocEntry') ?? 0, row);
  return row;
}

/** Puts a changed copy in the place of the stored document, with a new version. */
export function keepChanged(state: SimState, document: Row): void {
  state[kindOf(document).store].set(integer(document, 'DocEntry') ?? 0, touched(state, document));
}

/** The same document one version later. */
export function touched(state: SimState, document: Row): Row {
  document.DataVersion = (integer(document, 'DataVersion') ?? 0) + 1;
  document.UpdateDate = today(state);
  document.UpdateTime = timeOfDay(state);
  return document;
}

function withEntry(document: Row, docEntry: number): Row {
  const lines = rows(document, 'DocumentLines').map((line) => ({ ...line, DocEntry: docEntry }));
  return { ...document, DocEntry: docEntry, DocumentLines: lines };
}
