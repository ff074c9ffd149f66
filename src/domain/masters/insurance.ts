import type { DecimalText } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import { parseDecimal, rescale } from '../values/decimal.ts';
import { isSameName } from './job-cost-masters.ts';

/** What a certificate of insurance says; what is not known is null. */
export type InsuranceFacts = {
  readonly type: string | null;
  readonly policyNumber: string | null;
  readonly insurer: string | null;
  readonly limit: string | null;
  readonly effective: CalendarDate | null;
  readonly expires: CalendarDate | null;
};

/** A certificate of a vendor as an ERP keeps it. */
export type InsuranceRecord = InsuranceFacts & {
  readonly object: 'insurance';
  readonly id: string;
  readonly vendorId: string;
  readonly limit: DecimalText | null;
};

/** A certificate as the source shows it. */
export type ShownInsurance = InsuranceFacts & { readonly id: string; readonly originId: string | null };

/** One of the ERP under the id that it bears in the source. */
export type OwnedInsurance = InsuranceFacts & { readonly originId: string };

/** A certificate as it is written to the source: found there by its id, else by its origin id, else made. */
export type InsuranceRow = OwnedInsurance & { readonly id: string | null };

/**
 * The certificates of one vendor of which something differs in the source. What the ERP does not know is nothing that
 * it says; what was over before it ever stood there is left out, because a lapsed kind of insurance holds payments.
 */
export function planInsurances(
  owned: readonly OwnedInsurance[],
  shown: readonly ShownInsurance[],
  today: CalendarDate,
): InsuranceRow[] {
  const byOrigin = new Map(shown.map((each) => [each.originId, each]));
  const free = new Set(shown.filter(({ originId }) => originId === null));
  return owned.flatMap((insurance): InsuranceRow[] => {
    const there = byOrigin.get(insurance.originId);
    if (there !== undefined) return isAsWanted(insurance, there) ? [] : [{ ...insurance, id: there.id }];
    if (insurance.expires !== null && insurance.expires < today) return [];
    const twin = [...free].find((each) => isSamePaper(insurance, each));
    if (twin !== undefined) free.delete(twin);
    return [{ ...insurance, id: twin?.id ?? null }];
  });
}

/** Whether the source shows a certificate as the ERP has it. */
export function isAsWanted(wanted: OwnedInsurance, there: ShownInsurance): boolean {
  const agrees = (field: 'type' | 'policyNumber' | 'insurer' | 'effective' | 'expires') =>
    wanted[field] === null || wanted[field] === there[field];
  return (
    wanted.originId === there.originId &&
    agrees('type') &&
    agrees('policyNumber') &&
    agrees('insurer') &&
    agrees('effective') &&
    agrees('expires') &&
    (wanted.limit === null || sameLimit(wanted.limit, there.limit))
  );
}

/** Somebody typed the very paper: its number, its kind and its last day. A renewal often keeps the number. */
function isSamePaper(wanted: OwnedInsurance, there: ShownInsurance): boolean {
  return (
    sameText(wanted.policyNumber, there.policyNumber) &&
    sameText(wanted.type, there.type) &&
    wanted.expires !== null &&
    wanted.expires === there.expires
  );
}

function sameText(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && isSameName(one, other);
}

/** The source keeps a limit as people write it, such as `$1,000,000`. */
function sameLimit(wanted: string, there: string | null): boolean {
  const [one, other] = [wanted, there ?? ''].map((text) => text.replaceAll(/[$,\s]/g, ''));
  if (one === other) return true;
  if (![one, other].every((text) => /^\d+(\.\d+)?$/.test(text ?? ''))) return false;
  const [a, b] = [parseDecimal(one ?? ''), parseDecimal(other ?? '')];
  const scale = Math.max(a.scale, b.scale);
  return rescale(a, scale, 'down') === rescale(b, scale, 'down');
}
