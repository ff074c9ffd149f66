import { mayApprovePolicy, mayProposePolicy } from '../../domain/approval/may-decide.ts';
import { inOrder, POLICY_KEEPER, type WholePolicy, wholePolicy } from '../../domain/approval/policy.ts';
import { type PolicyChange, policyChanges } from '../../domain/approval/policy-changes.ts';
import { policyFaults } from '../../domain/approval/policy-faults.ts';
import { canonicalOf, contentHash } from '../../domain/values/canonical.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import {
  decideReview,
  lockSubject,
  openEvidence,
  openReview,
  type StoredReview,
} from '../../store/documents/review.ts';
import { listUsers } from '../../store/people/users.ts';
import { currentPolicy, setPolicy } from '../../store/settings/policy.ts';
import type { Engine } from '../engine.ts';
import { wakePolicy } from '../plan/wake.ts';
import { step } from '../step.ts';
import { type By, type Decided, type Declined, declined } from './person.ts';

/** There is one policy, so there is one open question about it. */
const SUBJECT = 'policy';

/** What is kept with the question: the whole policy that is meant, and what it was compared with. */
type Evidence = {
  readonly policy: WholePolicy;
  readonly base: number;
  readonly hash: string;
  readonly proposedBy: string;
  readonly reason: string;
  readonly changes: readonly PolicyChange[];
};

type Typed = { readonly policy: WholePolicy; readonly base: number };
type Compared = { readonly ok: true; readonly changes: readonly PolicyChange[] };

/** What a typed policy would change, or what is wrong with it. Nothing is written. */
export async function previewPolicy(
  engine: Engine,
  { tenant, ...typed }: Typed & { readonly tenant: string },
): Promise<Compared | Declined> {
  return step(engine, tenant, (tx) => compare(tx, typed));
}

/** Asks a second person whether this shall be the policy. Until then everything is as it was. */
export async function proposePolicy(
  engine: Engine,
  { tenant, user, reason, ...typed }: By & Typed & { readonly reason: string },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    const may = mayProposePolicy(user, await listUsers(tx));
    if (!may.ok) return declined(403, 'You may not propose this', may.why);
    await lockSubject(tx, SUBJECT);
    if ((await openEvidence(tx, 'policy', SUBJECT)) !== null)
      return declined(409, 'A change waits already', 'Decide it in Review, or take it back, before another.');
    const compared = await compare(tx, typed);
    if (!compared.ok) return compared;
    const policy = inOrder(typed.policy);
    const evidence: Evidence = {
      ...{ policy, base: typed.base, hash: contentHash(canonicalOf(policy)) },
      ...{ proposedBy: user.email, reason, changes: compared.changes },
    };
    await openReview(tx, {
      id: engine.newId(),
      kind: 'policy',
      subject: SUBJECT,
      document: null,
      title: titleOf(compared.changes),
      question:
        'Shall this be the policy from now on? What waits for a person or has not left yet is decided by it anew.',
      evidence: { ...evidence, facts: compared.changes.map(factOf) },
      role: POLICY_KEEPER,
    });
    const body = { base: String(evidence.base), policy: evidence.hash, reason };
    await appendAudit(tx, [{ kind: 'policy-proposed', actor: user.email, at: engine.clock.now(), body }]);
    return { ok: true };
  });
}

/** Makes the proposed policy count: the question is locked by this transaction. */
export async function approvePolicy(
  engine: Engine,
  tx: Tx,
  { tenant, user, reviewId, payloadHash }: By & { readonly reviewId: string; readonly payloadHash: string },
  review: Pick<StoredReview, 'evidence'>,
): Promise<Decided> {
  const { policy, base, hash, proposedBy, reason } = review.evidence as unknown as Evidence;
  const may = mayApprovePolicy(user, proposedBy);
  if (!may.ok) return declined(403, 'You may not approve this', may.why);
  if (hash !== payloadHash)
    return declined(409, 'Changed meanwhile', 'This is not the policy that was shown. Look at it again.');
  await lockSubject(tx, SUBJECT);
  if ((await currentPolicy(tx)).version !== base) return overtaken;
  const at = engine.clock.now();
  await decideReview(tx, reviewId, { state: 'approved', by: user.email, at, detail: { policy: hash } });
  const version = await setPolicy(tx, policy, proposedBy, { approvedBy: user.email, reason, at });
  await wakePolicy(engine, tx, tenant);
  const body = { version: String(version), policy: hash, proposedBy, reason };
  await appendAudit(tx, [{ kind: 'policy-set', actor: user.email, at, body }]);
  return { ok: true };
}

/** Whoever proposed it may take it back, whatever their role. */
export function isOwnProposal({ kind, evidence }: StoredReview, email: string): boolean {
  return kind === 'policy' && evidence.proposedBy === email;
}

const overtaken = declined(
  409,
  'Changed meanwhile',
  'The policy changed after this was begun. Read the present one, then propose the change again.',
);

async function compare(tx: Tx, { policy, base }: Typed): Promise<Compared | Declined> {
  const present = await currentPolicy(tx);
  if (present.version !== base) return overtaken;
  const fields = policyFaults(policy);
  if (fields.length > 0)
    return { ...declined(422, 'Not valid', 'Correct what is marked. Nothing was changed.'), fields };
  const changes = policyChanges(wholePolicy(present), inOrder(policy));
  if (changes.length > 0) return { ok: true, changes };
  return declined(422, 'Nothing changes', 'This is the policy as it is. Change something first.');
}

function titleOf(changes: readonly PolicyChange[]): string {
  const [first, ...others] = changes.map(({ label }) => label);
  return others.length === 0 ? `Policy: ${first}` : `Policy: ${first}, and ${others.length} more`;
}

function factOf({ label, before, after, effect }: PolicyChange): { label: string; value: string } {
  const mark = effect === 'looser' ? ' Less is asked than before.' : '';
  return { label, value: `${before}. From then on: ${after}.${mark}` };
}
