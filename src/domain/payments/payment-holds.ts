import type { Reason } from '../reasons.ts';
import type { SubInvoiceRecord } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import type {
  CompliancePaper,
  ContractCompliance,
  Insurance,
  LienWaiver,
  PaymentReadinessRecord,
  ReadinessAspect,
  ReadinessFacts,
} from './payment-readiness.ts';

/** Which causes keep money back. A hold stops the payment and never the recording. */
export type HoldPolicy = {
  readonly manualHolds: boolean;
  /** Papers of the contract and of the invoice. */
  readonly compliance: boolean;
  readonly insurance: boolean;
  /** Conditional ones of the application itself, and unconditional ones of the application before. */
  readonly waivers: 'off' | 'conditional' | 'conditional-and-previous';
  /** What becomes of what cannot be read: it is only shown, or it holds. */
  readonly unknown: 'show' | 'hold';
};

export const defaultHoldPolicy: HoldPolicy = {
  manualHolds: true,
  compliance: true,
  insurance: true,
  waivers: 'off',
  unknown: 'show',
};

/** A cause to keep the money back: which document, which date, and who ends it how. */
export type PaymentHold = {
  readonly code: 'manual-hold' | 'compliance' | 'insurance' | 'lien-waiver' | 'not-known';
  readonly text: string;
  readonly remedy: string;
};

export type HoldFinding = {
  readonly holds: readonly PaymentHold[];
  /** What nobody can say, and holds nothing. */
  readonly notKnown: readonly PaymentHold[];
};

/** Of a pay application, what its holds depend on. */
export type HeldApplication = Pick<
  SubInvoiceRecord,
  'application' | 'previousId' | 'final' | 'billingDate' | 'periodEnd' | 'vendorName'
>;

/** Which causes keep the money of an application back, by the policy. Pure; the order of what was read is no matter. */
export function paymentHolds(
  invoice: HeldApplication,
  readiness: PaymentReadinessRecord,
  policy: HoldPolicy,
): HoldFinding {
  const asked = new Set<string>(aspectsOf(policy, invoice));
  const facts: Partial<ReadinessFacts> = Object.fromEntries(
    Object.entries(readiness).filter(([aspect]) => asked.has(aspect)),
  );
  const day = invoice.billingDate ?? invoice.periodEnd;
  const { compliance } = facts;
  const ofProject = policy.insurance ? (compliance?.insurances ?? []) : [];
  const certificates = [...(facts.insurances ?? []), ...ofProject];
  const holds = [
    ...(facts.manualHolds ?? []).map(({ of, description, by }) => ({
      code: 'manual-hold' as const,
      text: `${by ?? 'Somebody'} holds ${of === 'vendor' ? 'all payments to the vendor' : 'this invoice'}${description === '' ? '' : `: ${description}`}`,
      remedy: 'Release the hold in Procore.',
    })),
    ...(policy.compliance && compliance !== undefined ? complianceHolds(compliance, day) : []),
    ...(facts.papers ?? []).flatMap((paper) => paperHold(paper, day) ?? []),
    ...(policy.insurance && compliance !== undefined ? insuranceStatusHold(compliance) : []),
    ...insuranceHolds(certificates, day, invoice.vendorName),
    ...waiverHolds(invoice, facts.waivers, facts.waiversBefore),
  ];
  const unknown = Object.entries(readiness.hidden)
    .filter(([aspect]) => asked.has(aspect))
    .map(([aspect, why]) => unknownHold(aspect as ReadinessAspect, why));
  const isHolding = policy.unknown === 'hold';
  return {
    holds: sorted([...holds, ...(isHolding ? unknown : [])]),
    notKnown: isHolding ? [] : sorted(unknown),
  };
}

/** What has to be read for a policy: nothing is asked that decides nothing. */
export function aspectsOf(
  policy: HoldPolicy,
  { previousId }: Pick<HeldApplication, 'previousId'>,
): ReadinessAspect[] {
  const aspects: ReadinessAspect[] = [];
  if (policy.manualHolds) aspects.push('manualHolds');
  if (policy.compliance || policy.insurance) aspects.push('compliance');
  if (policy.compliance) aspects.push('papers');
  if (policy.insurance) aspects.push('insurances');
  if (policy.waivers !== 'off') aspects.push('waivers');
  if (policy.waivers === 'conditional-and-previous' && previousId !== null) aspects.push('waiversBefore');
  return aspects;
}

