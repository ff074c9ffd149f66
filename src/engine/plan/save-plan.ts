import type { Operation } from '../../domain/documents.ts';
import { type MappingAsk, type MappingRow, mappingHash } from '../../domain/mapping.ts';
import type { Reason, Wait } from '../../domain/reasons.ts';
import { type DocumentState, move } from '../../domain/states.ts';
import { canonicalOf, contentHash } from '../../domain/values/canonical.ts';
import { type Money, money } from '../../domain/values/money.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { moveDocument, savePlan } from '../../store/documents/document.ts';
import type { DocumentPlan, StoredDocument } from '../../store/documents/document-row.ts';
import { cancelPostings } from '../../store/documents/posting.ts';
import { expireReviews } from '../../store/documents/review.ts';
import { moveItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { placementIn } from '../erp-companies.ts';
import { postLane, sourceLane } from '../lanes.ts';
import { askMappings } from './ask.ts';
import { passGate } from './pass-gate.ts';

/** Where a document comes from, as people find it. */
export type Origin = Pick<
  DocumentPlan,
  | 'sourceObject'
  | 'sourceId'
  | 'kind'
  | 'part'
  | 'root'
  | 'projectId'
  | 'vendorId'
  | 'vendorName'
  | 'number'
  | 'title'
  | 'recordVersion'
  | 'recordHash'
>;

/** What a pure plan found out about one document. */
export type Found = Pick<DocumentPlan, 'revision' | 'body' | 'accountingDate'> & {
  readonly operation: Operation | null;
  readonly amount: Money;
  readonly exposure: Money;
  readonly mappings: readonly MappingRow[];
  readonly reasons: readonly Reason[];
  readonly waits: readonly Wait[];
  readonly asks: readonly MappingAsk[];
  /** Whether a person has to decide, because nothing else would release it. */
  readonly conflict: boolean;
  /** Worth knowing to whoever approves it, and in nobody's way. */
  readonly notes?: readonly Reason[];
};

export type Planning = {
  readonly at: OpenConnection;
  readonly erp: OpenConnection;
  /** The same document as it was planned last. */
  readonly open: StoredDocument | null;
  /** The request that asked for it. */
  readonly item: StoredRequestItem | null;
  /** Of what an approver may have accepted, as it is now. */
  readonly content?: string;
};

/** Writes down what was planned and why it waits; what is complete goes to the gate. */
export async function saveAndGate(
  engine: Engine,
  tx: Tx,
  { at, erp, open, item, content }: Planning,
  origin: Origin,
  found: Found,
): Promise<void> {
  const { conflict, asks, reasons, waits, operation, amount, exposure } = found;
  const waiting: DocumentState = conflict
    ? 'conflict'
    : asks.length > 0
      ? 'in-review'
      : reasons.length > 0
        ? 'blocked'
        : 'planned';
  if (open !== null && open.state !== 'planned') move('document', open.state, 'planned');
  const placement = await placementIn(engine, tx, at.tenant, origin.projectId);
  const mappings = [...found.mappings, ...placement];
  const draft: DocumentPlan = {
    ...origin,
    id: open?.id ?? engine.newId(),
    sourceConnection: at.id,
    targetConnection: erp.id,
    revision: found.revision,
    state: move('document', 'planned', waiting),
    amountMinor: amount.minor,
    currency: amount.currency,
    exposureMinor: exposure.minor,
    accountingDate: found.accountingDate,
    body: found.body,
    operation,
    payloadHash: hashOf(operation),
    mappings,
    mappingHash: mappingHash(mappings),
    gate: null,
    reasons: waiting === 'planned' ? (found.notes ?? []) : reasons,
    requester: item?.requester ?? null,
    requestKey: item?.key ?? null,
  };
  if (item !== null) await moveItem(tx, item, 'working');
  if (waiting === 'planned')
    return passGate(engine, tx, {
      erp,
      hub: at,
      draft,
      exposure: money(exposure.minor, exposure.currency),
      before: open,
      acceptance: item?.acceptance ?? null,
      content: content ?? null,
    });
  await savePlan(tx, draft, waits);
  // Its vendor comes to another company than the home company once it has work there.
  if (!erp.isHome && draft.vendorId !== null && waits.some(({ kind }) => kind === 'vendor'))
    await wakeLane(tx, sourceLane(at, 'vendor', draft.vendorId));
  // What is asked about billing is looked at after the plan, and keeps its place in Review meanwhile.
  await expireReviews(tx, draft.id, conflict ? ['conflict', 'billing'] : ['billing']);
  await askMappings(engine, tx, draft, asks, conflict ? reasons.filter(isAskedHere) : []);
}

/** What of billing is in no order is asked about the application, with the ways out of it. */
const BILLING: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'application-out-of-order',
  'application-reopened',
  'billing-reduced',
  'negative-invoice',
]);

function isAskedHere({ code }: Reason): boolean {
  return !BILLING.has(code);
}

/** What an approval is given for, and what is compared to know whether a plan is the same as before. */
export function hashOf(operation: Operation | null): string | null {
  return operation === null ? null : contentHash(canonicalOf(operation));
}

/** What was refused is not sent again by itself, unless somebody asks once more or something of it changed. */
export function isRefusedAlready(
  open: StoredDocument | null,
  item: StoredRequestItem | null,
  operation: Operation | null,
): boolean {
  return (
    open?.state === 'refused' &&
    open.requestKey === (item?.key ?? null) &&
    open.payloadHash === hashOf(operation)
  );
}

/** Whether a person, or a plan, took it back and nothing happened since that would bring it back. */
export function staysWithdrawn(
  open: StoredDocument | null,
  item: StoredRequestItem | null,
  now: { readonly recordVersion: number; readonly isPosted: boolean },
): boolean {
  if (open?.state !== 'withdrawn' || open.requestKey !== (item?.key ?? null)) return false;
  // Taken back because its project went to another ERP company, to which it has returned.
  if (open.reasons.some(({ code }) => code === 'company-changed')) return false;
  if (open.recordVersion === now.recordVersion) return true;
  // A person said no, and told its sender to export it again: an edit alone does not bring it back.
  return !now.isPosted && open.reasons.some(({ code }) => code === 'withdrawn');
}

/** What came of an export stood and does no more: only another export brings it back, never an edit. */
export function isSpent(item: StoredRequestItem | null, documents: readonly StoredDocument[]): boolean {
  const last = documents.at(-1);
  return item !== null && last?.state === 'detached' && last.requestKey === item.key;
}

/** The plan of before is over: what waited behind its writes is looked at. False where something may have left. */
export async function takeWritesBack(tx: Tx, erp: OpenConnection, open: StoredDocument): Promise<boolean> {
  if (!(await cancelPostings(tx, open, 'plan'))) return false;
  await wakeLane(tx, postLane(erp, open.root));
  return true;
}

/** Nothing is to be sent any more: what waited is withdrawn. */
export async function withdraw(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  open: StoredDocument | null,
  why: string,
): Promise<void> {
  if (open === null || open.state === 'withdrawn' || !(await takeWritesBack(tx, erp, open))) return;
  await moveDocument(tx, open, { state: 'withdrawn', reasons: [] });
  await expireReviews(tx, open.id, []);
  await appendAudit(tx, [
    {
      kind: 'document-withdrawn',
      actor: 'tiebeam',
      document: open.id,
      at: engine.clock.now(),
      body: { why },
    },
  ]);
}
