import type { AuditEntry } from '../../store/audit/audit.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import type { Engine } from '../engine.ts';

/** What the audit chain says of a document that moved by itself. */
export function documentEntry(
  engine: Engine,
  kind: string,
  document: StoredDocument,
  body: AuditEntry['body'],
): AuditEntry {
  return {
    kind,
    actor: 'tiebeam',
    document: document.id,
    at: engine.clock.now(),
    body: { number: document.number, revision: String(document.revision), ...body },
  };
}