const ABOUT_PAYMENT: ReadonlySet<string> = new Set<Reason['code']>([
  'payment-held',
  'payment-hold-not-known',
  'payment-block-changed',
]);

/** Whether it tells of the payment of what stands, and of nothing that the document waits for. */
export function isAboutPayment({ code }: { readonly code: string }): boolean {
  return ABOUT_PAYMENT.has(code);
}

/** Whether it keeps the money back. */
export function isHold({ code }: { readonly code: string }): boolean {
  return code === ('payment-held' satisfies Reason['code']);
}

export const NO_HOLDS: HoldFinding = { holds: [], notKnown: [] };

/** What a person is told of it, wherever the document is shown. */
export function holdReasons({ holds, notKnown }: HoldFinding): Reason[] {
  const reason = (code: Reason['code'], { text, remedy }: PaymentHold): Reason => {
    return { code, owner: 'accountant', field: 'payment', message: `${text}.`, remedy };
  };
  return [
    ...sorted(holds).map((hold) => reason('payment-held', hold)),
    ...sorted(notKnown).map((hold) => reason('payment-hold-not-known', hold)),
  ];
}

/** The holds as one text, the same whatever their order; null for none. */
export function holdWords(holds: readonly PaymentHold[]): string | null {
  if (holds.length === 0) return null;
  return sorted(holds)
    .map(({ text }) => text)
    .join(BETWEEN);
}

/** As much of the words as a field takes, by whole holds; what is left out is counted and never lost in silence. */
export function fittedHoldWords(words: string, width: number): string {
  const all = [...words];
  if (all.length <= width) return words;
  const texts = words.split(BETWEEN);
  for (let count = texts.length - 1; count > 0; count -= 1) {
    const fitted = `${texts.slice(0, count).join(BETWEEN)}${BETWEEN}and ${texts.length - count} more`;
    if ([...fitted].length <= width) return fitted;
  }
  return `${all.slice(0, width - 1).join('')}…`;
}

const BETWEEN = '; ';

// The source's words for what is not in order. The list of papers' words is not published: others are taken as they are.
const NOT_IN_ORDER: ReadonlySet<string> = new Set([
  'not_compliant',
  'non_compliant',
  'non_compliant_in_progress',
  'expired',
  'rejected',
]);

function isInOrder(status: string): boolean {
  return !NOT_IN_ORDER.has(
    status
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_'),
  );
}

/** A contract that somebody called compliant is: its papers were looked at. Any other verdict leaves them to speak. */
function complianceHolds(
  { status, notes, papers }: ContractCompliance,
  day: CalendarDate | null,
): PaymentHold[] {
  if (status === 'compliant') return [];
  const named = papers.flatMap((paper) => paperHold(paper, day) ?? []);
  if (status === null || isInOrder(status) || named.length > 0) return named;
  const text = `The contract is not compliant${notes === null ? '' : `: ${notes}`}`;
  return [{ code: 'compliance', text, remedy: 'Complete its compliance in Procore.' }];
}

function paperHold({ name, status, expires }: CompliancePaper, day: CalendarDate | null): PaymentHold | null {
  const isOver = expires !== null && day !== null && expires < day;
  if (!isOver && isInOrder(status)) return null;
  const what = isOver ? `expired on ${expires}` : `is ${said(status)}`;
  return { code: 'compliance', text: `${name} ${what}`, remedy: `Bring ${name} up to date in Procore.` };
}

function insuranceStatusHold({ insuranceStatus, insuranceNotes }: ContractCompliance): PaymentHold[] {
  if (insuranceStatus === null || isInOrder(insuranceStatus)) return [];
  const text = `The insurance of the contract is not compliant${insuranceNotes === null ? '' : `: ${insuranceNotes}`}`;
  return [{ code: 'insurance', text, remedy: 'Complete the insurance of the contract in Procore.' }];
}

