import { Stop } from '../../domain/outcomes.ts';
import { isStanding } from '../../domain/states.ts';
import { appendAudit } from '../../store/audit.ts';
import { documentsFrom, standingInvoices } from '../../store/document-lists.ts';
import type { StoredDocument } from '../../store/document-row.ts';
import type { Tx } from '../../store/transaction.ts';
import type { OpenConnection } from '../engine.ts';
import { clearOrigins, failRequest } from '../post/confirm.ts';
import { step } from '../step.ts';
import { detach } from './detach.ts';
import { standsInErp } from './order-stands.ts';
import type { Work } from './work-item.ts';

/**
 * Somebody wants that a record no longer stands for its document in the ERP. That is so once the document is gone
 * there, which is looked at and not believed; nothing is ever deleted there from here.
 */
export async function unlink(work: Work): Promise<void> {
  const { engine, at, item, event } = work;
  const erp = await engine.systems.erpOf(at.tenant);
  const read = (tx: Tx) => documentsFrom(tx, at.id, event.object, item.nativeId, erp.id);
  const before = await step(engine, at.tenant, read);
  const isOurs = before.some(isStanding);
  const stands = isOurs && (await standsInErp(erp, before.filter(isStanding)));
  await step(engine, at.tenant, async (tx) => {
    const documents = await read(tx);
    if (statesOf(documents) !== statesOf(before))
      throw new Stop('retry-later', erp.system, 'its documents moved while the ERP was asked', {
        retryAfterMs: 1_000,
      });
    const why = isOurs ? await whyNot(tx, erp, documents, stands) : nothingOfOurs(item.originId);
    if (why !== null) return failRequest(engine, tx, at, item, [why]);
    const last = documents.findLast(isStanding)!;
    await clearOrigins(engine, tx, at, erp, last, item);
    const message = `Unlinked in Procore; ${nameOf(last)} does not stand in ${erp.name} any more.`;
    for (const document of documents)
      await detach(engine, tx, erp, document, {
        code: 'unlinked',
        owner: 'project-manager',
        message,
        remedy: 'Export it again in Procore if it shall be posted anew.',
      });
    await appendAudit(tx, [
      {
        kind: 'unlinked',
        actor: item.requester ?? 'procore',
        document: last.id,
        at: engine.clock.now(),
        body: { event: item.event, object: event.object, id: item.nativeId, target: last.targetId },
      },
    ]);
  });
}

/** An id that another integration wrote is its own to clear. */
function nothingOfOurs(originId: string | null): string {
  const what = originId === null ? 'Nothing of it was posted' : `"${originId}" was not posted`;
  return `${what} by this integration, so there is nothing here to unlink.`;
}

async function whyNot(
  tx: Tx,
  erp: OpenConnection,
  documents: readonly StoredDocument[],
  stands: boolean,
): Promise<string | null> {
  if (documents.some(({ state }) => state === 'posting'))
    return 'A change of it is being sent to the ERP right now. Unlink it again when that has ended.';
  const last = documents.findLast(isStanding)!;
  if (stands)
    return `${nameOf(last)} still stands in ${erp.name}. Cancel it there, then unlink it once more.`;
  const invoices = last.kind === 'purchase-order' ? await standingInvoices(tx, erp.id, last.root) : [];
  return invoices.length === 0
    ? null
    : `${invoices.length} of its invoices are posted in ${erp.name} (${invoices.map(nameOf).join(', ')}). Cancel them there first.`;
}

function nameOf({ kind, targetNumber, targetId }: StoredDocument): string {
  return `${kind === 'purchase-order' ? 'Order' : 'Invoice'} ${targetNumber ?? targetId ?? ''}`;
}

function statesOf(documents: readonly StoredDocument[]): string {
  return documents.map(({ id, state }) => `${id} ${state}`).join();
}
