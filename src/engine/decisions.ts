import { mayApprove } from '../domain/approval.ts';
import type { MappingRow } from '../domain/plan-order.ts';
import { stepPosting } from '../domain/posting.ts';
import { type Phase, postingInFlight } from '../domain/states.ts';
import { addApproval } from '../store/approval.ts';
import { appendAudit } from '../store/audit.ts';
import { setConnectionPhase, setProjectPhase } from '../store/connection.ts';
import { getDocument, moveDocument, type StoredDocument } from '../store/document.ts';
import { wakeLane } from '../store/lane.ts';
import { setMapping as storeMapping } from '../store/mapping.ts';
import { outlastPlans } from '../store/plan-lock.ts';
import { currentPolicy } from '../store/policy.ts';
import { cancelPostings, postingsOf, savePosting } from '../store/posting.ts';
import { findRecord } from '../store/record.ts';
import { getItem } from '../store/request-item.ts';
import { decideReview, expireReviews, expireSubject, getReview, type StoredReview } from '../store/review.ts';
import { type Tx, tenantOf } from '../store/transaction.ts';
import { failRequest } from './confirm.ts';
import type { Engine } from './engine.ts';
import { postLane, sourceLane } from './lanes.ts';
import { makeReady, provenanceOf } from './pass-gate.ts';
import { step } from './step.ts';
import { wakeMapping, wakeWaiting } from './wake.ts';

export type Person = { readonly id: string; readonly email: string; readonly roles: readonly string[] };
export type Declined = {
  readonly ok: false;
  readonly status: 403 | 404 | 409 | 422;
  readonly title: string;
  readonly detail: string;
};
export type Decided = { readonly ok: true } | Declined;
type By = { readonly tenant: string; readonly user: Person };

const gone: Declined = {
  ok: false,
  status: 404,
  title: 'Not found',
  detail: 'It does not exist, or belongs to somebody else.',
};
const decided: Declined = {
  ok: false,
  status: 409,
  title: 'Already decided',
  detail: 'Somebody decided this before you. Nothing was changed now.',
};

function declined(status: Declined['status'], title: string, detail: string): Declined {
  return { ok: false, status, title, detail };
}

/** Releases exactly the payload that was shown, if this person may, and nothing else. */
export async function approve(
  engine: Engine,
  { tenant, user, reviewId, payloadHash }: By & { reviewId: string; payloadHash: string },
): Promise<Decided> {
  const result = await step(engine, tenant, async (tx): Promise<Decided> => {
    const found = await openReviewWithDocument(tx, reviewId);
    if ('ok' in found) return found;
    const { review, document } = found;
    if (review.kind !== 'approval' || document === null)
      return declined(422, 'Nothing to approve', 'This item asks for something else than an approval.');
    if (document.state !== 'awaiting-approval')
      return declined(409, 'No longer waiting', `The document is ${document.state} now.`);
    if (document.payloadHash !== payloadHash)
      return declined(
        409,
        'Changed meanwhile',
        'The document changed after you opened it. Look at the new version, then decide.',
      );
    const allowed = mayApprove(user, provenanceOf(document), review.role);
    if (!allowed.ok) return declined(403, 'You may not approve this', allowed.why);
    const now = engine.clock.now();
    const policy = await currentPolicy(tx);
    if (
      !(await decideReview(tx, reviewId, {
        state: 'approved',
        by: user.email,
        at: now,
        detail: { payloadHash },
      }))
    )
      return decided;
    await addApproval(tx, document.id, {
      id: engine.newId(),
      payloadHash,
      mappingHash: document.mappingHash ?? '',
      policyVersion: policy.version,
      decidedBy: user.email,
      role: review.role,
      at: now,
    });
    await moveDocument(tx, document, { state: 'ready', reasons: [] });
    await makeReady(engine, tx, document);
    await appendAudit(tx, [
      {
        kind: 'approved',
        actor: user.email,
        document: document.id,
        at: now,
        body: { payload: payloadHash, role: review.role, policy: String(policy.version) },
      },
    ]);
    return { ok: true };
  });
  engine.failPoint('after-decision');
  return result;
}

