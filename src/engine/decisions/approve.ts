import { mayApprove } from '../../domain/approval/approval.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import { addApproval } from '../../store/documents/approval.ts';
import { moveDocument } from '../../store/documents/document.ts';
import { decideReview } from '../../store/documents/review.ts';
import { currentPolicy } from '../../store/settings/policy.ts';
import type { Engine } from '../engine.ts';
import { makeReady, provenanceOf, shownOf } from '../plan/pass-gate.ts';
import { wakePlanner } from '../plan/wake.ts';
import { step } from '../step.ts';
import { type By, type Decided, declined, openQuestion } from './person.ts';
import { approvePolicy } from './policy.ts';

/** Releases exactly the payload that was shown, if this person may, and nothing else. */
export async function approve(
  engine: Engine,
  { tenant, user, reviewId, payloadHash }: By & { reviewId: string; payloadHash: string },
): Promise<Decided> {
  const result = await step(engine, tenant, async (tx): Promise<Decided> => {
    const found = await openQuestion(tx, reviewId);
    if ('ok' in found) return found;
    const { review, document } = found;
    if (review.kind === 'policy')
      return approvePolicy(engine, tx, { tenant, user, reviewId, payloadHash }, review);
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
    const asked = document.gate?.verdict === 'approval' ? document.gate.policyVersion : undefined;
    if (asked !== undefined && asked !== policy.version) {
      // The question is asked anew by the plan: this role may no longer be the one, or nobody need be asked.
      await wakePlanner(engine, tx, tenant, document);
      return declined(
        409,
        'Changed meanwhile',
        'The policy changed since this was asked. It is planned again: decide what it asks then.',
      );
    }
    await decideReview(tx, reviewId, { state: 'approved', by: user.email, at: now, detail: { payloadHash } });
    await addApproval(tx, document.id, {
      id: engine.newId(),
      payloadHash,
      mappingHash: document.mappingHash ?? '',
      policyVersion: policy.version,
      decidedBy: user.email,
      role: review.role,
      at: now,
      shown: shownOf(document, policy.version),
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
