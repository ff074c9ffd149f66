import { z } from 'zod';
import { type ContextObject, DAILY_LOG_OBJECTS } from '../../domain/context-record.ts';
import type { DocumentDetailRow } from '../../store/views/document-view.ts';
import type { EvidenceRow } from '../../store/views/evidence-view.ts';
import type { Evidence } from '../schemas/documents.ts';
import { instant } from './amounts.ts';

/** What helps whoever reviews a document. Units, users and the like are known as well and say nothing about it. */
export const EVIDENCE_OBJECTS: readonly ContextObject[] = [
  'change-event',
  'budget-change',
  'manual-forecast',
  'advanced-forecast',
  'direct-cost',
  'rfi',
  'submittal',
  ...DAILY_LOG_OBJECTS,
  'schedule-task',
  'file',
  'workflow-instance',
];

const Facts = z.record(z.string(), z.string());
const Named = z.object({ commitmentId: z.string(), contractId: z.string(), vendorId: z.string() }).partial();

/** What the document is about, as other records name it: itself, its contract and its vendor. */
export function namesOf(
  document: Pick<DocumentDetailRow, 'source_object' | 'source_id' | 'source_body'>,
): { readonly object: string; readonly id: string }[] {
  const said = Named.safeParse(document.source_body);
  const { commitmentId, contractId, vendorId } = said.success ? said.data : {};
  const named = (object: string, id: string | undefined) => (id === undefined ? [] : [{ object, id }]);
  return [
    { object: document.source_object, id: document.source_id },
    ...named('commitment', commitmentId),
    ...named('prime-contract', contractId),
    ...named('vendor', vendorId),
  ];
}

export function toEvidence(row: EvidenceRow): z.infer<typeof Evidence>['rows'][number] {
  const facts = Facts.safeParse(row.facts);
  return {
    object: row.object,
    id: row.id,
    number: row.number,
    title: row.title ?? '',
    status: row.status,
    facts: Object.entries(facts.success ? facts.data : {}).map(([name, value]) => ({ name, value })),
    named: row.is_named,
    seenAt: instant(row.seen_at),
  };
}
