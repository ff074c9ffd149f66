import { isVendorCredit } from '../../domain/billing/vendor-credit.ts';
import type { DirectInvoiceBody } from '../../domain/documents.ts';
import type { DirectCostRecord } from '../../domain/records.ts';
import { canonicalOf, contentHash } from '../../domain/values/canonical.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { documentsFrom } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { expireSubject, openReview } from '../../store/documents/review.ts';
import { findRecord, type StoredRecord } from '../../store/records/record.ts';
import { newestItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor } from '../erp-companies.ts';
import { isLive } from './billing-case.ts';

const OBJECT = 'company-direct-cost';

/** A bill that lost its link to a reset, was exported once more, and is stopped by the number under which it stands. */
export type BillCase = {
  readonly erp: OpenConnection;
  readonly record: StoredRecord<DirectCostRecord>;
  readonly item: StoredRequestItem | null;
  /** As it was posted from here. */
  readonly former: StoredDocument & { readonly body: DirectInvoiceBody; readonly targetId: string };
  readonly stopped: StoredDocument;
  /** The newest revision of it, whatever became of that. */
  readonly revision: number;
  readonly hash: string;
};

export function billSubject(id: string): string {
  return `billing:${OBJECT}:${id}`;
}

/** The direct cost that a question is about; null where it is about something else. */
export function billOf(subject: string): string | null {
  const prefix = billSubject('');
  return subject.startsWith(prefix) ? subject.slice(prefix.length) : null;
}

export async function billCase(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  id: string,
): Promise<BillCase | null> {
  const record = await findRecord<DirectCostRecord>(tx, { connection: hub.id, object: OBJECT, nativeId: id });
  if (record === null) return null;
  const erp = await erpFor(engine, tx, hub.tenant, record.body.lines[0]?.projectId ?? null);
  const documents = await documentsFrom(tx, hub.id, OBJECT, id, erp.id);
  const stopped = documents.findLast(isLive);
  const former = documents.findLast(({ state }) => state === 'detached');
  if (stopped?.reasons.some(({ code }) => code === 'duplicate-number') !== true) return null;
  if (former === undefined || !isBill(former)) return null;
  const item = await newestItem(tx, hub.id, OBJECT, id);
  const revision = Math.max(...documents.map((document) => document.revision));
  const hash = contentHash(canonicalOf({ id, stopped: stopped.id, former: former.id, record: record.hash }));
  return { erp, record, item, former, stopped, revision, hash };
}

function isBill(document: StoredDocument): document is BillCase['former'] {
  const { body, targetId } = document;
  return targetId !== null && body?.kind === 'ap-invoice' && body.purpose === 'direct-cost';
}

/** Asks whether it is the same bill: a second one would be paid twice, and no answer would leave it unlinked for ever. */
export async function askAboutBill(engine: Engine, tx: Tx, hub: OpenConnection, id: string): Promise<void> {
  const found = await billCase(engine, tx, hub, id);
  if (found === null) return expireSubject(tx, 'billing', billSubject(id));
  const { erp, former, stopped, hash } = found;
  const { invoiceNumber: number, total: amount, currency } = former.body;
  const there = former.targetNumber ?? former.targetId;
  await openReview(tx, {
    id: engine.newId(),
    kind: 'billing',
    subject: billSubject(id),
    document: stopped.id,
    title: `${stopped.number} ${stopped.title}`,
    question: `It was posted from here as ${there} before its link was cleared in Procore. Is that its ${isVendorCredit(former.body) ? 'credit' : 'invoice'} in ${erp.name}? Nothing is sent to ${erp.name} by the answer.`,
    evidence: {
      billing: {
        ...{ application: null, currency, hash, answers: ['standing'] },
        parts: [{ part: 'progress', number, amount }],
      },
      requester: null,
    },
    role: 'accountant',
  });
}
