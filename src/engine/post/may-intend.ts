import { type Accepted, stillAccepts } from '../../domain/approval/acceptance.ts';
import { approvalHolds } from '../../domain/approval/approval.ts';
import type { Policy } from '../../domain/approval/gate.ts';
import { createsDocument } from '../../domain/planning/creates.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import { permitOf } from '../../domain/posting/permit.ts';
import type { Reason } from '../../domain/reasons.ts';
import type {
  CommitmentRecord,
  DirectCostRecord,
  PeriodRecord,
  SubInvoiceRecord,
} from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import { type CalendarDate, dayStart, isWithin } from '../../domain/values/calendar-date.ts';
import { wasRestoredAfter } from '../../store/database/installation.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { consumeApproval, openApproval, staleApprovals } from '../../store/documents/approval.ts';
import { getDocument, moveDocument } from '../../store/documents/document.ts';
import { invoicesOfSource } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { cancelPostings, type StoredPosting } from '../../store/documents/posting.ts';
import { listUsers } from '../../store/people/users.ts';
import { jobCostsAllowed } from '../../store/records/job-cost.ts';
import { findRecord, listRecords } from '../../store/records/record.ts';
import { isReadOnly } from '../../store/settings/connection.ts';
import { currentPolicy } from '../../store/settings/policy.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpBehind } from '../erp-companies.ts';
import { movedOn } from '../plan/moved-on.ts';
import { effectivePhases, projectsOf, provenanceOf } from '../plan/pass-gate.ts';
import { wakePlanner } from '../plan/wake.ts';

/** What proves that this worker may act: its lane under a fence, served from an account under a fence. */
export type Holding = { readonly lane: Lane; readonly accountFence: string };

type Verdict = { readonly ok: true } | { readonly ok: false; readonly afterMs: number | null };

// A write-back that waits for its phase looks again now and then: nothing else may wake it.
const PHASE_AGAIN_MS = 60_000;
const DAY_FORGOTTEN = 'the database was restored, and what went that day is not known';

/**
 * The last decision before an intent, in its transaction: phase, period and approval as they are now, not as
 * they were when the document was planned. What no longer holds goes back to the plan.
 */
export async function mayIntend(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  posting: StoredPosting,
): Promise<Verdict> {
  const document = posting.document === null ? null : await getDocument(tx, posting.document, 'lock');
  const isEffect =
    document !== null &&
    document.targetConnection === at.id &&
    posting.operation.kind === document.operation?.kind;
  if (permitOf(posting.operation) === 'job-costs')
    return (await mayShowJobCosts(tx, at)) ? { ok: true } : { ok: false, afterMs: PHASE_AGAIN_MS };
  if (document === null || !isEffect) {
    return (await mayWrite(engine, tx, at, document)) ? { ok: true } : { ok: false, afterMs: PHASE_AGAIN_MS };
  }
  // Something of it may already stand in the target: from here on the protocol decides and not the gate, but
  // nothing is sent again while the phase is read-only.
  if (posting.attempt > 0) {
    if ((await isDayForgotten(engine, tx, document)) && (await cancelPostings(tx, document, 'restore')))
      return backToPlan(engine, tx, at, document, DAY_FORGOTTEN);
    return (await mayWrite(engine, tx, at, document)) ? { ok: true } : { ok: false, afterMs: PHASE_AGAIN_MS };
  }
  const isLookedFor = posting.state !== 'ready' && document.state === 'ready';
  if (isLookedFor && (await isSyncedElsewhere(tx, document)))
    return backToPlan(engine, tx, at, document, 'the source says that it is synced, and it is not there');
  // What the source says by now is planned, and not what it said before the look, perhaps long ago.
  const isOld = isLookedFor && (await movedOn(tx, document));
  const why = isOld
    ? 'the source changed while it was looked for'
    : await whatChanged(engine, tx, at, document);
  if (why === null) {
    if (document.state === 'ready') await moveDocument(tx, document, { state: 'posting' });
    return { ok: true };
  }
  // A later write of several: something of the document may stand already, so it waits where it is.
  if (document.state !== 'ready') return { ok: false, afterMs: PHASE_AGAIN_MS };
  return backToPlan(engine, tx, at, document, why);
}

export async function backToPlan(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  document: StoredDocument,
  why: string,
): Promise<Verdict> {
  engine.log.info({ document: document.id, why }, 'back to the plan before posting');
  const reason: Reason = {
    code: 'sent-back',
    owner: 'tiebeam',
    message: `Planned again before it was sent: ${why}.`,
  };
  if (await cancelPostings(tx, document, 'plan'))
    await moveDocument(tx, document, { state: 'planned', reasons: [reason] });
  await wakePlanner(engine, tx, at.tenant, document);
  return { ok: false, afterMs: null };
}

/** Procore calls it synced, by what may be our own word; but it was looked for, and nothing of ours is there. */
async function isSyncedElsewhere(tx: Tx, document: StoredDocument): Promise<boolean> {
  if (!createsDocument(document.operation)) return false;
  const record = await findRecord<CommitmentRecord | SubInvoiceRecord | DirectCostRecord>(tx, {
    connection: document.sourceConnection,
    object: document.sourceObject,
    nativeId: document.sourceId,
  });
  if (record?.body.originId == null) return false;
  // The other invoice of the same pay application may have been told already.
  const invoices = await invoicesOfSource(tx, document);
  return !invoices.some(isStanding);
}

