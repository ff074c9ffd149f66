import { type Acceptance, type Accepted, acceptedBy } from '../../domain/approval/acceptance.ts';
import type { ApprovalBinding } from '../../domain/approval/approval.ts';
import { type Approver, approvalHolds } from '../../domain/approval/approval.ts';
import { type Asked, gate } from '../../domain/approval/gate.ts';
import { type Change, changedSince, type Shown } from '../../domain/changed-since.ts';
import { beginPosting } from '../../domain/posting/begin-posting.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { Reason } from '../../domain/reasons.ts';
import { lowerPhase, move, type Phase } from '../../domain/states.ts';
import { dayStart } from '../../domain/values/calendar-date.ts';
import { formatMoney, type Money, money } from '../../domain/values/money.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import { wasRestoredSince } from '../../store/database/installation.ts';
import { type Tx, tenantOf } from '../../store/database/transaction.ts';
import { lastShown, openApproval, staleApprovals } from '../../store/documents/approval.ts';
import { savePlan } from '../../store/documents/document.ts';
import { unapprovedSince } from '../../store/documents/document-lists.ts';
import type { DocumentPlan, StoredDocument } from '../../store/documents/document-row.ts';
import { lockVendorDay } from '../../store/documents/plan-lock.ts';
import { addPostings, referenceUse } from '../../store/documents/posting.ts';
import { expireReviews, openReview } from '../../store/documents/review.ts';
import { listUsers } from '../../store/people/users.ts';
import { phasesBetween } from '../../store/settings/connection.ts';
import { currentPolicy } from '../../store/settings/policy.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { postLane } from '../lanes.ts';

type AtGate = {
  readonly erp: OpenConnection;
  readonly hub: OpenConnection;
  readonly draft: DocumentPlan;
  readonly exposure: Money | null;
  /** The same document as it was planned last. */
  readonly before: StoredDocument | null;
  /** Who exported it and what was accepted by that, and the same of what is planned. */
  readonly acceptance?: Acceptance | null;
  readonly content?: string | null;
};

/** Asks the gate about a complete document and writes down where it stands: blocked, waiting, or ready to post. */
export async function passGate(
  engine: Engine,
  tx: Tx,
  { erp, hub, draft, exposure, before, acceptance = null, content = null }: AtGate,
): Promise<void> {
  const policy = await currentPolicy(tx);
  const users = await listUsers(tx);
  const dayBegan = dayStart(engine.clock.now(), policy.timeZone ?? 'UTC');
  const today = exposure === null ? 0n : await postedTodayWithout(tx, draft, exposure.currency, dayBegan);
  const provenance = provenanceOf(draft);
  const verdict = gate({
    kind: policedAs(draft.kind),
    phase: await effectivePhase(tx, erp, hub, projectsOf(draft)),
    exposure,
    alwaysAsked: undone(draft),
    unapprovedToday: exposure === null ? null : money(today, exposure.currency),
    waitsFor: askedBefore(before, draft),
    isDayIncomplete: wasSentBack(before) && (await wasRestoredSince(tx, dayBegan)),
    policy,
    provenance,
    users,
  });
  const binding: ApprovalBinding = {
    payloadHash: draft.payloadHash!,
    mappingHash: draft.mappingHash!,
    policyVersion: policy.version,
  };
  const now = engine.clock.now();
  const staled = await staleApprovals(tx, draft.id, binding, now);
  const counts = verdict.verdict === 'approval' && policy.acceptance?.approverCounts === true;
  const accepted = counts
    ? acceptedBy(verdict, acceptance, { content, editors: provenance.editors, users })
    : null;
  if (accepted !== null) return release(engine, tx, { ...draft, gate: accepted });
  const plan = { ...draft, gate: verdict };
  if (verdict.verdict === 'blocked') {
    const reason: Reason = {
      code: 'read-only',
      owner: 'controller',
      message: verdict.why,
      remedy: verdict.remedy,
    };
    await savePlan(tx, { ...plan, state: move('document', 'planned', 'blocked'), reasons: [reason] }, [
      { kind: 'phase', key: erp.id },
    ]);
    return expireReviews(tx, draft.id, []);
  }
  const approval = verdict.verdict === 'approval' ? await openApproval(tx, draft.id) : null;
  const approved = approval !== null && approvalHolds(approval, binding, provenance).ok;
  if (verdict.verdict === 'auto' || approved) {
    await savePlan(tx, { ...plan, state: move('document', 'planned', 'ready') }, []);
    await expireReviews(tx, draft.id, []);
    return makeReady(engine, tx, plan);
  }
  await askApproval(engine, tx, plan, verdict, { users, changes: await changesOf(tx, plan, policy.version) });
  if (staled > 0)
    await appendAudit(tx, [
      {
        kind: 'approval-stale',
        actor: 'tiebeam',
        document: draft.id,
        at: now,
        body: { payload: draft.payloadHash },
      },
    ]);
}

