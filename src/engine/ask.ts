import type { MappingAsk } from '../domain/mapping.ts';
import type { Reason } from '../domain/reasons.ts';
import type { DocumentPlan } from '../store/document-row.ts';
import { openReview } from '../store/review.ts';
import type { Tx } from '../store/transaction.ts';
import type { Engine } from './engine.ts';

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
      question:
        ask.kind === 'project'
          ? 'Which ERP project is this?'
          : 'Which ERP account does this cost code and cost type go to?',
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
    question: `The order was changed on both sides; nothing was overwritten. ${what}`,
    evidence: { difference: what },
    role: 'accountant',
  });
}
