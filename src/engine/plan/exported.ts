import type { DocumentKind } from '../../domain/documents.ts';
import { projectsOfRecord } from '../../domain/projects-of-record.ts';
import type { CanonicalRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { documentsOf } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { joinPlans } from '../../store/documents/plan-lock.ts';
import { findRecord, type StoredRecord } from '../../store/records/record.ts';
import { newestItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor } from '../erp-companies.ts';
import { closeOlderItems, confirmUnchanged } from '../post/confirm.ts';
import { waitsForCompany } from './ask-company.ts';
import { revisionOf } from './plan-commitment.ts';
import { isSpent } from './save-plan.ts';

/** How a record that is sent as one document stands in its target, before it is planned. */
export type Exported<Body extends CanonicalRecord> = {
  readonly at: OpenConnection;
  readonly erp: OpenConnection;
  readonly record: StoredRecord<Body>;
  /** The export that is to be answered. */
  readonly item: StoredRequestItem | null;
  /** All that was ever planned for it, oldest first. */
  readonly documents: readonly StoredDocument[];
  /** The newest that stands in the ERP. */
  readonly posted: StoredDocument | null;
  readonly open: StoredDocument | null;
  readonly revision: number;
};

/** Which record of the source, and what it becomes. */
type Wanted<Body extends CanonicalRecord> = {
  readonly object: Body['object'];
  readonly id: string;
  readonly kind: DocumentKind;
  /** The export that it was read from, where only an export shows it. */
  readonly requestId?: string;
};

/**
 * Null where there is nothing to plan: the record is not known, something of it is on its way, or a newer export came
 * while an older one was read, which is worked next and says something else.
 */
export async function exportedRecord<Body extends CanonicalRecord>(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  { object, id, kind, requestId }: Wanted<Body>,
): Promise<Exported<Body> | null> {
  await joinPlans(tx);
  const record = await findRecord<Body>(tx, { connection: at.id, object, nativeId: id });
  if (record === null) return null;
  if (await waitsForCompany(engine, tx, at, record)) return null;
  const erp = await erpFor(engine, tx, at.tenant, projectsOfRecord(record.body)[0] ?? null);
  const documents = await documentsOf(tx, {
    sourceConnection: at.id,
    sourceObject: object,
    sourceId: id,
    targetConnection: erp.id,
    kind,
    part: '',
  });
  const newest = await newestItem(tx, at.id, object, id);
  if (requestId !== undefined && newest !== null && newest.requestId !== requestId) return null;
  if (newest !== null) await closeOlderItems(engine, tx, at, newest, documents);
  const last = documents.at(-1) ?? null;
  const posted = documents.findLast(isStanding) ?? null;
  const open = last === posted || last?.state === 'detached' ? null : last;
  // Something may be on its way: what it becomes decides what comes next, so the lane is woken when it ends.
  if (open?.state === 'posting' || (open?.state === 'conflict' && open.payloadHash !== null)) return null;
  // What its sender was told will not be done is not done by itself later on.
  const isOver = isSpent(newest, documents) || (documents.length === 0 && newest?.state === 'failed');
  const item = isOver ? null : newest;
  return { at, erp, record, item, documents, posted, open, revision: revisionOf(documents) };
}

/** Whether an answer is still waited for where nothing is to be posted; what stands already is told here. */
export async function isUnanswered(
  engine: Engine,
  tx: Tx,
  { at, item, posted }: Pick<Exported<CanonicalRecord>, 'at' | 'item' | 'posted'>,
): Promise<boolean> {
  if (item === null || (item.state !== 'received' && item.state !== 'working')) return false;
  // What stands already came from it and is being told: that answers it.
  if (posted?.state === 'posted' && posted.requestKey === item.key) return false;
  if (posted === null) return true;
  await confirmUnchanged(engine, tx, at, posted, item);
  return false;
}