/** Sends a document back: nothing is posted, and the person who exported it reads why. */
export async function reject(
  engine: Engine,
  { tenant, user, reviewId, reason }: By & { reviewId: string; reason: string },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    const found = await openReviewWithDocument(tx, reviewId);
    if ('ok' in found) return found;
    const { review, document } = found;
    if (!mayHandle(user, review.role))
      return declined(403, 'You may not decide this', `This needs the role ${review.role}.`);
    const now = engine.clock.now();
    if (document !== null) {
      const back = await takeBack(engine, tx, document, `Rejected by ${user.email}: ${reason}`);
      if (!back.ok) return back;
    }
    if (
      !(await decideReview(tx, reviewId, { state: 'rejected', by: user.email, at: now, detail: { reason } }))
    )
      return decided;
    if (document !== null) await expireReviews(tx, document.id, []);
    await appendAudit(tx, [
      {
        kind: 'rejected',
        actor: user.email,
        ...(document === null ? {} : { document: document.id }),
        at: now,
        body: { reason, review: reviewId },
      },
    ]);
    return { ok: true };
  });
}

/** Takes a document back that nothing was sent for yet. */
export async function withdraw(
  engine: Engine,
  { tenant, user, documentId, reason }: By & { documentId: string; reason: string },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    const document = await getDocument(tx, documentId, 'lock');
    if (document === null) return gone;
    if (!mayHandle(user, 'accountant'))
      return declined(403, 'You may not withdraw this', 'This needs the role accountant.');
    const back = await takeBack(engine, tx, document, `Withdrawn by ${user.email}: ${reason}`);
    if (!back.ok) return back;
    await expireReviews(tx, document.id, []);
    await appendAudit(tx, [
      {
        kind: 'withdrawn',
        actor: user.email,
        document: document.id,
        at: engine.clock.now(),
        body: { reason },
      },
    ]);
    return { ok: true };
  });
}

/** Before an intent a document can be taken back; after it only a reversal undoes it. */
async function takeBack(engine: Engine, tx: Tx, document: StoredDocument, message: string): Promise<Decided> {
  const state = document.state;
  if (state === 'posting' || state === 'posted' || state === 'confirmed' || state === 'detached') {
    return declined(
      409,
      'Too late to withdraw',
      'It was already sent. What stands in the ERP is only undone by a reversal there.',
    );
  }
  if (!(await cancelPostings(tx, document)))
    return declined(409, 'Too late to withdraw', 'A write of this document is on its way.');
  await moveDocument(tx, document, {
    state: 'withdrawn',
    reasons: [
      {
        code: 'withdrawn',
        owner: 'project-manager',
        message,
        remedy: 'Export it again in Procore when it is right.',
      },
    ],
  });
  const hub = await engine.systems.get(
    await tenantOf(tx),
    document.kind === 'vendor-link' ? document.targetConnection : document.sourceConnection,
  );
  const item = document.requestKey === null ? null : await getItem(tx, hub.id, document.requestKey);
  if (item !== null && item.state !== 'succeeded' && item.state !== 'failed' && item.state !== 'stale')
    await failRequest(engine, tx, hub, item, [message], document.id);
  return { ok: true };
}

