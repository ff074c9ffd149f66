import { type Books, isAsked, isVisible, stands } from './books.ts';
import type { OurDocument, SourceRequestItem, SourceVersion } from './evidence.ts';
import type { Tally } from './tally.ts';

// States of a posting that say that nobody knows yet, or that somebody is still at work.
const UNFINISHED = new Set(['ready', 'intended', 'sent', 'unknown', 'settling', 'accepted']);

/**
 * I2: once faults have stopped and time has passed, every approved version either stands exactly once under the id
 * that our row names, or stands in front of a named person with a reason. Silence is a failure, and so is
 * something that is for ever under way.
 */
export function judgeNoLoss(books: Books, tally: Tally): void {
  const { evidence, rows } = books;
  if (!evidence.settled) return;
  for (const version of evidence.source.versions) {
    if (version.ended != null) continue;
    tally.judged += 1;
    judgeVersion(books, version, rows.get(version.key), tally);
  }
  for (const item of evidence.source.requestItems ?? []) {
    tally.judged += 1;
    judgeItem(item, item.key === null ? undefined : rows.get(item.key), tally);
  }
  judgePostings(books, tally);
}

function judgeVersion(
  books: Books,
  { key }: SourceVersion,
  row: OurDocument | undefined,
  tally: Tally,
): void {
  if (row === undefined) {
    tally.broken(`${key} was approved, and we have no row for it`);
    return;
  }
  if (isVisible(row.question)) return;
  if (row.state !== 'posted') {
    tally.broken(`${key} is ${row.status ?? row.state} and no named person is told why`);
    return;
  }
  const there =
    row.reference === null
      ? books.evidence.target.documents.filter(({ id }) => id === row.target?.id)
      : (books.byReference.get(row.reference) ?? []);
  const standing = there.filter(stands);
  if (standing.length === 1 && standing[0]!.id === row.target?.id) return;
  const seen = standing.map(({ id }) => id).join(', ') || 'nothing';
  if (!isAsked(books, row.reference))
    tally.broken(`${key} says posted as ${row.target?.id}, but ${seen} stands there`);
}

function judgeItem(item: SourceRequestItem, row: OurDocument | undefined, tally: Tally): void {
  if (item.closings.length > 1)
    tally.broken(`request item ${item.id} was closed ${item.closings.length} times`);
  if (item.closings.length > 0 || isVisible(row?.question)) return;
  tally.broken(`request item ${item.id} was never closed, and nobody is told why`);
}

function judgePostings({ evidence, rowsByReference }: Books, tally: Tally): void {
  const { postings = [], documents } = evidence.ours;
  if (postings.length === 0) return;
  const byId = new Map(documents.map((row) => [row.id, row]));
  for (const { reference, document, state } of postings) {
    tally.judged += 1;
    if (!UNFINISHED.has(state)) continue;
    const row = byId.get(document) ?? rowsByReference.get(reference)?.[0];
    if (row !== undefined && isVisible(row.question)) continue;
    // A document that was taken back before its intent leaves a write behind that nobody will start.
    if (state === 'ready' && row?.state === 'stopped') continue;
    tally.broken(`posting ${reference} rests in ${state}, and nobody is told`);
  }
}
