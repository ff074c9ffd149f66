import type { Pulled } from '../../connectors/connector.ts';
import type { JournalRecord } from '../../domain/actuals/journal.ts';
import { businessEvents } from '../../domain/business-events.ts';
import { type ContextObject, isContextObject } from '../../domain/context-record.ts';
import { subJobKey } from '../../domain/masters/job-cost-masters.ts';
import { vendorKeys } from '../../domain/masters/vendor-match.ts';
import type { CanonicalRecord } from '../../domain/records.ts';
import { canonicalOf, contentHash } from '../../domain/values/canonical.ts';
import { CONTEXT } from '../../procore/context/context-objects.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { receivedOn } from '../../store/records/goods-receipt.ts';
import { keepPayload, payloadHash } from '../../store/records/payload.ts';
import { lastSeen, recordName, saveRecord } from '../../store/records/record.ts';

/** Keeps what was read: the raw payload once, and a new record version only when the content changed. */
export async function keepRecord(
  tx: Tx,
  connection: string,
  { record, raw }: Pulled,
): Promise<{ version: number; changed: boolean; hash: string }> {
  const rawHash = await keepPayload(tx, raw, 'record');
  const hash = contentHash(canonicalOf(record));
  const saved = await saveRecord(tx, {
    connection,
    object: record.object,
    nativeId: record.id,
    hash,
    body: record,
    rawHash,
    matchKeys: keysOf(record),
    eventsSince: (before) => businessEvents(before, record),
  });
  return { ...saved, hash };
}

/** Keeps a page of a list, and gives back what of it is new or changed. Most looks at a list find neither. */
export async function keepRecords(tx: Tx, connection: string, page: readonly Pulled[]): Promise<Pulled[]> {
  const seen = await lastSeen(
    tx,
    connection,
    page.map(({ record }) => record),
  );
  const changed: Pulled[] = [];
  for (const pulled of page) {
    const { record, raw } = pulled;
    const before = seen.get(recordName(record));
    if (before?.rawHash === payloadHash(raw) && before.hash === contentHash(canonicalOf(record))) continue;
    if ((await keepRecord(tx, connection, pulled)).changed) changed.push(pulled);
    // Should the page have it twice, the later one counts, whatever it says.
    seen.delete(recordName(record));
  }
  return changed;
}

/** What a record is found by from the other side: names of a vendor, invoices of a payment, certificates of a vendor. */
function keysOf(record: CanonicalRecord): readonly string[] {
  if (record.object === 'vendor') return vendorKeys(record);
  if (record.object === 'payment' || record.object === 'receipt')
    return record.invoices.map(({ invoiceId }) => paidInvoice(invoiceId));
  if (record.object === 'payment-readiness')
    return [...(record.insurances ?? []), ...(record.compliance?.insurances ?? [])].map(({ id }) =>
      certificate(id),
    );
  if (record.object === 'insurance') return [insuranceOf(record.vendorId)];
  if (record.object === 'sub-job') return [subJobKey(record.projectId, record.code)];
  if (record.object === 'goods-receipt')
    return [...new Set(record.lines.map(({ orderId }) => receivedOn(orderId)))];
  if (record.object === 'journal') return projectsOf(record).map(costOnProject);
  if (isContextObject(record.object) && CONTEXT[record.object].whole)
    return [listedIn(record.object, 'projectId' in record ? record.projectId : null)];
  return [];
}

function projectsOf({ lines, document }: JournalRecord): string[] {
  return [...new Set([...lines, ...(document?.lines ?? [])].map(({ project }) => project))].filter(
    (project) => project !== '',
  );
}

/** By which what one look at a list reads is found again, whole. */
export function listedIn(object: ContextObject, projectId: string | null): string {
  return `${object} in ${projectId}`;
}

export function costOnProject(projectCode: string): string {
  return `project ${projectCode}`;
}

export function certificate(insuranceId: string): string {
  return `insurance ${insuranceId}`;
}

export function insuranceOf(vendorId: string): string {
  return `vendor ${vendorId}`;
}

export function paidInvoice(invoiceId: string): string {
  return `invoice ${invoiceId}`;
}
