import type { FastifyInstance, FastifyReply } from 'fastify';
import { defaultPolicy, type Policy } from '../../src/domain/approval/gate.ts';
import { inOrder, type WholePolicy, wholePolicy } from '../../src/domain/approval/policy.ts';
import { policyChanges } from '../../src/domain/approval/policy-changes.ts';
import { policyFaults } from '../../src/domain/approval/policy-faults.ts';
import { Done } from '../../src/http/schemas/answers.ts';
import {
  PolicyChanges,
  PolicyPage,
  PolicyVersions,
  PreviewPolicy,
  ProposePolicy,
} from '../../src/http/schemas/policy.ts';
import { ReviewItem } from '../../src/http/schemas/review.ts';
import { toPolicyPage, toPolicyVersion } from '../../src/http/views/policy-page.ts';
import type { PolicyProposalRow, PolicyVersionRow } from '../../src/store/views/policy-view.ts';
import type { World } from './stub-world.ts';

/** What the stub knows of the policy: its versions, and the change that waits. */
export interface StubPolicy {
  versions: PolicyVersionRow[];
  proposal: PolicyProposalRow | null;
  /** Who else is there besides the person of the pages. */
  others: string[];
}

const QUESTION = '40000000-0000-4000-8000-000000000099';

export function stubPolicy(): StubPolicy {
  return { versions: [], proposal: null, others: ['controller'] };
}

/** A version as if two people had made it, a day ago. */
export function setStubPolicy(stub: StubPolicy, body: WholePolicy): void {
  stub.versions.unshift({
    ...{ version: stub.versions.length + 1, body, set_by: 'dana.reyes@cascade.example' },
    ...{ approved_by: 'kim.vance@cascade.example', reason: 'As the board decided' },
    set_at: new Date(Date.now() - 86_400_000),
  });
}

function present({ versions: [latest] }: StubPolicy): Policy {
  return latest === undefined ? defaultPolicy : { ...latest.body, version: latest.version };
}

export function policyRoutes(
  api: FastifyInstance,
  world: World,
  stub: StubPolicy,
  problem: (reply: FastifyReply, status: number, title: string, detail?: string) => unknown,
): void {
  api.get('/policy', async () => {
    const person = world.me.user;
    const users = [
      person,
      ...stub.others.map((role) => ({ ...person, email: `${role}@x.test`, roles: [role] })),
    ];
    return PolicyPage.parse(toPolicyPage(present(stub), stub.proposal, { person, users }));
  });
  api.get('/policy/versions', async () =>
    PolicyVersions.parse({
      rows: stub.versions.map((row, place) => {
        const before = stub.versions[place + 1];
        return toPolicyVersion(row, before ? { ...before.body, version: before.version } : defaultPolicy);
      }),
      next: null,
    }),
  );
  api.post('/policy/preview', async ({ body }, reply) => {
    const { policy } = PreviewPolicy.parse(body);
    const fields = policyFaults(policy);
    if (fields.length > 0)
      return reply
        .code(422)
        .type('application/problem+json')
        .send({
          ...{ type: 'about:blank', title: 'Not valid', status: 422 },
          ...{ detail: 'Correct what is marked. Nothing was changed.', fields },
        });
    const changes = policyChanges(wholePolicy(present(stub)), inOrder(policy));
    if (changes.length === 0) return problem(reply, 422, 'Nothing changes', 'Change something first.');
    return PolicyChanges.parse({ changes });
  });
  api.post('/policy/proposals', async ({ body }) => {
    const { policy, reason } = ProposePolicy.parse(body);
    proposeIn(world, stub, { policy, reason, by: world.me.user.email });
    return Done.parse({ ok: true });
  });
}

/** Puts a change before whoever is to approve it, as the service would. */
export function proposeIn(
  world: World,
  stub: StubPolicy,
  { policy, reason, by }: { policy: WholePolicy; reason: string; by: string },
): void {
  const changes = policyChanges(wholePolicy(present(stub)), inOrder(policy));
  stub.proposal = { id: QUESTION, opened_at: new Date(), evidence: { proposedBy: by, reason, changes } };
  const isOwn = by === world.me.user.email;
  world.review.unshift(
    ReviewItem.parse({
      ...{ id: QUESTION, kind: 'policy', title: `Policy: ${changes[0]?.label}`, role: 'controller' },
      ...{ question: 'Shall this be the policy from now on?', state: 'open', documentId: null },
      ...{ amount: null, currency: null, project: null, openedAt: new Date().toISOString() },
      ...{ mayDecide: !isOwn, whyNot: isOwn ? 'You proposed this change.' : null, payloadHash: 'v1:policy' },
      evidence: changes.map(({ label, before, after }) => ({
        label,
        value: `${before}. From then on: ${after}.`,
      })),
      ...{ asks: [], alsoReleases: 0, decidedBy: null, decidedAt: null },
    }),
  );
}
