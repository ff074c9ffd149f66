import type { InvoicePolicy } from '../billing/plan-invoice-input.ts';
import type { DocumentKind } from '../documents.ts';
import type { HoldPolicy } from '../payments/payment-holds.ts';
import type { Phase } from '../states.ts';
import { type Money, magnitude, money, moneyWords, parseMoney } from '../values/money.ts';
import type { Approver, Provenance } from './approval.ts';
import { mayApprove } from './approval.ts';

/** From which amount on a kind of document needs a person, and with which role. */
export type ApprovalRule = {
  readonly kind: DocumentKind;
  readonly threshold: string;
  readonly currency: string;
  readonly role: string;
};

/** What has no amount of its own and is shown to a person, or goes by itself, as the policy says. */
type Unpriced = 'vendor' | 'project' | 'cost-code' | 'sub-job' | 'receipt';

export type Policy = {
  readonly version: number;
  readonly approvals: readonly ApprovalRule[];
  /** Whose day it is that amounts to one vendor are summed over; an IANA name. UTC where none is named. */
  readonly timeZone?: string;
  /** What differs from the safest way to bill: what starts an invoice, and what becomes of more or of less. */
  readonly invoices?: Partial<InvoicePolicy>;
  /** Which causes keep the payment of an invoice back, where they are others than usual. */
  readonly holds?: Partial<HoldPolicy>;
  /** Whether the acceptance of an export counts as an approval of it; it does not where nothing is said. */
  readonly acceptance?: { readonly approverCounts: boolean };
  /** Who approves what has no amount, such as a vendor to be created; null where it may go by itself. */
  readonly newRecords?: Partial<Readonly<Record<Unpriced, string | null>>>;
};

/** Who is asked about what a policy does not name: it may have been saved before there was such a document. */
const ASKED_WITHOUT_RULE = 'controller';

/**
 * Nothing posts itself at or above this until somebody sets another figure. Whoever is paid has to be known to a second
 * person; what only names costs to come, or tells what the ERP has already, costs nothing.
 */
export const defaultPolicy: Policy = {
  version: 0,
  approvals: [
    { kind: 'purchase-order', threshold: '50000.00', currency: 'USD', role: 'controller' },
    { kind: 'ap-invoice', threshold: '50000.00', currency: 'USD', role: 'controller' },
    { kind: 'ar-invoice', threshold: '50000.00', currency: 'USD', role: 'controller' },
    { kind: 'contract-change', threshold: '50000.00', currency: 'USD', role: 'controller' },
    { kind: 'budget', threshold: '50000.00', currency: 'USD', role: 'controller' },
  ],
  newRecords: { vendor: 'controller', project: null, 'cost-code': null, 'sub-job': null, receipt: null },
};

// A link, a payment that stands in the ERP, user fields that a person asked for: nothing that a policy is about.
const FREE: readonly string[] = ['vendor-link', 'payment', 'target-setup'];

// No threshold lets one go by itself: a rule only says who is asked.
const PAYMENT = 'vendor-payment';

export type GateInput = {
  /** By this the policy's rules are found. */
  readonly kind: string;
  readonly phase: Phase;
  /** What this document moves, in absolute terms. Null for documents without an amount. */
  readonly exposure: Money | null;
  /** Why a person is asked whatever it amounts to; absent where the amount decides. */
  readonly alwaysAsked?: string | null;
  /** What already went the same way today for the same vendor without a person: splitting does not evade. */
  readonly unapprovedToday: Money | null;
  /** Set where this very document waits for a person under this very policy: room made by others lets nothing go. */
  readonly waitsFor: Asked | null;
  /** It was looked for and does not stand, on a day of which a restored database may have forgotten a part. */
  readonly isDayIncomplete: boolean;
  readonly policy: Policy;
  readonly provenance: Provenance;
  readonly users: readonly Approver[];
};

export type Asked = {
  readonly verdict: 'approval';
  readonly role: string;
  readonly why: string;
  readonly possible: boolean;
  /** Under which policy a person was asked. */
  readonly policyVersion?: number;
};

