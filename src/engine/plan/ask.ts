import type { MappingAsk } from '../../domain/mapping.ts';
import type { Reason } from '../../domain/reasons.ts';
import type { Tx } from '../../store/database/transaction.ts';
import type { DocumentPlan } from '../../store/documents/document-row.ts';
import type { Link } from '../../store/documents/link.ts';
import type { StoredPosting } from '../../store/documents/posting.ts';
import { openReview, subjectOfWrite } from '../../store/documents/review.ts';
import type { Engine } from '../engine.ts';

const QUESTIONS: Readonly<Record<MappingAsk['kind'], string>> = {
  company: 'Which ERP company does this project belong to?',
  project: 'Which ERP project is this?',
  vendor: 'Which ERP vendor is this?',
  cost: 'Which ERP account does this cost code and cost type go to?',
  'retainage-receivable': 'Which ERP account holds retainage that owners keep back?',
  revenue: 'Which ERP account are owners billed to?',
  customer: 'Which ERP customer is the owner of this prime contract?',
  retainage: 'Which ERP account holds retainage that is payable to vendors?',
};

/** Opens the questions only a person can answer: one per mapping row, whoever and how many wait for it. */
export async function askMappings(
  engine: Engine,
  tx: Tx,
  document: Pick<DocumentPlan, 'id' | 'number' | 'title' | 'projectId'>,
  asks: readonly MappingAsk[],
  conflicts: readonly Reason[],
): Promise<void> {
  for (const ask of asks) {
    await openReview(tx, {
      id: engine.newId(),
      kind: 'unmapped',
      subject: `mapping:${ask.kind}:${ask.key}`,
      document: null,
      title: ask.label,
      question: QUESTIONS[ask.kind],
      evidence: { asks: [ask], document: document.id, number: document.number },
      role: 'accountant',
    });
  }
  for (const conflict of conflicts) await openConflict(engine, tx, document, conflict.message);
}

export async function openConflict(
  engine: Engine,
  tx: Tx,
  document: Pick<DocumentPlan, 'id' | 'number' | 'title'>,
  what: string,
): Promise<void> {
  await openReview(tx, {
    id: engine.newId(),
    kind: 'conflict',
    subject: `conflict:${document.id}`,
    document: document.id,
    title: `${document.number} ${document.title}`,
    question: `It was changed on both sides; nothing was overwritten. ${what}`,
    evidence: { difference: what },
    role: 'accountant',
  });
}

/** A write that goes on only when a person looked at it. */
export async function askAboutWrite(
  engine: Engine,
  tx: Tx,
  posting: StoredPosting,
  title: string,
  why: string,
): Promise<void> {
  await openReview(tx, {
    id: engine.newId(),
    kind: 'exception',
    subject: subjectOfWrite(posting.id),
    document: posting.document,
    title,
    question: `It needs a person before anything more is sent: ${why}.`,
    evidence: { posting: posting.id, reference: posting.reference, write: posting.writeName, reason: why },
    role: 'engineer',
  });
}

/** Both sides already stand for something else: which of the two links is right only a person can say. */
export async function askAboutLinks(
  engine: Engine,
  tx: Tx,
  title: string,
  links: readonly Link[],
): Promise<void> {
  const [link] = links;
  if (link === undefined) return;
  await openReview(tx, {
    id: engine.newId(),
    kind: 'conflict',
    subject: `link:${link.sourceObject}:${link.sourceId}:${link.targetId}`,
    document: null,
    title,
    question: `${link.sourceObject} ${link.sourceId} and ${link.targetObject} ${link.targetId} belong together, but one of them is linked to another record already. Nothing was changed; correct the wrong one of both.`,
    evidence: { links },
    role: 'engineer',
  });
}
