import type { Books } from './books.ts';
import type { PhaseSpan, TargetRequest } from './evidence.ts';
import type { Tally } from './tally.ts';

/** I8: nothing that a tenant is shown holds a mark of another one. */
export function judgeIsolation({ evidence }: Books, tally: Tally): void {
  if (evidence.isolation === undefined) return;
  tally.judged += evidence.isolation.searched;
  for (const { where, tenant, of } of evidence.isolation.found)
    if (tenant !== of) tally.broken(`${where} of ${tenant} shows a mark of ${of}`);
}

/** I10: what a model proposes passes the same checks as what a person asks for, and is not needed. */
export function judgeProposals({ evidence }: Books, tally: Tally): void {
  if (evidence.proposals === undefined) return;
  const { checks, changes, rightWithoutModel } = evidence.proposals;
  for (const { what, passed } of changes) {
    tally.judged += 1;
    const missed = checks.filter((check) => !passed.includes(check));
    if (missed.length > 0) tally.broken(`${what} came from a model and did not pass ${missed.join(', ')}`);
  }
  if (rightWithoutModel === null) return;
  tally.judged += 1;
  if (!rightWithoutModel) tally.broken('without the model, posting is not right');
}

/** I11: while a connection is read-only, no write reaches its system. */
export function judgeReadOnly({ evidence }: Books, tally: Tally): void {
  const { phases = [], requests = [] } = evidence.target;
  for (const span of phases) {
    if (span.phase !== 'read-only') continue;
    tally.judged += 1;
    if (span.egress !== undefined && span.egress.writes > 0)
      tally.broken(`${span.connection} is read-only, ${span.egress.writes} writes went out`);
    for (const request of requests)
      if (isWithin(request, span))
        tally.broken(`${span.connection} is read-only, a ${request.kind} arrived at ${request.at}`);
  }
  for (const { phase, connection, kind, at } of requests)
    if (phase === 'read-only') {
      tally.judged += 1;
      tally.broken(`${connection} is read-only, a ${kind} arrived at ${at}`);
    }
}

function isWithin({ connection, at }: TargetRequest, span: PhaseSpan): boolean {
  return connection === span.connection && at > span.from && (span.until === null || at < span.until);
}

/** I12: the whole inbound history, delivered once more, changes nothing outside. */
export function judgeReplay({ evidence }: Books, tally: Tally): void {
  for (const { deliveries, before, after } of evidence.replays ?? []) {
    if (deliveries === 0) continue;
    tally.judged += 1;
    if (before !== after) tally.broken(`${deliveries} deliveries once more turned ${before} into ${after}`);
  }
}

/** I13: attempts, retries and everything that can grow stay within the bounds that the evidence names. */
export function judgeBounds({ evidence }: Books, tally: Tally): void {
  const { work } = evidence;
  if (work === undefined) return;
  for (const { reference, attempts } of evidence.ours.postings ?? []) {
    tally.judged += 1;
    if (attempts > work.attemptsAtMost)
      tally.broken(`${reference} took ${attempts} attempts, at most ${work.attemptsAtMost} are allowed`);
  }
  if (work.calls !== undefined) {
    const { retriesPercentAtMost, callsAtLeast, perConnection } = work.calls;
    for (const { connection, calls, retries } of perConnection) {
      if (calls < callsAtLeast) continue;
      tally.judged += 1;
      if (retries * 100 > calls * retriesPercentAtMost)
        tally.broken(`${connection} repeated ${retries} of ${calls} calls`);
    }
  }
  for (const { what, seen, atMost } of work.peaks ?? []) {
    tally.judged += 1;
    if (seen > atMost) tally.broken(`${what} reached ${seen}, at most ${atMost} is allowed`);
  }
}
