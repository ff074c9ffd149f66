import type { CalendarDate } from '../values/calendar-date.ts';

/** A person's own word that an invoice, or everything of its vendor, is not paid. Released ones are left out. */
export type ManualHold = {
  readonly id: string;
  readonly of: 'invoice' | 'vendor';
  readonly description: string;
  readonly by: string | null;
  readonly since: string | null;
};

/** A certificate of insurance, in the directory of the company or in that of the project. */
export type Insurance = {
  readonly id: string;
  readonly level: 'company' | 'project';
  readonly type: string | null;
  readonly provider: string | null;
  readonly policyNumber: string | null;
  /** The source's own word. */
  readonly status: string;
  readonly exempt: boolean;
  readonly effective: CalendarDate | null;
  readonly expires: CalendarDate | null;
};

/** A paper that a contract or an invoice has to have, such as a licence. */
export type CompliancePaper = {
  readonly id: string;
  readonly name: string;
  /** The source's own word; its vocabulary is not published. */
  readonly status: string;
  readonly expires: CalendarDate | null;
};

/** What people say of a contract as a whole, and its papers. */
export type ContractCompliance = {
  readonly status: string | null;
  readonly notes: string | null;
  readonly insuranceStatus: string | null;
  readonly insuranceNotes: string | null;
  readonly papers: readonly CompliancePaper[];
  /** Certificates in the directory of the project: that of the company is a list of its own. */
  readonly insurances: readonly Insurance[];
};

export type LienWaiver = {
  readonly id: string;
  /** Conditional ones are given before the money, unconditional ones after it. */
  readonly condition: 'conditional' | 'unconditional';
  readonly scope: 'progress' | 'final';
  readonly signed: boolean;
};

/** What may be looked at before an invoice is paid. */
export type ReadinessFacts = {
  readonly manualHolds: readonly ManualHold[];
  readonly compliance: ContractCompliance;
  /** Papers of the invoice itself. */
  readonly papers: readonly CompliancePaper[];
  /** Certificates of the vendor in the directory of the company. */
  readonly insurances: readonly Insurance[];
  /** Of this application. */
  readonly waivers: readonly LienWaiver[];
  /** Of the application before it. */
  readonly waiversBefore: readonly LienWaiver[];
};
export type ReadinessAspect = keyof ReadinessFacts;

/**
 * Whether a pay application may be paid, as far as its source tells. What was not asked for is absent. What the source
 * does not show any more stays as it was seen last, and is named in `hidden`: a permission that was taken away lifts
 * no hold.
 */
export type PaymentReadinessRecord = Partial<ReadinessFacts> & {
  readonly object: 'payment-readiness';
  /** The pay application's id. */
  readonly id: string;
  readonly projectId: string;
  /** What was asked for and is not shown, each with what the source said. */
  readonly hidden: Readonly<Partial<Record<ReadinessAspect, string>>>;
};

/** What was seen now, together with what was seen before of what is hidden now. */
export function withWhatWasSeen(
  now: PaymentReadinessRecord,
  before: PaymentReadinessRecord | null,
): PaymentReadinessRecord {
  if (before === null) return now;
  const kept = Object.keys(now.hidden).flatMap((aspect) => {
    const seen = before[aspect as ReadinessAspect];
    return seen === undefined ? [] : [[aspect, seen] as const];
  });
  return { ...now, ...Object.fromEntries(kept) };
}
