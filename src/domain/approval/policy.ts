import { type InvoicePolicy, safestInvoicePolicy } from '../billing/plan-invoice-input.ts';
import type { DocumentKind } from '../documents.ts';
import { defaultHoldPolicy, type HoldPolicy } from '../payments/payment-holds.ts';
import { type ApprovalRule, defaultPolicy, type Policy } from './gate.ts';

type Unpriced = keyof NonNullable<Policy['newRecords']>;
type PricedKind = Exclude<DocumentKind, Unpriced | 'vendor-link'>;

/** What a person edits and a second one approves: all that counts, also where a saved policy leaves it to its default. */
export type WholePolicy = {
  readonly approvals: readonly (ApprovalRule & { readonly kind: PricedKind })[];
  readonly timeZone: string;
  readonly newRecords: Readonly<Record<Unpriced, string | null>>;
  readonly invoices: InvoicePolicy;
  readonly holds: HoldPolicy;
  readonly acceptance: AcceptancePolicy;
};

/** Whether the export by an accounting approver is the approval of a person who may give one. */
type AcceptancePolicy = { readonly approverCounts: boolean };

/** What has an amount, and is let go by how much it is. */
export const pricedKinds = {
  'purchase-order': 'Purchase orders',
  'ap-invoice': 'A/P invoices',
  'ar-invoice': 'A/R invoices',
  'contract-change': 'Changes of contracts with the owner',
  budget: 'Budgets',
  'vendor-payment': 'Payments to vendors',
} as const satisfies Record<PricedKind, string>;

/** No threshold lets one go by itself: a rule about it only says who is asked. */
export const ALWAYS_ASKED: PricedKind = 'vendor-payment';

/** Who may be named in a policy: nobody else's approval is taken. The strictest first. */
export const approvingRoles = ['controller', 'accountant'] as const;

/** Whose word makes a change of the policy count. */
export const POLICY_KEEPER = 'controller';

/** The role as it stands in a sentence. */
export function oneWho(role: string): string {
  return `${/^[aeiou]/.test(role) ? 'an' : 'a'} ${role}`;
}

type Section = 'newRecords' | 'invoices' | 'holds' | 'acceptance';
type Value = string | boolean | null;

/** One thing to choose, with what can be chosen: the strictest first. */
export type PolicyChoice = {
  readonly section: Section;
  readonly name: string;
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly words: string }[];
};

const HOLDS = [
  { value: true, words: 'keep the payment back' },
  { value: false, words: 'do not keep the payment back' },
] as const;

/** Everything of a policy but amounts and the day. What people read of it, here and in each difference, stands here. */
export const policyChoices: readonly PolicyChoice[] = [
  ...newRecordChoices({
    vendor: 'New vendors',
    project: 'New projects',
    'cost-code': 'New cost codes',
    'sub-job': 'New sub jobs',
    receipt: 'Receipts that the ERP has already',
  }),
  choice('acceptance', 'approverCounts', 'The export by Procore’s accounting approver', [
    { value: false, words: 'is no approval' },
    {
      value: true,
      words:
        'is the approval, of a commitment or change order that somebody else wrote, where the approver has the role here',
    },
  ]),
  choice('invoices', 'startsOn', 'A pay application is billed', [
    { value: 'export', words: 'once it is exported in Procore' },
    { value: 'approval', words: 'once it is approved in Procore' },
  ]),
  choice('invoices', 'overbilling', 'More than is ordered', [
    { value: 'refuse', words: 'is not billed' },
    { value: 'allow', words: 'may be billed' },
  ]),
  choice('invoices', 'reductions', 'Less than was billed before', [
    { value: 'conflict', words: 'is decided by a person' },
    { value: 'net', words: 'is netted within the invoice' },
  ]),
  choice('holds', 'manualHolds', 'Holds that people set in Procore', HOLDS),
  choice('holds', 'compliance', 'Contracts and papers that are not compliant', HOLDS),
  choice('holds', 'insurance', 'Insurances that do not cover the invoice', HOLDS),
  choice('holds', 'waivers', 'Missing lien waivers', [
    {
      value: 'conditional-and-previous',
      words: 'keep the payment back, of this application and of the one before',
    },
    { value: 'conditional', words: 'keep the payment back, of this application' },
    { value: 'off', words: 'do not keep the payment back' },
  ]),
  choice('holds', 'unknown', 'What cannot be read of these', [
    { value: 'hold', words: 'keeps the payment back' },
    { value: 'show', words: 'is only shown' },
  ]),
];

/** The policy with every default written out. */
export function wholePolicy({
  approvals,
  timeZone,
  newRecords,
  invoices,
  holds,
  acceptance,
}: Policy): WholePolicy {
  return {
    approvals: approvals.filter(isPriced),
    timeZone: timeZone ?? 'UTC',
    newRecords: { ...everyNewRecord, ...newRecords },
    invoices: { ...safestInvoicePolicy, ...invoices },
    holds: { ...defaultHoldPolicy, ...holds },
    acceptance: { approverCounts: false, ...acceptance },
  };
}

/** The same with its rules in one order: the first of a kind names who is asked about any other currency. */
export function inOrder(policy: WholePolicy): WholePolicy {
  const kinds = Object.keys(pricedKinds);
  const keyOf = ({ kind, role, currency }: ApprovalRule) =>
    `${kinds.indexOf(kind)} ${rankOf(role)} ${currency}`;
  return { ...policy, approvals: policy.approvals.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) };
}

/** The stricter, the lower; nobody who may not be named is stricter than who may. */
export function rankOf(role: string): number {
  const rank = (approvingRoles as readonly string[]).indexOf(role);
  return rank < 0 ? approvingRoles.length : rank;
}

export function chosen(policy: WholePolicy, { section, name }: PolicyChoice): Value {
  const values: Readonly<Record<string, Value>> = policy[section];
  return values[name] ?? null;
}

// What a policy does not name, the gate asks a controller about.
const everyNewRecord: WholePolicy['newRecords'] = {
  vendor: POLICY_KEEPER,
  project: POLICY_KEEPER,
  'cost-code': POLICY_KEEPER,
  'sub-job': POLICY_KEEPER,
  receipt: POLICY_KEEPER,
};

/** The policy that counts until somebody saves one. */
export const policyFromTheStart: WholePolicy = wholePolicy(defaultPolicy);

function isPriced(rule: ApprovalRule): rule is WholePolicy['approvals'][number] {
  return Object.hasOwn(pricedKinds, rule.kind);
}

function newRecordChoices(labels: Readonly<Record<Unpriced, string>>): PolicyChoice[] {
  const options = [
    ...approvingRoles.map((role) => ({ value: role, words: `need the approval of ${oneWho(role)}` })),
    { value: null, words: 'go by themselves' },
  ];
  return Object.entries(labels).map(([name, label]) => ({ section: 'newRecords', name, label, options }));
}

type Chosen = {
  readonly invoices: InvoicePolicy;
  readonly holds: HoldPolicy;
  readonly acceptance: AcceptancePolicy;
};

function choice<Section extends keyof Chosen, Name extends keyof Chosen[Section] & string>(
  section: Section,
  name: Name,
  label: string,
  options: readonly { readonly value: Chosen[Section][Name] & Value; readonly words: string }[],
): PolicyChoice {
  return { section, name, label, options };
}
