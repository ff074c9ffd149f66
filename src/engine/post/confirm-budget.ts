import { isChangeMove } from '../../domain/budget/budget-changes.ts';
import type { Operation, RequestClosing } from '../../domain/documents.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import type { OpenConnection } from '../engine.ts';

/**
 * The budget bears the id of its original estimate; each move that an export told, that of its line in the ERP. Of a
 * budget change no field of Procore can be marked.
 */
export function budgetConfirmation(
  erp: OpenConnection,
  { sourceId, projectId, body, targetId, lineKeys }: StoredDocument,
  closing: RequestClosing | null,
): Extract<Operation, { kind: 'confirm-budget' }> {
  const [original, lines] =
    body?.kind === 'budget' ? [body.budgetId ?? targetId, body.lines] : [targetId, []];
  return {
    kind: 'confirm-budget',
    budgetId: sourceId,
    projectId: projectId ?? '',
    originId: `${erp.code}-${original}`,
    originCode: original ?? '',
    moves: Object.fromEntries(
      lines
        .filter(({ key }) => !isChangeMove(key))
        .map(({ key }) => [key, `${erp.code}-${targetId}/${lineKeys[key] ?? key}`]),
    ),
    closing,
  };
}
