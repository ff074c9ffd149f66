import type { Operation } from '../../domain/documents.ts';
import { type InsuranceRow, isAsWanted, type ShownInsurance } from '../../domain/masters/insurance.ts';
import { ROWS_PER_CALL } from '../../domain/masters/job-cost-sheets.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { ProbeResult, Read, Write } from '../../domain/posting/writes.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { contentHash } from '../../domain/values/canonical.ts';
import { jsonNumber, parseJson } from '../../lib/decimal-json.ts';
import { insuranceRow } from '../billing/payment-readiness-wire.ts';
import type { ProcoreConfig } from '../config.ts';
import { classifyRows } from '../outcomes.ts';
import { parsed } from '../wire.ts';

type SyncInsurances = Extract<Operation, { kind: 'sync-insurances' }>;

const MAX_CALLS = 10;
/** More certificates than any vendor has. */
export const MAX_INSURANCES = MAX_CALLS * ROWS_PER_CALL;

/** The certificates of a vendor in the directory of the company; null where Procore does not show them. */
export async function shownInsurances(
  read: Read,
  vendorId: string,
  { companyId }: ProcoreConfig,
): Promise<readonly ShownInsurance[] | null> {
  try {
    const response = await read({
      method: 'GET',
      path: `${pathOf(vendorId, companyId)}?per_page=${ROWS_PER_CALL}`,
    });
    if (response.status === 404) return null;
    const rows = parsed(insuranceRow.array(), parseJson(response.body), 'the insurances of a vendor');
    return rows.map((row) => ({
      id: row.id,
      originId: row.origin_id,
      type: row.insurance_type,
      policyNumber: row.policy_number,
      insurer: row.insurance_provider,
      limit: row.limit,
      effective: row.effective_date === null ? null : calendarDate(row.effective_date),
      expires: row.expiration_date === null ? null : calendarDate(row.expiration_date),
    }));
  } catch (error) {
    // Payments are held without it, so that a service account that may not see insurances stops nothing else.
    if (error instanceof Stop && error.kind === 'unauthorised') return null;
    throw error;
  }
}

/**
 * The calls that bring the certificates of a vendor in line with the ERP's, at most 1,000 rows each. Procore finds a row
 * by its id, else by its origin id, so that one that is sent twice makes nothing twice.
 */
export function insuranceWrites({ vendorId, rows }: SyncInsurances, config: ProcoreConfig): Write[] {
  if (rows.length > MAX_INSURANCES)
    throw new RangeError(`${rows.length} insurances are more than ten calls can carry`);
  const calls = Math.ceil(rows.length / ROWS_PER_CALL);
  return Array.from({ length: calls }, (_, place) =>
    syncWrite(vendorId, rows.slice(place * ROWS_PER_CALL, (place + 1) * ROWS_PER_CALL), place + 1, config),
  );
}

function syncWrite(
  vendorId: string,
  rows: readonly InsuranceRow[],
  place: number,
  config: ProcoreConfig,
): Write {
  const targetHash = contentHash(rows.map((row) => ({ ...row })));
  return {
    name: `sync-insurances-${place}`,
    kind: 'set',
    answerProves: true,
    object: 'insurance',
    reference: `insurances/${vendorId}/${targetHash.slice(-12)}`,
    targetHash,
    encode: () => ({
      method: 'PATCH',
      path: `${pathOf(vendorId, config.companyId)}/sync`,
      body: JSON.stringify({ updates: rows.map(wireRow) }),
    }),
    probe: (read) => standingOf(read, vendorId, rows, config),
    classify: (response) => classifyRows(response, rows.length, vendorId),
  };
}

/** The six fields that Procore lets people only read from then on. What the ERP does not know is left as it is. */
function wireRow({ id, originId, type, policyNumber, insurer, limit, effective, expires }: InsuranceRow) {
  const said = {
    insurance_type: type,
    policy_number: policyNumber,
    name: insurer,
    limit,
    effective_date: effective,
    expiration_date: expires,
  };
  return {
    ...(id === null ? {} : { id: jsonNumber(id) }),
    origin_id: originId,
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null)),
  };
}

async function standingOf(
  read: Read,
  vendorId: string,
  rows: readonly InsuranceRow[],
  config: ProcoreConfig,
): Promise<ProbeResult> {
  const shown = (await shownInsurances(read, vendorId, config)) ?? [];
  const byOrigin = new Map(shown.map((each) => [each.originId, each]));
  const isReached = rows.every((row) => {
    const there = byOrigin.get(row.originId);
    return there !== undefined && isAsWanted(row, there);
  });
  return { kind: 'standing', standing: isReached ? 'at-target' : 'at-base', id: vendorId };
}

function pathOf(vendorId: string, companyId: string): string {
  return `/rest/v1.0/companies/${companyId}/vendors/${encodeURIComponent(vendorId)}/insurances`;
}
