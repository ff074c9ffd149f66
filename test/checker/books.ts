import type {
  Amount,
  Evidence,
  Instant,
  Key,
  OurDocument,
  Question,
  SourceVersion,
  TargetDocument,
} from './evidence.ts';

/** The evidence, laid out once so that fifteen invariants can look things up in it. */
export type Books = {
  readonly evidence: Evidence;
  readonly versions: ReadonlyMap<Key, SourceVersion>;
  readonly rows: ReadonlyMap<Key, OurDocument>;
  /** Rows that name one reference: a document and its later changes. */
  readonly rowsByReference: ReadonlyMap<string, readonly OurDocument[]>;
  readonly byReference: ReadonlyMap<string, readonly TargetDocument[]>;
  readonly byId: ReadonlyMap<string, TargetDocument>;
  readonly effects: ReadonlyMap<Key, Effect>;
};

/** When a source version took effect in the target: first, last, how often. */
export type Effect = { first: Instant; last: Instant };

export function openBooks(evidence: Evidence): Books {
  const { documents, requests = [] } = evidence.target;
  const versions = new Map<Key, SourceVersion>();
  for (const version of evidence.source.versions) versions.set(version.key, version);
  const rows = new Map<Key, OurDocument>();
  const rowsByReference = new Map<string, OurDocument[]>();
  for (const row of evidence.ours.documents) {
    rows.set(row.key, row);
    if (row.reference !== null) push(rowsByReference, row.reference, row);
  }
  const byReference = new Map<string, TargetDocument[]>();
  const byId = new Map<string, TargetDocument>();
  const effects = new Map<Key, Effect>();
  for (const document of documents) {
    if (document.reference !== null) push(byReference, document.reference, document);
    byId.set(idOf(document), document);
    if (document.key != null) happened(effects, document.key, document.from);
  }
  for (const { key, committed, changed } of requests)
    if (key != null && committed !== null && changed !== false) happened(effects, key, committed);
  return { evidence, versions, rows, rowsByReference, byReference, byId, effects };
}

function push<Value>(into: Map<string, Value[]>, key: string, value: Value): void {
  const there = into.get(key);
  if (there === undefined) into.set(key, [value]);
  else there.push(value);
}

function happened(effects: Map<Key, Effect>, key: Key, at: Instant): void {
  const there = effects.get(key);
  if (there === undefined) {
    effects.set(key, { first: at, last: at });
    return;
  }
  if (at < there.first) there.first = at;
  if (at > there.last) there.last = at;
}

export function idOf({ system, id }: { readonly system: string; readonly id: string }): string {
  return `${system} ${id}`;
}

/** Until when a document counts: for ever, until it is gone, or until we reversed it with an approval. */
export function endOf({ gone, reversed }: TargetDocument): Instant {
  const end = gone ?? Number.POSITIVE_INFINITY;
  return reversed != null && reversed.approval !== null && reversed.at < end ? reversed.at : end;
}

export function stands(document: TargetDocument): boolean {
  return endOf(document) === Number.POSITIVE_INFINITY;
}

/** An exception that is no silence: somebody is named, and told why. */
export function isVisible(question: Question | null | undefined): boolean {
  return question != null && Boolean(question.assigned) && Boolean(question.reason);
}

/** Whether people see a question about this reference, on any of its rows or from a sweep. */
export function isAsked(books: Books, reference: string | null): boolean {
  if (reference === null) return false;
  for (const row of books.rowsByReference.get(reference) ?? []) if (isVisible(row.question)) return true;
  for (const finding of books.evidence.ours.findings ?? [])
    if (finding.reference === reference && isVisible(finding.question)) return true;
  return false;
}

/** A person changed it there after our row said posted: nobody can know that at once. */
export function driftedLater({ postedAt }: OurDocument, { touchedByHuman }: TargetDocument): boolean {
  return touchedByHuman != null && (postedAt == null || touchedByHuman > postedAt);
}

/** A later change of the same document is in front of a person: what it left there is part of that question. */
export function isLaterAsked(books: Books, row: OurDocument): boolean {
  if (row.reference === null) return false;
  const place = orderOf(books, row);
  return books.rowsByReference
    .get(row.reference)!
    .some((other) => orderOf(books, other) > place && isVisible(other.question));
}

export function orderOf({ versions }: Books, row: OurDocument): number {
  return versions.get(row.key)?.order ?? 0;
}

export function minor(amount: Amount): bigint {
  return typeof amount === 'bigint' ? amount : BigInt(amount);
}
