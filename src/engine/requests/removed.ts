import { appendAudit } from '../../store/audit/audit.ts';
import { documentsCoded } from '../../store/documents/document-lists.ts';
import { failRequest, succeedRequest } from '../post/confirm.ts';
import { step } from '../step.ts';
import type { Work } from './work-item.ts';

/**
 * Codes were taken out of Procore, or somebody wants to. Nothing is ever deleted in an ERP, where they are accounts
 * and dimensions that others use: a code that stands on something posted is refused by name, any other is free to go.
 */
export async function removed({ engine, at, item, event }: Work): Promise<void> {
  await step(engine, at.tenant, async (tx) => {
    const { erpCode: code, projectId } = item;
    const isAsked = item.detailId !== null;
    const users =
      event.object === 'cost-code' && code !== null && projectId !== null
        ? await documentsCoded(tx, at.id, projectId, code)
        : [];
    await appendAudit(tx, [
      {
        kind: 'codes-removed',
        actor: 'procore',
        at: engine.clock.now(),
        body: { event: item.event, object: event.object, id: item.nativeId, code: code ?? '', usedBy: users },
      },
    ]);
    if (isAsked && users.length > 0)
      return failRequest(engine, tx, at, item, [
        `The cost code ${code} stands on what was posted (${users.join(', ')}) and cannot be taken back.`,
      ]);
    return succeedRequest(engine, tx, at, item, ['Nothing of it had to be removed in the ERP.']);
  });
}
