import { centsOf } from './cents.ts';
import { faultKinds } from './faults.ts';
import { findDuplicateInvoices, findLostApplications, findPaymentGap } from './judge-invoices.ts';
import { residualCents } from './judge-money.ts';
import { corrected, type Expected, findUnsent, isRight } from './judge-orders.ts';
import { readSeen, type Seen } from './seen.ts';
import type { Session } from './session.ts';
import {
  type Counts,
  readFaults,
  readTruth,
  type SimulatorUrls,
  type TrueRequest,
  type Truth,
} from './truth.ts';

/** The one object that `demo --once --json` prints. */
export type Verdict = {
  readonly seed: number;
  readonly requests: number;
  readonly posted: number;
  readonly invoiced: number;
  readonly updated: number;
  /** Refused by Procore in the words of the ERP, and right in the ERP after somebody corrected them. */
  readonly corrected: number;
  readonly inReview: number;
  readonly duplicates: number;
  readonly lost: number;
  readonly auditVerified: boolean;
  readonly residualMinor: string;
  readonly faults: Counts;
};

export type Evidence = Truth & { readonly seen: Seen; readonly faults: Counts };
/** Findings are told to people; a verdict without any holds. */
export type Judgement = { readonly verdict: Verdict; readonly findings: readonly string[] };

const WAITING = ['blocked', 'in-review', 'awaiting-approval', 'refused', 'conflict'];
const ON_ITS_WAY = ['planned', 'ready', 'posting'];
const LEAST = { posted: 20, invoiced: 4, updated: 3, corrected: 1, inReview: 3 } as const;

/** Reads what really is and what Tiebeam says, and compares. Nothing of the engine is believed or imported. */
export async function examine(
  seed: number,
  urls: SimulatorUrls,
  session: Session,
  expected: Expected,
): Promise<Judgement> {
  // What Tiebeam says is read first: what it does not know by then counts against it.
  const seen = await readSeen(session);
  const evidence = { ...(await readTruth(urls)), seen, faults: await readFaults(urls) };
  return judge(seed, evidence, expected);
}

/** Pure: the same evidence gives the same judgement. */
export function judge(seed: number, evidence: Evidence, expected: Expected): Judgement {
  const { procore, businessOne, seen, faults } = evidence;
  const ours = businessOne.orders.filter(({ reference }) => reference !== null);
  const duplicates = [...findDuplicates(evidence), ...findDuplicateInvoices(evidence)];
  const lost = [
    ...findUnsent(evidence, expected),
    ...findLost(evidence, expected),
    ...findUnanswered(evidence, expected),
    ...findLostApplications(evidence),
    ...findPaymentGap(evidence),
  ];
  const waiting = seen.documents.filter(({ state }) => WAITING.includes(state));
  const reviewed = new Set(seen.reviews.map(({ documentId }) => documentId));
  const residual = residualCents(evidence, expected);
  const verdict: Verdict = {
    seed,
    requests: procore.requests.length,
    posted: ours.length,
    invoiced: businessOne.invoices.filter(({ reference }) => reference !== null).length,
    updated: ours.filter(({ revision }) => revision >= 2).length,
    corrected: corrected(evidence, expected).length,
    inReview: seen.reviews.length + waiting.filter(({ id }) => !reviewed.has(id)).length,
    duplicates: duplicates.length,
    lost: lost.length,
    auditVerified: seen.auditVerified,
    residualMinor: String(residual.cents),
    faults,
  };
  const findings = [
    ...duplicates,
    ...lost,
    ...residual.findings,
    ...findUnsettled(evidence),
    ...holds(verdict),
  ];
  return { verdict, findings };
}

/** Orders beyond the first of a reference or of a source commitment. */
function findDuplicates({ businessOne }: Truth): string[] {
  const references = new Set<string>();
  const contracts = new Set<string>();
  const found: string[] = [];
  for (const { entry, reference, contractId } of businessOne.orders) {
    const again =
      (reference !== null && references.has(reference)) || (contractId !== null && contracts.has(contractId));
    if (again) found.push(`order ${entry} is a second one for commitment ${contractId ?? reference}`);
    if (reference !== null) references.add(reference);
    if (contractId !== null) contracts.add(contractId);
  }
  return found;
}

/** Requests that ended neither in the right order nor in front of somebody. */
function findLost(evidence: Evidence, expected: Expected): string[] {
  return evidence.procore.requests
    .filter((request) => !isRight(evidence, expected, request.contractId).ok)
    .filter((request) => !isVisible(evidence, request))
    .map((request) => {
      const right = isRight(evidence, expected, request.contractId);
      const why = right.ok ? '' : right.why;
      return `request ${request.id} of commitment ${request.contractId} is lost: ${why}`;
    });
}

/** Somebody can see it, knows why and whose turn it is; or Procore was told that it failed and why. */
function isVisible({ seen }: Evidence, { contractId, status, messages }: TrueRequest): boolean {
  if (status === 'failed' && messages.some((message) => message.trim() !== '')) return true;
  const own = seen.documents.filter(({ source, kind }) => source.id === contractId && kind !== 'vendor-link');
  if (own.some(({ state, waitsFor, owner }) => WAITING.includes(state) && waitsFor !== '' && owner !== null))
    return true;
  const ids = new Set(own.map(({ id }) => id));
  return seen.reviews.some(
    ({ documentId, role }) => documentId !== null && ids.has(documentId) && role !== '',
  );
}

/** Lost to whoever exported it: the order stands, but Procore was never told that the request succeeded. */
function findUnanswered(evidence: Evidence, expected: Expected): string[] {
  return evidence.procore.requests
    .filter(({ status, contractId }) => status !== 'success' && isRight(evidence, expected, contractId).ok)
    .filter((request) => !isVisible(evidence, request))
    .map(({ id, status }) => `request ${id} is ${status} in Procore although its order stands`);
}

/** While something is on its way the picture can still change, for the better or for a second order. */
function findUnsettled({ businessOne, seen }: Evidence): string[] {
  const found = seen.documents
    .filter(({ state }) => ON_ITS_WAY.includes(state))
    .map(({ number, state }) => `document ${number} is ${state}`);
  const { pendingCommits } = businessOne;
  return pendingCommits === 0 ? found : [...found, `the ERP still works on ${pendingCommits} requests`];
}

/** What the verdict falls short of; empty when everything that the demo promises was shown. */
export function holds(verdict: Verdict): string[] {
  const found: string[] = [];
  if (verdict.duplicates > 0)
    found.push(`${verdict.duplicates} orders or invoices too many stand in the ERP`);
  if (verdict.lost > 0) found.push(`${verdict.lost} requests are lost`);
  for (const key of ['posted', 'invoiced', 'updated', 'corrected', 'inReview'] as const)
    if (verdict[key] < LEAST[key])
      found.push(`${key} is ${verdict[key]}, at least ${LEAST[key]} are asked for`);
  if (!verdict.auditVerified) found.push('the audit chain does not verify');
  if (centsOf(verdict.residualMinor) !== 0n)
    found.push(`${verdict.residualMinor} cents of difference are named by no document`);
  for (const kind of faultKinds) {
    const { injected = 0, reached = 0 } = verdict.faults[kind] ?? {};
    if (injected < 1 || reached < 1)
      found.push(`the fault ${kind} was injected ${injected} and reached ${reached} times`);
  }
  return found;
}
