import { type Approver, mayApprove, sameMail } from './approval.ts';
import type { Asked } from './gate.ts';

/** Who exported a record in the source, and what that person saw. */
export type Acceptance = {
  /** The accounting approver, by e-mail. */
  readonly by: string;
  /** Who wrote the record, by e-mail; null where the source does not say. */
  readonly author: string | null;
  /** What was accepted, as one hash; null where the request does not say. */
  readonly content: string | null;
};

/** An approval that was given in the source: it binds what was accepted, and who is who. */
export type Accepted = {
  readonly verdict: 'accepted';
  readonly by: string;
  readonly author: string;
  readonly role: string;
  readonly why: string;
  readonly policyVersion: number;
};

/**
 * The approval that the export itself is, where a policy counts it: the accounting approver is a person here with the
 * role that is asked for, and neither wrote the record nor shaped what becomes of it. Null where a person is asked.
 */
export function acceptedBy(
  asked: Asked,
  acceptance: Acceptance | null,
  {
    content,
    editors,
    users,
  }: {
    /** What is about to be posted, as the same hash. */
    readonly content: string | null;
    readonly editors: readonly string[];
    readonly users: readonly Approver[];
  },
): Accepted | null {
  const { role, why, policyVersion } = asked;
  if (acceptance === null || acceptance.author === null || policyVersion === undefined) return null;
  // What was changed since then was accepted by nobody.
  if (content === null || acceptance.content !== content) return null;
  const { by, author } = acceptance;
  const accepted = { verdict: 'accepted', by, author, role, why, policyVersion } as const;
  return stillAccepts(accepted, { editors, users }) ? accepted : null;
}

/** Whether it counts at this moment: a role or an account that was taken away takes it along. */
export function stillAccepts(
  { by, author, role }: Accepted,
  { editors, users }: { readonly editors: readonly string[]; readonly users: readonly Approver[] },
): boolean {
  const user = users.find(({ email }) => sameMail(email, by));
  return user !== undefined && mayApprove(user, { requester: author, editors }, role).ok;
}
