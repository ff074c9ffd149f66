import {
  type Books,
  driftedLater,
  idOf,
  isAsked,
  isLaterAsked,
  isVisible,
  orderOf,
  stands,
} from './books.ts';
import type { OurDocument, TargetDocument } from './evidence.ts';
import type { Tally } from './tally.ts';

/**
 * I3: a row says posted with an id if and only if the target has that id, with our reference and the content that
 * was approved. What differs must be on record: as drift, or as an exception that a named person can see.
 */
export function judgeAgreement(books: Books, tally: Tally): void {
  const { evidence } = books;
  for (const row of evidence.ours.documents) {
    if (row.state !== 'posted') continue;
    tally.judged += 1;
    const wrong = disagreement(books, row);
    if (wrong !== null) tally.broken(`${row.key}: ${wrong}`);
  }
  if (!evidence.settled) return;
  for (const document of evidence.target.documents) {
    if (document.reference === null || !stands(document)) continue;
    tally.judged += 1;
    const wrong = unclaimed(books, document);
    if (wrong !== null) tally.broken(wrong);
  }
  judgeOrigins(books, tally);
}

/** Why a row that says posted is not true, or null. A recorded difference is the truth as well. */
export function disagreement(books: Books, row: OurDocument): string | null {
  if (row.target === null) return 'says posted without an id';
  const document = books.byId.get(idOf(row.target));
  if (document === undefined) return `says posted as ${row.target.id}, which never existed`;
  if (row.reference !== null && document.reference !== row.reference)
    return `${document.id} carries ${document.reference}, not ${row.reference}`;
  if (isLaterAsked(books, row)) return null;
  const drifted = driftedLater(row, document);
  const asked = isVisible(row.question) || isAsked(books, row.reference);
  // What a person does over there has to be on record where we look for it, but not at once.
  const known = asked || (drifted && !(books.evidence.ours.watchesDrift && books.evidence.settled));
  if (!stands(document))
    return known ? null : `${document.id} does not stand there any more, and nobody is told`;
  // Nobody touched it since, so it was like this when we said posted: a question that came later mends no lie.
  if (known && drifted) return null;
  if (document.state !== 'posted') return `says posted, but ${document.id} is ${document.state}`;
  return contentDiffers(books, row, document);
}

/** Later changes of the same document explain its content: the latest that took effect decides what it shows. */
function contentDiffers(books: Books, row: OurDocument, document: TargetDocument): string | null {
  if (row.payloadHash === null || document.hash === row.payloadHash) return null;
  const place = orderOf(books, row);
  for (const other of row.reference === null ? [] : books.rowsByReference.get(row.reference)!) {
    if (orderOf(books, other) <= place) continue;
    if (other.state === 'posted' || other.payloadHash === document.hash) return null;
  }
  return `${document.id} shows other content than was approved`;
}

/** The other direction: what stands there with our reference and approved content must be known as posted. */
function unclaimed(books: Books, document: TargetDocument): string | null {
  const reference = document.reference!;
  const rows = books.rowsByReference.get(reference);
  const denied = rows?.find(({ status, key }) => status === 'refused' && key === document.key);
  if (denied !== undefined) return `${document.id} stands with ${reference}, its row says refused`;
  if (isAsked(books, reference)) return null;
  if (rows === undefined) return `${document.id} stands with ${reference}, which no row of ours knows`;
  const posted = rows.filter(({ state }) => state === 'posted');
  const claimed = posted.find(
    ({ target }) => target?.id === document.id && target.system === document.system,
  );
  if (claimed === undefined) return `${document.id} stands with ${reference}, but no row says so`;
  const effective = rows.find(({ payloadHash }) => payloadHash === document.hash);
  if (effective === undefined || effective.state === 'posted' || document.touchedByHuman != null) return null;
  return `${document.id} shows what ${effective.key} wants, but its row does not say posted`;
}

/** The id that was written back to the source is the one that stands, and was not first another one. */
function judgeOrigins({ evidence, rows, versions }: Books, tally: Tally): void {
  if (evidence.ours.writesOrigin !== true) return;
  const written = new Map<string, string>();
  for (const { key, value } of evidence.source.origins ?? []) {
    tally.judged += 1;
    const record = versions.get(key)?.record ?? key;
    const before = written.get(record);
    if (before !== undefined && before !== value)
      tally.broken(`${record} was told the id ${before} and then ${value}`);
    written.set(record, value);
  }
  for (const row of rows.values()) {
    if (row.state !== 'posted' || row.target === null || isVisible(row.question)) continue;
    if (row.writesOrigin === false) continue;
    const record = versions.get(row.key)?.record ?? row.key;
    const told = written.get(record);
    if (told !== row.target.id)
      tally.broken(`${record} stands as ${row.target.id}, its source was told ${told ?? 'nothing'}`);
  }
}
