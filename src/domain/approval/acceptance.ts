import type { CodeRef, DecimalText } from '../records.ts';
import { contentHash } from '../values/canonical.ts';
import { formatDecimal, parseDecimal } from '../values/decimal.ts';
import { type Approver, mayApprove, sameMail } from './approval.ts';
import type { Asked } from './gate.ts';

/** Who exported a record in the source, and what that person saw. */
export type Acceptance = {
  /** The accounting approver, by e-mail. */
  readonly by: string;
  /** Who wrote the record, by e-mail; null where the source does not say. */
  readonly author: string | null;
  /** What was accepted, as `acceptedContent`; null where the request does not say. */
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

type AcceptedLine = {
  readonly id: string;
  readonly amount: DecimalText;
  readonly costCode: Pick<CodeRef, 'code'> | null;
  readonly costType: Pick<CodeRef, 'code'> | null;
};

/** What of a record an approver accepts: its vendor, and what each line costs and is coded to. */
export function acceptedContent(vendorId: string | null, lines: readonly AcceptedLine[]): string {
  const rows = lines.map(({ id, amount, costCode, costType }) => {
    return [id, plain(amount), costCode?.code ?? '', costType?.code ?? ''];
  });
  return contentHash({ vendorId, rows: rows.sort((a, b) => (a[0]! < b[0]! ? -1 : 1)) });
}

/** One amount is printed with more noughts or fewer. */
function plain(amount: DecimalText): string {
  const text = formatDecimal(parseDecimal(amount));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

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
    /** What is about to be posted, as `acceptedContent`. */
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