/** The phase as it is now, which another process may have changed; the door of the connection follows it. */
async function mayWrite(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  document: StoredDocument | null,
): Promise<boolean> {
  const hub = await engine.systems.hubOf(at.tenant);
  const erp = await erpBehind(engine, at, () => document);
  const projects = document === null ? [] : projectsOf(document);
  const { company, project } = await effectivePhases(tx, erp, hub, projects);
  at.allowWrites(company !== 'read-only');
  return project !== 'read-only';
}

/** The switch as it is now: no phase of documents stands for it, and it stands for no document. */
async function mayShowJobCosts(tx: Tx, at: OpenConnection): Promise<boolean> {
  const allowed = at.hub !== null && (await jobCostsAllowed(tx, at.id));
  at.allowWrites(allowed, 'job-costs');
  return allowed;
}

/** Between the intent and the wire the phase may have been set to read-only: nothing leaves then. */
export async function mayRelease(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  { document, operation }: Pick<StoredPosting, 'document' | 'operation'>,
): Promise<void> {
  if (permitOf(operation) === 'job-costs') {
    if (await mayShowJobCosts(tx, at)) return;
    throw new Stop('retry-later', 'tiebeam', 'showing job costs was switched off before it was sent', {
      retryAfterMs: PHASE_AGAIN_MS,
    });
  }
  const hub = await engine.systems.hubOf(at.tenant);
  const erp = await erpBehind(engine, at, () => (document === null ? null : getDocument(tx, document)));
  if (!(await isReadOnly(tx, [hub.id, erp.id], { erp: erp.id, document }))) return;
  throw new Stop('retry-later', 'tiebeam', 'the phase was set to read-only before it was sent', {
    retryAfterMs: PHASE_AGAIN_MS,
  });
}

async function whatChanged(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  document: StoredDocument,
): Promise<string | null> {
  const { gate } = document;
  const isAsked = gate !== null && document.state === 'ready';
  const [isOpen, closed, policy, approval, isForgotten] = await Promise.all([
    mayWrite(engine, tx, at, document),
    closedPeriod(engine, tx, at, document),
    isAsked ? currentPolicy(tx) : null,
    isAsked && gate.verdict === 'approval' ? openApproval(tx, document.id) : null,
    isAsked && isDayForgotten(engine, tx, document),
  ]);
  if (!isOpen) return 'the phase is read-only';
  if (closed !== null) return `no open period for ${closed}`;
  if (!isAsked || policy === null) return null;
  // What may go by itself may do so by the policy of this moment, not by the one that it was planned under.
  if (gate.verdict === 'auto' && (gate.policyVersion ?? policy.version) !== policy.version)
    return 'the policy changed';
  if (isForgotten) return DAY_FORGOTTEN;
  if (gate.verdict === 'accepted') return notAccepted(tx, document, gate, policy);
  if (gate.verdict !== 'approval') return null;
  if (approval === null) return 'no valid approval';
  const binding = {
    payloadHash: document.payloadHash ?? '',
    mappingHash: document.mappingHash ?? '',
    policyVersion: policy.version,
  };
  const holds = approvalHolds(approval, binding, provenanceOf(document));
  // A role or an account taken away after the approval takes the approval with it.
  const left = holds.ok && !approval.approverMay;
  const why = holds.ok ? (left ? 'whoever approved it has left or lost the role' : null) : holds.why;
  const now = engine.clock.now();
  // Void from now on: the plan would find it again and send the document back here without an end.
  if (why === null) await consumeApproval(tx, approval.id, now);
  else await staleApprovals(tx, document.id, null, now);
  return why;
}

/** What the approver's export approved is asked about after all, where that does not count any more. */
async function notAccepted(
  tx: Tx,
  document: StoredDocument,
  accepted: Accepted,
  { version, acceptance }: Policy,
): Promise<string | null> {
  if (accepted.policyVersion !== version || acceptance?.approverCounts !== true) return 'the policy changed';
  const { editors } = provenanceOf(document);
  const holds = stillAccepts(accepted, { editors, users: await listUsers(tx) });
  return holds ? null : 'whoever accepted it has left or lost the role';
}

/** It may go because of how little went that day, and a restored database may have forgotten some of that. */
async function isDayForgotten(engine: Engine, tx: Tx, { id, gate }: StoredDocument): Promise<boolean> {
  if (gate?.verdict !== 'auto' || gate.bySum !== true) return false;
  const { timeZone } = await currentPolicy(tx);
  return wasRestoredAfter(tx, id, dayStart(engine.clock.now(), timeZone ?? 'UTC'));
}

/** The accounting date of a new document, if no period is open for it by now. */
async function closedPeriod(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  document: StoredDocument,
): Promise<CalendarDate | null> {
  const { operation, accountingDate } = document;
  if (!createsDocument(operation) || accountingDate === null) return null;
  const erp = await erpBehind(engine, at, () => document);
  const periods = await listRecords<PeriodRecord>(tx, erp.id, 'period');
  const isOpen = ({ body }: (typeof periods)[number]) =>
    body.open &&
    !(operation?.kind === 'create-ar-invoice' && body.closedForSales) &&
    isWithin(accountingDate, body.from, body.to);
  return periods.length === 0 || periods.some(isOpen) ? null : accountingDate;
}