/**
 * A renewal may be a certificate of its own: of each kind of insurance one that covers the day is enough. What a project
 * asks for in its own directory is asked for besides.
 */
function insuranceHolds(
  insurances: readonly Insurance[],
  day: CalendarDate | null,
  vendor: string | null,
): PaymentHold[] {
  const kinds = Map.groupBy(
    insurances,
    ({ id, level, type }) => `${level} ${type?.trim().toLowerCase() || `certificate ${id}`}`,
  );
  return [...kinds.values()].flatMap((kind) => {
    if (kind.some((insurance) => covers(insurance, day))) return [];
    const [latest] = [...kind].sort(byExpiry);
    return latest === undefined ? [] : [lapsed(latest, day, vendor)];
  });
}

function covers({ status, exempt, effective, expires }: Insurance, day: CalendarDate | null): boolean {
  if (exempt) return true;
  if (!isInOrder(status)) return false;
  return day === null || ((effective === null || effective <= day) && (expires === null || expires >= day));
}

/** The one that lasts longest speaks for its kind; of equal ones what is said of them decides, whatever their order. */
function byExpiry(a: Insurance, b: Insurance): number {
  const [left, right] = [a, b].map(({ expires, id, type, policyNumber, status, effective }) =>
    [expires ?? '9999-99-99', id, type, policyNumber, status, effective].join(' '),
  );
  return left! < right! ? 1 : left! > right! ? -1 : 0;
}

function lapsed(
  { type, policyNumber, status, effective, expires }: Insurance,
  day: CalendarDate | null,
  vendor: string | null,
): PaymentHold {
  const name = `${type ?? 'An insurance'}${vendor === null ? '' : ` of ${vendor}`}`;
  const policy = policyNumber === null ? '' : ` (policy ${policyNumber})`;
  const isOver = expires !== null && (day === null || expires < day || said(status) === 'expired');
  const what = isOver
    ? `expired on ${expires}`
    : isInOrder(status) && effective !== null
      ? `begins on ${effective} only`
      : `is ${said(status)}`;
  return {
    code: 'insurance',
    text: `${name}${policy} ${what}`,
    remedy: 'Enter the certificate that covers the invoice in the directory of Procore.',
  };
}

function said(status: string): string {
  return status.trim().toLowerCase().replaceAll('_', ' ');
}

function waiverHolds(
  { application, final }: HeldApplication,
  own: readonly LienWaiver[] | undefined,
  before: readonly LienWaiver[] | undefined,
): PaymentHold[] {
  const holds: PaymentHold[] = [];
  const missing = (waivers: readonly LienWaiver[], what: string) => ({
    code: 'lien-waiver' as const,
    text: `${what} is ${waivers.some(({ signed }) => !signed) ? 'not signed' : 'missing'}`,
    remedy: 'Have the lien waiver signed in Procore.',
  });
  const scope = (waiver: LienWaiver) => !final || waiver.scope === 'final';
  if (own !== undefined && !own.some((waiver) => waiver.signed && scope(waiver)))
    holds.push(
      missing(own, `The ${final ? 'final' : 'conditional'} lien waiver of application ${application}`),
    );
  if (
    before !== undefined &&
    !before.some(({ signed, condition }) => signed && condition === 'unconditional')
  )
    holds.push(missing(before, 'The unconditional lien waiver of the application before'));
  return holds;
}

const ASPECT_WORDS: Readonly<Record<ReadinessAspect, string>> = {
  manualHolds: 'Whether somebody holds this invoice',
  compliance: 'The compliance of the contract',
  papers: 'The compliance papers of this invoice',
  insurances: 'The insurances of the vendor',
  waivers: 'The lien waivers of this application',
  waiversBefore: 'The lien waivers of the application before',
};

function unknownHold(aspect: ReadinessAspect, why: string): PaymentHold {
  return {
    code: 'not-known',
    text: `${ASPECT_WORDS[aspect]}: not known, ${why}`,
    remedy: 'Give the service account the permission in Procore, or take it out of the policy.',
  };
}

function sorted(holds: readonly PaymentHold[]): PaymentHold[] {
  const key = ({ code, text }: PaymentHold) => `${code} ${text}`;
  return [...holds].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