/** The approver's export is the approval: it is told as one. */
async function release(
  engine: Engine,
  tx: Tx,
  plan: DocumentPlan & { readonly gate: Accepted },
): Promise<void> {
  const { by, role, policyVersion } = plan.gate;
  await savePlan(tx, { ...plan, state: move('document', 'planned', 'ready') }, []);
  await expireReviews(tx, plan.id, []);
  await makeReady(engine, tx, plan);
  const body = { payload: plan.payloadHash, role, policy: String(policyVersion), request: plan.requestKey };
  const at = engine.clock.now();
  await appendAudit(tx, [{ kind: 'accepted', actor: by, document: plan.id, at, body }]);
}

/** By a requisition an order begins, and the order of it is linked without another question: it is approved as one. */
function policedAs(kind: DocumentPlan['kind']): DocumentPlan['kind'] {
  return kind === 'purchase-requisition' ? 'purchase-order' : kind;
}

/** What stands in the ERP is taken back there by nobody alone. */
function undone({ body }: Pick<DocumentPlan, 'body'>): string | null {
  return body?.kind === 'budget' && body.takesBack === true
    ? 'it takes back what was carried for a budget change that Procore does not show as approved any more'
    : null;
}

/** What a person is being asked about this document, if it is still the one that was shown. */
function askedBefore(before: StoredDocument | null, draft: DocumentPlan): Asked | null {
  const isSame =
    before?.state === 'awaiting-approval' &&
    before.payloadHash === draft.payloadHash &&
    before.mappingHash === draft.mappingHash;
  return isSame && before.gate?.verdict === 'approval' ? before.gate : null;
}

/** It was on its way already, and found that it may not go as it was planned. */
function wasSentBack(before: StoredDocument | null): boolean {
  return before?.state === 'planned' && before.reasons.some(({ code }) => code === 'sent-back');
}

/** What went to the vendor, or for the project, today without a person, and what is about to. */
async function postedTodayWithout(
  tx: Tx,
  { vendorId, projectId, kind, id }: DocumentPlan,
  currency: string,
  since: Date,
): Promise<bigint> {
  // A budget goes to nobody, and an owner is no vendor: what their project got today is what counts.
  const party = vendorId ?? projectId;
  if (party === null) return 0n;
  await lockVendorDay(tx, party);
  const column = vendorId === null ? 'project_id' : 'vendor_id';
  return unapprovedSince(tx, { kind: policedAs(kind), column, party, currency }, since, id);
}

async function askApproval(
  engine: Engine,
  tx: Tx,
  plan: DocumentPlan,
  verdict: Asked,
  { users, changes }: { readonly users: readonly Approver[]; readonly changes: readonly Change[] },
): Promise<void> {
  const alone: Reason = {
    code: 'no-second-person',
    owner: 'engineer',
    message: `Nobody here may approve this: ${users.length < 2 ? 'there is only one user' : `no other person has the role ${verdict.role}`}. Nothing at or above the threshold can post.`,
    remedy: `Add a second person with the role ${verdict.role}.`,
  };
  const needed: Reason = {
    code: 'needs-approval',
    owner: verdict.role,
    message: `Needs approval by a ${verdict.role}: ${verdict.why}.`,
    remedy: 'Approve it in Review.',
  };
  await savePlan(
    tx,
    {
      ...plan,
      state: move('document', 'planned', 'awaiting-approval'),
      // What is worth knowing besides comes after what holds it.
      reasons: [...(verdict.possible ? [needed] : [alone, needed]), ...plan.reasons],
    },
    [{ kind: 'person', key: verdict.role }],
  );
  await expireReviews(tx, plan.id, ['approval']);
  await openReview(tx, {
    id: engine.newId(),
    kind: 'approval',
    subject: `approval:${plan.id}`,
    document: plan.id,
    title: `${plan.number} ${plan.title}`,
    question: `${deedOf(plan)}${plan.kind === 'vendor' ? ' ' : ' for '}${plan.vendorName ?? (plan.kind === 'budget' ? 'the project' : 'the vendor')}? It needs a ${verdict.role}: ${verdict.why}.`,
    evidence: {
      payloadHash: plan.payloadHash,
      amount:
        plan.amountMinor === null || plan.currency === null
          ? null
          : formatMoney(money(plan.amountMinor, plan.currency)),
      accountingDate: plan.accountingDate,
      requester: plan.requester,
      facts: changes,
    },
    role: verdict.role,
  });
}