/** Answers what the plan could not know; every document that waits for one of these rows is released. */
export async function answer(
  engine: Engine,
  {
    tenant,
    user,
    reviewId,
    answers,
  }: By & { reviewId: string; answers: readonly Omit<MappingRow, 'version' | 'setBy'>[] },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    // Before the question is locked: a running plan may be asking it again.
    await outlastPlans(tx);
    const review = await getReview(tx, reviewId);
    if (review === null) return gone;
    if (review.state !== 'open') return decided;
    if (!mayHandle(user, review.role))
      return declined(403, 'You may not decide this', `This needs the role ${review.role}.`);
    // Checked first: a refused answer must leave the question open.
    const problem = await firstProblem(engine, tx, tenant, answers);
    if (problem !== null) return problem;
    const now = engine.clock.now();
    if (!(await decideReview(tx, reviewId, { state: 'corrected', by: user.email, at: now, detail: answers })))
      return decided;
    return saveMappings(engine, tx, tenant, user, answers);
  });
}

export async function setMapping(
  engine: Engine,
  { tenant, user, mapping }: By & { mapping: Omit<MappingRow, 'version' | 'setBy'> },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    if (!mayHandle(user, 'accountant'))
      return declined(403, 'You may not change mappings', 'This needs the role accountant.');
    const problem = await firstProblem(engine, tx, tenant, [mapping]);
    return problem ?? saveMappings(engine, tx, tenant, user, [mapping]);
  });
}

async function saveMappings(
  engine: Engine,
  tx: Tx,
  tenant: string,
  user: Person,
  rows: readonly Omit<MappingRow, 'version' | 'setBy'>[],
): Promise<Decided> {
  const entries = [];
  for (const row of rows) {
    const saved = await storeMapping(tx, {
      kind: row.kind,
      scope: row.scope,
      key: row.key,
      value: row.value,
      setBy: user.email,
    });
    if (saved === null) continue;
    await wakeMapping(engine, tx, tenant, row.kind, row.key);
    // Whoever still waits for it is planned again now and asks again.
    await expireSubject(tx, 'unmapped', `mapping:${row.kind}:${row.key}`);
    if (row.kind === 'vendor')
      await wakeLane(tx, sourceLane(await engine.systems.hubOf(tenant), 'vendor', row.key));
    entries.push({
      kind: 'mapping-set',
      actor: user.email,
      at: engine.clock.now(),
      body: {
        mapping: row.kind,
        scope: row.scope,
        key: row.key,
        code: row.value.code,
        version: String(saved.version),
      },
    });
  }
  await appendAudit(tx, entries);
  return { ok: true };
}

async function firstProblem(
  engine: Engine,
  tx: Tx,
  tenant: string,
  rows: readonly Pick<MappingRow, 'kind' | 'value'>[],
): Promise<Declined | null> {
  const erp = await engine.systems.erpOf(tenant);
  for (const row of rows) {
    const problem = await whyNotAllowed(tx, erp.id, row);
    if (problem !== null) return problem;
  }
  return null;
}

/** A code that the ERP does not have, or does not post to, is refused before it can stop documents. */
async function whyNotAllowed(
  tx: Tx,
  erp: string,
  { kind, value }: Pick<MappingRow, 'kind' | 'value'>,
): Promise<Declined | null> {
  if (value.kind === 'item') return null;
  const object = kind === 'cost' ? 'account' : kind;
  const record = await findRecord(tx, { connection: erp, object, nativeId: value.code });
  if (record === null || record.gone)
    return declined(
      422,
      'Unknown code',
      `The ERP has no ${object} "${value.code}". Choose one from the list.`,
    );
  if (record.body.object === 'account' && !record.body.postable)
    return declined(
      422,
      'Not postable',
      `Account ${value.code} is a title or locked account: nothing can be posted to it.`,
    );
  return null;
}