export type GateVerdict =
  | {
      readonly verdict: 'auto';
      readonly rule: string;
      /** By which policy it may go by itself; left out for what no policy is about. */
      readonly policyVersion?: number;
      /** It may because of how little went today, and only as long as all of that is known. */
      readonly bySum?: true;
    }
  | Asked
  | { readonly verdict: 'blocked'; readonly why: string; readonly remedy: string };

export function gate(input: GateInput): GateVerdict {
  if (input.phase === 'read-only') {
    return {
      verdict: 'blocked',
      why: 'The project is in the read-only phase: nothing is written.',
      remedy:
        'A controller and an engineer move the project to the one-way phase when the comparison looks right.',
    };
  }
  if (input.exposure === null) return withoutAmount(input);
  const { currency } = input.exposure;
  const rules = input.policy.approvals.filter((candidate) => candidate.kind === input.kind);
  const rule = rules.find((candidate) => candidate.currency === currency) ?? rules[0];
  if (input.kind === PAYMENT)
    return approval(rule?.role ?? ASKED_WITHOUT_RULE, 'money leaves the company, whatever the amount', input);
  if (input.alwaysAsked != null) return approval(rule?.role ?? ASKED_WITHOUT_RULE, input.alwaysAsked, input);
  if (rule === undefined) return uncovered(input);
  if (rule.currency !== currency) {
    return approval(
      rule.role,
      `the policy is in ${rule.currency} and no rate to ${currency} is recorded`,
      input,
    );
  }
  const threshold = parseMoney(rule.threshold, rule.currency);
  const today = input.unapprovedToday;
  if (today !== null && today.currency !== rule.currency)
    return approval(
      rule.role,
      `what was posted today is in ${today.currency} and no rate to ${rule.currency} is recorded`,
      input,
    );
  const before = today === null ? 0n : magnitude(today);
  const moved = magnitude(input.exposure);
  if (moved >= threshold.minor) {
    return approval(
      rule.role,
      `${words(moved, rule)} is at or above the threshold of ${words(threshold.minor, rule)}`,
      input,
    );
  }
  if (before + moved >= threshold.minor) {
    const why = `with ${words(before, rule)} posted today already it reaches the threshold of ${words(threshold.minor, rule)}`;
    return approval(rule.role, why, input);
  }
  if (input.isDayIncomplete)
    return approval(
      rule.role,
      'the database was restored today, and what it forgot may have gone to this vendor already',
      input,
    );
  const { waitsFor } = input;
  if (waitsFor !== null && waitsFor.policyVersion === input.policy.version)
    return approval(waitsFor.role, waitsFor.why, input);
  return {
    verdict: 'auto',
    rule: `below ${words(threshold.minor, rule)}`,
    policyVersion: input.policy.version,
    bySum: true,
  };
}

function withoutAmount(input: GateInput): GateVerdict {
  const { kind, policy } = input;
  if (FREE.includes(kind)) return { verdict: 'auto', rule: 'no amount' };
  const roles: Readonly<Record<string, string | null>> = policy.newRecords ?? {};
  const role = Object.hasOwn(roles, kind) ? roles[kind] : undefined;
  if (role === undefined) return uncovered(input);
  if (role === null) return { verdict: 'auto', rule: 'no amount', policyVersion: policy.version };
  const why = kind === 'vendor' ? 'whatever is paid to a new vendor begins with it' : 'the policy says so';
  return approval(role, why, input);
}

function uncovered(input: GateInput): Asked {
  return approval(ASKED_WITHOUT_RULE, 'no policy covers this kind of document', input);
}

function approval(role: string, why: string, input: GateInput): Asked {
  const possible = input.users.some((user) => mayApprove(user, input.provenance, role).ok);
  return { verdict: 'approval', role, why, possible, policyVersion: input.policy.version };
}

function words(minor: bigint, rule: ApprovalRule): string {
  return moneyWords(money(minor, rule.currency));
}
