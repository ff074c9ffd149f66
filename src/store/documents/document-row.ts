import type { Accepted } from '../../domain/approval/acceptance.ts';
import type { GateVerdict } from '../../domain/approval/gate.ts';
import type { DocumentBody, DocumentKind, Operation } from '../../domain/documents.ts';
import type { MappingRow } from '../../domain/mapping.ts';
import type { Reason } from '../../domain/reasons.ts';
import type { DocumentState } from '../../domain/states.ts';
import type { CalendarDate } from '../../domain/values/calendar-date.ts';

/** One intended effect in a target, as it stands now. */
export type StoredDocument = {
  readonly id: string;
  readonly sourceConnection: string;
  readonly sourceObject: string;
  readonly sourceId: string;
  readonly targetConnection: string;
  readonly kind: DocumentKind | 'purchase-requisition' | 'payment' | 'receipt' | 'target-setup';
  readonly part: string;
  readonly revision: number;
  readonly root: string;
  readonly state: DocumentState;
  readonly projectId: string | null;
  readonly vendorId: string | null;
  readonly vendorName: string | null;
  readonly number: string;
  readonly title: string;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly exposureMinor: bigint;
  readonly accountingDate: CalendarDate | null;
  readonly recordVersion: number;
  readonly recordHash: string;
  readonly body: DocumentBody | null;
  readonly operation: Operation | null;
  readonly payloadHash: string | null;
  readonly mappings: readonly MappingRow[];
  readonly mappingHash: string | null;
  readonly gate: GateVerdict | Accepted | null;
  readonly reasons: readonly Reason[];
  readonly requester: string | null;
  readonly requestKey: string | null;
  readonly targetId: string | null;
  readonly targetNumber: string | null;
  readonly lineKeys: Readonly<Record<string, string>>;
  readonly postedAt: Date | null;
};

export type DocumentPlan = Omit<StoredDocument, 'targetId' | 'targetNumber' | 'lineKeys' | 'postedAt'>;

export type DocumentRow = {
  id: string;
  source_connection: string;
  source_object: string;
  source_id: string;
  target_connection: string;
  kind: StoredDocument['kind'];
  part: string;
  revision: number;
  root: string;
  state: DocumentState;
  project_id: string | null;
  vendor_id: string | null;
  vendor_name: string | null;
  number: string;
  title: string;
  amount_minor: string | null;
  currency: string | null;
  exposure_minor: string;
  accounting_date: string | null;
  record_version: number;
  record_hash: string;
  body: DocumentBody | null;
  operation: Operation | null;
  payload_hash: string | null;
  mappings: MappingRow[];
  mapping_hash: string | null;
  gate: GateVerdict | Accepted | null;
  reasons: Reason[];
  requester: string | null;
  request_key: string | null;
  target_id: string | null;
  target_number: string | null;
  line_keys: Record<string, string>;
  posted_at: Date | null;
};

export const documentColumns = `id, source_connection, source_object, source_id, target_connection, kind, part, revision, root, state,
  project_id, vendor_id, vendor_name, number, title, amount_minor, currency, exposure_minor, accounting_date, record_version,
  record_hash, body, operation, payload_hash, mappings, mapping_hash, gate, reasons, requester, request_key, target_id,
  target_number, line_keys, posted_at`;

export function storedDocument(row: DocumentRow): StoredDocument {
  return {
    id: row.id,
    sourceConnection: row.source_connection,
    sourceObject: row.source_object,
    sourceId: row.source_id,
    targetConnection: row.target_connection,
    kind: row.kind,
    part: row.part,
    revision: row.revision,
    root: row.root,
    state: row.state,
    projectId: row.project_id,
    vendorId: row.vendor_id,
    vendorName: row.vendor_name,
    number: row.number,
    title: row.title,
    amountMinor: row.amount_minor === null ? null : BigInt(row.amount_minor),
    currency: row.currency,
    exposureMinor: BigInt(row.exposure_minor),
    accountingDate: row.accounting_date as CalendarDate | null,
    recordVersion: row.record_version,
    recordHash: row.record_hash,
    body: row.body,
    operation: row.operation,
    payloadHash: row.payload_hash,
    mappings: row.mappings,
    mappingHash: row.mapping_hash,
    gate: row.gate,
    reasons: row.reasons,
    requester: row.requester,
    requestKey: row.request_key,
    targetId: row.target_id,
    targetNumber: row.target_number,
    lineKeys: row.line_keys,
    postedAt: row.posted_at,
  };
}