/** Plans a document again from what its source says now; nothing of it may be on its way. */
export async function replan(
  engine: Engine,
  { tenant, user, documentId }: By & { documentId: string },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    const document = await getDocument(tx, documentId, 'lock');
    if (document === null) return gone;
    if (!mayHandle(user, 'accountant'))
      return declined(403, 'You may not plan this again', 'This needs the role accountant.');
    if (!['blocked', 'in-review', 'awaiting-approval', 'refused', 'conflict'].includes(document.state))
      return declined(409, 'Nothing to plan again', `The document is ${document.state}.`);
    if (!(await cancelPostings(tx, document, 'decided')))
      return declined(409, 'On its way', 'A write of this document is on its way.');
    await moveDocument(tx, document, { state: 'planned' });
    await expireReviews(tx, document.id, []);
    const source = await engine.systems.get(
      tenant,
      document.kind === 'vendor-link' ? document.targetConnection : document.sourceConnection,
    );
    await wakeLane(
      tx,
      document.kind === 'vendor-link'
        ? sourceLane(source, 'vendor', document.part)
        : sourceLane(source, document.sourceObject, document.sourceId),
    );
    await appendAudit(tx, [
      {
        kind: 'replanned',
        actor: user.email,
        document: document.id,
        at: engine.clock.now(),
        body: { from: document.state },
      },
    ]);
    return { ok: true };
  });
}

/** Looks again for a posting that ended with a person; it is never simply sent again. */
export async function probeAgain(
  engine: Engine,
  { tenant, user, documentId }: By & { documentId: string },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    if (!mayHandle(user, 'engineer'))
      return declined(403, 'You may not do this', 'This needs the role engineer.');
    const stuck = (await postingsOf(tx, documentId)).filter(
      (posting) => posting.state === 'exception' && postingInFlight.has(posting.state),
    );
    if (stuck.length === 0)
      return declined(409, 'Nothing to look for', 'No write of this document waits for a person.');
    for (const posting of stuck) {
      const at = await engine.systems.get(tenant, posting.connection);
      const rule = at.settle[posting.object];
      if (rule === undefined)
        return declined(422, 'No rule', `${at.name} has no settle rule for ${posting.object}.`);
      await savePosting(tx, posting, stepPosting(posting, { kind: 'probe-again' }, rule, engine.clock.now()));
      await wakeLane(tx, postLane(at, posting.root));
    }
    await expireReviews(tx, documentId, []);
    await appendAudit(tx, [
      {
        kind: 'probe-again',
        actor: user.email,
        document: documentId,
        at: engine.clock.now(),
        body: { postings: stuck.map(({ id }) => id) },
      },
    ]);
    return { ok: true };
  });
}

/** Moves a connection or one project between the phases of a rollout. */
export async function setPhase(
  engine: Engine,
  {
    tenant,
    user,
    connectionId,
    phase,
    projectId,
  }: By & { connectionId: string; phase: Phase; projectId?: string },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    if (!mayHandle(user, 'engineer') && !mayHandle(user, 'controller'))
      return declined(403, 'You may not change phases', 'This needs the role engineer or controller.');
    if (projectId !== undefined) await setProjectPhase(tx, connectionId, projectId, phase);
    else if ((await setConnectionPhase(tx, connectionId, phase)) === null) return gone;
    const at = await engine.systems.get(tenant, connectionId);
    at.allowWrites(phase !== 'read-only');
    const erp = await engine.systems.erpOf(tenant);
    await wakeWaiting(engine, tx, tenant, 'phase', erp.id);
    await appendAudit(tx, [
      {
        kind: 'phase-set',
        actor: user.email,
        at: engine.clock.now(),
        body: { connection: connectionId, project: projectId, phase },
      },
    ]);
    return { ok: true };
  });
}

async function openReviewWithDocument(
  tx: Tx,
  reviewId: string,
): Promise<{ readonly review: StoredReview; readonly document: StoredDocument | null } | Declined> {
  const review = await getReview(tx, reviewId);
  if (review === null) return gone;
  if (review.state !== 'open') return decided;
  return {
    review,
    document: review.document === null ? null : await getDocument(tx, review.document, 'lock'),
  };
}

/** A controller may do what an accountant may; nobody else stands in for another role. */
function mayHandle(user: Person, role: string): boolean {
  return user.roles.includes(role) || (role === 'accountant' && user.roles.includes('controller'));
}
