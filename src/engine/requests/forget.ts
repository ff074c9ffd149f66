import { isStanding } from '../../domain/states.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { reopenAdoption } from '../../store/documents/adoption.ts';
import { documentsFrom, documentsInProject } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { openReview } from '../../store/documents/review.ts';
import type { OpenConnection } from '../engine.ts';
import { findErpOf } from '../erp-companies.ts';
import { succeedRequest } from '../post/confirm.ts';
import { step } from '../step.ts';
import { detach } from './detach.ts';
import type { Work } from './work-item.ts';

/**
 * Procore's staff cleared the ids of a record, or of a whole project, without asking. What stands in the ERP goes on
 * standing there: it is detached, never posted again by itself, and put in front of an accountant.
 */
export async function forget({ engine, at, item, event }: Work): Promise<void> {
  const projectId = event.object === 'project' ? item.nativeId : item.projectId;
  const erp = await findErpOf(engine, at, { object: event.object, id: item.nativeId, projectId });
  await step(engine, at.tenant, async (tx) => {
    const documents =
      event.object === 'project'
        ? await documentsInProject(tx, at.id, erp.id, item.nativeId)
        : await documentsFrom(tx, at.id, event.object, item.nativeId, erp.id);
    const standing = documents.filter(isStanding);
    const underWay: StoredDocument[] = [];
    for (const document of documents) {
      const done = await detach(engine, tx, erp, document, {
        code: 'unsynced',
        owner: 'accountant',
        message: `Procore's staff cleared its link ("${item.event}"); it may still stand in ${erp.name}.`,
        remedy: waysBack(document),
      });
      if (!done) underWay.push(document);
      if (isStanding(document)) await askBeforeAnother(tx, at, erp, document, isOrdered(standing, document));
    }
    if (standing.length + underWay.length > 0)
      await openReview(tx, {
        id: engine.newId(),
        kind: 'exception',
        subject: `reset:${item.key}`,
        document: null,
        title: `${event.object.replaceAll('-', ' ')} ${item.originId ?? item.nativeId} was reset in Procore`,
        question: `Procore's staff cleared the links of what is posted. Still standing in ${erp.name}: ${standing.length}; on the way there: ${underWay.length}. Nothing of it is posted again by itself. Exported once more, it is taken over again; or cancel it in the ERP.`,
        evidence: { event: item.event, documents: standing.slice(0, 50).map(nameOf) },
        role: 'accountant',
      });
    await appendAudit(tx, [
      {
        kind: 'reset-in-source',
        actor: 'procore',
        at: engine.clock.now(),
        body: {
          event: item.event,
          object: event.object,
          id: item.nativeId,
          detached: standing.map(({ id }) => id),
          underWay: underWay.map(({ id }) => id),
        },
      },
    ]);
    await succeedRequest(engine, tx, at, item, []);
  });
}

function isOrdered(standing: readonly StoredDocument[], { sourceId }: StoredDocument): boolean {
  return standing.some((one) => one.kind === 'purchase-order' && one.sourceId === sourceId);
}

/** Until somebody says which order it is, or that none is, an export of the commitment posts no second one. */
async function askBeforeAnother(
  tx: Tx,
  at: OpenConnection,
  erp: OpenConnection,
  { kind, sourceObject, sourceId, targetNumber, targetId }: StoredDocument,
  isOrdered: boolean,
): Promise<void> {
  const isRequisition = kind === 'purchase-requisition' && !isOrdered;
  if (!(kind === 'purchase-order' || isRequisition) || sourceObject !== 'commitment') return;
  const key = { sourceConnection: at.id, commitment: sourceId, targetConnection: erp.id };
  const number = targetNumber ?? targetId ?? '';
  await reopenAdoption(tx, key, [isRequisition ? `of requisition ${number}` : number]);
}

/** An export of it is stopped by what stands, and asks which it is. */
function waysBack({ kind }: StoredDocument): string {
  if (kind === 'ap-invoice' || kind === 'ar-invoice')
    return 'Export it again and say in Review that it is the same invoice, or cancel it in the ERP.';
  return 'Take it over again with `tiebeam adopt`, or cancel it in the ERP.';
}

function nameOf({ number, title, targetNumber, targetId }: StoredDocument): string {
  return `${targetNumber ?? targetId ?? ''} (${number} ${title})`;
}
