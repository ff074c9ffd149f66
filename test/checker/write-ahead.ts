import type { Books } from './books.ts';
import type { AuditEvidence, Intent, TargetRequest } from './evidence.ts';
import type { Tally } from './tally.ts';

/**
 * I6: every write has one intent of its own, committed before its first byte, and at rest every intent has an
 * outcome. Where the traffic does not name the intent, the n-th write of a reference needs n earlier intents.
 */
export function judgeWriteAhead({ evidence }: Books, tally: Tally): void {
  const { audit } = evidence;
  if (audit === undefined) return;
  const intents = new Map<string, Intent>();
  for (const intent of audit.intents) {
    if (intents.has(intent.id)) tally.broken(`intent ${intent.id} is in the audit trail twice`);
    intents.set(intent.id, intent);
  }
  judgeRequests(evidence.target.requests ?? [], intents, tally);
  if (evidence.settled) judgeOutcomes(audit, intents, tally);
}

function judgeRequests(
  requests: readonly TargetRequest[],
  intents: ReadonlyMap<string, Intent>,
  tally: Tally,
): void {
  const used = new Map<string, TargetRequest>();
  const unnamed = new Map<string, TargetRequest[]>();
  for (const request of requests) {
    tally.judged += 1;
    const { intent: id, reference, at } = request;
    if (id != null) {
      const intent = intents.get(id);
      if (intent === undefined)
        tally.broken(`a write at ${at} names intent ${id}, which was never committed`);
      else judgeNamed(request, intent, tally);
      if (used.has(id)) tally.broken(`intent ${id} was sent at ${used.get(id)!.at} and again at ${at}`);
      used.set(id, request);
    } else if (reference === null) tally.broken(`a write at ${at} belongs to no intent`);
    else if (unnamed.has(reference)) unnamed.get(reference)!.push(request);
    else unnamed.set(reference, [request]);
  }
  if (unnamed.size > 0) judgeUnnamed(unnamed, [...intents.values()], tally);
}

function judgeNamed(request: TargetRequest, { id, reference, committed }: Intent, tally: Tally): void {
  if (committed > request.at)
    tally.broken(`intent ${id} was committed at ${committed}, its first byte left at ${request.at}`);
  if (request.reference !== null && request.reference !== reference)
    tally.broken(`intent ${id} is for ${reference}, what it sent carries ${request.reference}`);
}

function judgeUnnamed(
  requests: ReadonlyMap<string, readonly TargetRequest[]>,
  intents: readonly Intent[],
  tally: Tally,
): void {
  const committed = new Map<string, number[]>();
  for (const { reference, committed: at } of intents) {
    const there = committed.get(reference);
    if (there === undefined) committed.set(reference, [at]);
    else there.push(at);
  }
  for (const [reference, writes] of requests) {
    const times = (committed.get(reference) ?? []).sort((a, b) => a - b);
    const inOrder = writes.toSorted((a, b) => a.at - b.at);
    for (const [index, { at }] of inOrder.entries())
      if (!(times[index]! <= at))
        tally.broken(`write ${index + 1} of ${reference} at ${at} had no intent of its own before it`);
  }
}

function judgeOutcomes(
  { outcomes, intents: all }: AuditEvidence,
  intents: ReadonlyMap<string, Intent>,
  tally: Tally,
): void {
  const answered = new Set<string>();
  // When a reference was last said to be unknown, and when it was last said what it is.
  const unknown = new Map<string, number>();
  const known = new Map<string, number>();
  for (const { intent, reference, at, result } of outcomes) {
    tally.judged += 1;
    if (intent !== null) {
      answered.add(intent);
      const of = intents.get(intent);
      if (of === undefined) tally.broken(`an outcome names intent ${intent}, which was never committed`);
      else if (at < of.committed) tally.broken(`the outcome of ${intent} is older than its intent`);
    }
    const times = result === 'unknown' ? unknown : known;
    times.set(reference, Math.max(at, times.get(reference) ?? at));
  }
  for (const { id } of all) if (!answered.has(id)) tally.broken(`intent ${id} has no outcome`);
  for (const [reference, at] of unknown)
    if (!((known.get(reference) ?? -1) >= at))
      tally.broken(`${reference} was unknown at ${at}, and nothing says what it turned out to be`);
}