/** What would be done, as the question to an approver begins. */
function deedOf({
  body,
  operation,
  sourceObject,
}: Pick<DocumentPlan, 'body' | 'operation' | 'sourceObject'>): string {
  if (body?.kind === 'budget')
    return body.purpose === 'original' ? 'Enter the original budget' : 'Change the budget';
  if (body?.kind === 'ar-invoice') return 'Bill the owner';
  if (body?.kind === 'vendor-payment')
    return body.making === 'draft' ? 'Enter a payment draft' : 'Post the payment';
  if (body?.kind === 'contract-change') return 'Change the contract with the owner';
  if (operation?.kind === 'create-vendor-credit') return 'Post the credit';
  if (body?.kind === 'ap-invoice')
    return body.purpose !== 'retainage-release' ? 'Post the invoice' : 'Pay out the retainage';
  if (sourceObject === 'change-order') return 'Put the change order into the purchase order';
  if (body?.kind === 'vendor') return 'Create the vendor';
  if (operation?.kind === 'create-requisition') return 'Post the purchase requisition';
  return operation?.kind === 'update-order' ? 'Change the purchase order' : 'Post the purchase order';
}

/** What an approver of this document sees: an order is kept with its approval, so that changes can be named. */
export function shownOf({ body }: Pick<DocumentPlan, 'body'>, policyVersion: number): Shown | null {
  return body?.kind === 'purchase-order' ? { body, policyVersion } : null;
}

async function changesOf(tx: Tx, plan: DocumentPlan, policyVersion: number): Promise<readonly Change[]> {
  const last = await lastShown(tx, plan.id);
  const now = shownOf(plan, policyVersion);
  if (last === null || now === null) return [];
  const label = `Changed since ${last.by} approved it`;
  return changedSince(last.shown, now).map((change) => ({ ...change, label: `${label}: ${change.label}` }));
}

/** Writes the postings of a ready document down and wakes the lane that sends them. */
export async function makeReady(
  engine: Engine,
  tx: Tx,
  document: Pick<DocumentPlan, 'id' | 'root' | 'operation' | 'targetConnection'>,
): Promise<void> {
  const target = await engine.systems.get(await tenantOf(tx), document.targetConnection);
  const operation = document.operation!;
  const begun = [];
  for (const write of target.connection.writes(operation)) {
    const rule = target.settle[write.object];
    if (rule === undefined)
      throw new Stop('bug', target.system, `${target.name} has no settle rule for ${write.object}`);
    const use = await referenceUse(tx, target.id, write.reference);
    begun.push({ ...write, id: engine.newId(), beginning: beginPosting(write.kind, use, rule) });
  }
  await addPostings(
    tx,
    { document: document.id, connection: target.id, root: document.root, operation },
    begun,
  );
  await wakeLane(tx, postLane(target, document.root));
}

/** All projects that a document is for: a bill of the company may be for several. */
export function projectsOf({ projectId, body }: Pick<DocumentPlan, 'projectId' | 'body'>): readonly string[] {
  if (body?.kind === 'ap-invoice' && body.purpose === 'direct-cost')
    return [...new Set(body.lines.map((line) => line.projectId))];
  return projectId === null ? [] : [projectId];
}

/** The lowest of the phases of both connections and the projects. */
export async function effectivePhase(
  tx: Tx,
  erp: OpenConnection,
  hub: OpenConnection,
  projects: readonly string[],
): Promise<Phase> {
  return (await effectivePhases(tx, erp, hub, projects)).project;
}

/** The same for the company as a whole and for projects of it. */
export async function effectivePhases(
  tx: Tx,
  erp: OpenConnection,
  hub: OpenConnection,
  projects: readonly string[],
): Promise<{ readonly company: Phase; readonly project: Phase }> {
  const { target, source, project } = await phasesBetween(tx, erp.id, hub.id, projects);
  const company = lowerPhase(target, source);
  return { company, project: project === null ? company : lowerPhase(company, project) };
}

export function provenanceOf(document: Pick<DocumentPlan, 'requester' | 'mappings'>): {
  requester: string | null;
  editors: readonly string[];
} {
  return { requester: document.requester, editors: document.mappings.map((row) => row.setBy) };
}
