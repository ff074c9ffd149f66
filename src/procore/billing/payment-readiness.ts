import type { z } from 'zod';
import type {
  CompliancePaper,
  ContractCompliance,
  Insurance,
  LienWaiver,
  ManualHold,
} from '../../domain/payments/payment-readiness.ts';
import type { CalendarDate } from '../../domain/values/calendar-date.ts';
import { dateOrNull } from '../commitments/commitments.ts';
import type {
  ComplianceRow,
  InsuranceRow,
  lienWaivers,
  manualHolds,
  PaperRow,
} from './payment-readiness-wire.ts';

// A row without one is not called in order by anybody, nor out of it.
const UNSTATED = 'undecided';

export function manualHoldOf(row: z.infer<typeof manualHolds>[number]): ManualHold {
  return {
    id: row.id,
    of: row.hold_type === 'vendor' ? 'vendor' : 'invoice',
    description: row.description ?? '',
    by: row.created_by,
    since: row.created_at,
  };
}

export function paperOf({ id, name, status, expires_at }: PaperRow): CompliancePaper {
  return { id, name: name ?? `Document ${id}`, status: status ?? UNSTATED, expires: dayOf(expires_at) };
}

export function complianceOf(row: ComplianceRow): ContractCompliance {
  return {
    status: row.compliance_status,
    notes: row.compliance_notes,
    insuranceStatus: row.insurance_status,
    insuranceNotes: row.insurance_notes,
    papers: row.compliance_documents.map(paperOf),
    insurances: row.insurance_documents
      .filter(({ level }) => level === 'project')
      .map(({ id, name, insurance_type, status, effective_at, expires_at }) => ({
        id,
        level: 'project',
        type: insurance_type,
        provider: name,
        policyNumber: null,
        status: status ?? UNSTATED,
        exempt: false,
        effective: dayOf(effective_at),
        expires: dayOf(expires_at),
      })),
  };
}

export function insuranceOf(row: InsuranceRow): Insurance {
  return {
    id: row.id,
    level: 'company',
    type: row.insurance_type,
    provider: row.insurance_provider,
    policyNumber: row.policy_number,
    status: row.status ?? UNSTATED,
    exempt: row.exempt,
    effective: dateOrNull(row.effective_date),
    expires: dateOrNull(row.expiration_date),
  };
}

export function waiverOf({ id, type, status }: z.infer<typeof lienWaivers>[number]): LienWaiver {
  const [condition, scope] = type.split('_') as [LienWaiver['condition'], LienWaiver['scope']];
  return { id, condition, scope, signed: status === 'completed' };
}

/**
 * The day of an instant that is midnight in the company's zone, said in UTC: west of Greenwich that is the same day,
 * east of it the evening before.
 */
function dayOf(instant: string | null): CalendarDate | null {
  if (instant === null) return null;
  const at = Date.parse(instant);
  if (Number.isNaN(at)) return dateOrNull(instant.slice(0, 10));
  return dateOrNull(new Date(at + HALF_A_DAY_MS).toISOString().slice(0, 10));
}

// Zones reach from 12 hours behind to 14 ahead: midnight plus half a day falls on its own day in nearly all of them.
const HALF_A_DAY_MS = 43_200_000;
