import { type Books, endOf } from './books.ts';
import type { Instant, Intent, TargetDocument, TargetRequest } from './evidence.ts';
import type { Tally } from './tally.ts';

/**
 * I1: at no instant do two documents stand for one effect. Judged on what really stood in the target, once by the
 * reference that it carries and once by whose content it is, because a repeated send may carry a new reference.
 * A change takes effect at most once, and replaces nothing that a person entered and that we could have seen.
 */
export function judgeNoDuplicate({ evidence, byReference }: Books, tally: Tally): void {
  for (const [reference, documents] of byReference) {
    tally.judged += 1;
    if (documents.length > 1) together(documents, `reference ${reference}`, tally);
  }
  const byKey = new Map<string, TargetDocument[]>();
  for (const document of evidence.target.documents) {
    if (document.key == null) continue;
    const there = byKey.get(document.key);
    if (there === undefined) byKey.set(document.key, [document]);
    else there.push(document);
  }
  for (const [key, documents] of byKey) {
    tally.judged += 1;
    if (documents.length > 1) together(documents, key, tally);
  }
  const intents = evidence.audit?.intents ?? [];
  changesTakeEffectOnce(evidence.target.requests ?? [], intents, tally);
}

/** Sorted by when they began, a document that begins before the longest-standing earlier one ended is a second. */
function together(documents: readonly TargetDocument[], what: string, tally: Tally): void {
  const inOrder = documents.toSorted((a, b) => a.from - b.from);
  let longest = inOrder[0]!;
  for (const document of inOrder.slice(1)) {
    const end = endOf(longest);
    if (document.from < end && endOf(document) > document.from)
      tally.broken(`${what}: ${longest.id} and ${document.id} stood together from ${document.from}`);
    if (endOf(document) > end) longest = document;
  }
}

function changesTakeEffectOnce(
  requests: readonly TargetRequest[],
  intents: readonly Intent[],
  tally: Tally,
): void {
  const done = new Map<string, TargetRequest>();
  for (const request of requests) {
    if (request.committed === null || request.changed === false) continue;
    judgeOverwritten(request, intents, tally);
    if (request.kind === 'create') continue;
    const name = request.key ?? request.reference;
    if (name === null) continue;
    tally.judged += 1;
    const what = request.write === undefined ? name : `${name} ${request.write}`;
    const before = done.get(what);
    if (before === undefined) done.set(what, request);
    else
      tally.broken(`${what}: its ${request.kind} took effect at ${before.committed}, ${request.committed}`);
  }
}

function judgeOverwritten(request: TargetRequest, intents: readonly Intent[], tally: Tally): void {
  const { overwrote, reference, committed } = request;
  if (overwrote == null) return;
  tally.judged += 1;
  const { editedAt, readAt, guardOffered } = overwrote;
  // Without a guard there is a moment between our last read and the effect that nobody can close.
  const unavoidable =
    !guardOffered && readAt !== null && readAt < editedAt && readAt > earlierIntentOf(request, intents);
  if (!unavoidable)
    tally.broken(`${reference}: at ${committed} it replaced what a person had entered at ${editedAt}`);
}

/** A comparison is good for one attempt: the one that this attempt stands on comes after the intent before. */
function earlierIntentOf({ reference, at }: TargetRequest, intents: readonly Intent[]): Instant {
  let own = Number.NEGATIVE_INFINITY;
  let earlier = Number.NEGATIVE_INFINITY;
  for (const { reference: of, committed } of intents) {
    if (of !== reference || committed > at || committed <= earlier) continue;
    if (committed > own) [own, earlier] = [committed, own];
    else earlier = committed;
  }
  return earlier;
}
