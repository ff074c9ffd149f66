/** An approval binds what was seen: change any of it and the approval is stale. */
export type ApprovalBinding = {
  readonly payloadHash: string;
  readonly mappingHash: string;
  readonly policyVersion: number;
};

export type Approval = ApprovalBinding & {
  readonly decidedBy: string;
  readonly role: string;
  readonly consumed: boolean;
  readonly stale: boolean;
};

export type Approver = {
  readonly email: string;
  readonly roles: readonly string[];
  readonly agent?: boolean;
};

export type Provenance = {
  /** Who sent the document in the source, by e-mail; null when the source does not say. */
  readonly requester: string | null;
  /** Who last edited the payload or a mapping row that it uses. */
  readonly editors: readonly string[];
};

export type MayApprove = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** Four eyes: the approver has the role, is a person, did not send the document and did not shape it. */
export function mayApprove(user: Approver, provenance: Provenance, neededRole: string): MayApprove {
  if (user.agent) return { ok: false, why: 'An agent proposes; only a person approves.' };
  if (!user.roles.includes(neededRole)) return { ok: false, why: `This needs the role ${neededRole}.` };
  if (provenance.requester !== null && sameMail(user.email, provenance.requester)) {
    return { ok: false, why: 'You sent this document from Procore: a second person must approve it.' };
  }
  if (provenance.editors.some((editor) => sameMail(user.email, editor))) {
    return {
      ok: false,
      why: 'You edited a mapping that this document uses: a second person must approve it.',
    };
  }
  return { ok: true };
}

/** Checked when the decision is made and again in the transaction that commits the intent. */
export function approvalHolds(
  approval: Approval,
  binding: ApprovalBinding,
  provenance: Provenance,
): MayApprove {
  if (approval.consumed) return { ok: false, why: 'The approval was already used.' };
  if (approval.stale) return { ok: false, why: 'The approval is stale: the document changed after it.' };
  if (approval.payloadHash !== binding.payloadHash)
    return { ok: false, why: 'The document changed after the approval.' };
  if (approval.mappingHash !== binding.mappingHash)
    return { ok: false, why: 'A mapping changed after the approval.' };
  if (approval.policyVersion !== binding.policyVersion)
    return { ok: false, why: 'The policy changed after the approval.' };
  return mayApprove({ email: approval.decidedBy, roles: [approval.role] }, provenance, approval.role);
}

export function sameMail(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}
