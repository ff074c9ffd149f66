import { billedKey } from '../../domain/billing/sub-invoice-sheet.ts';
import { linesOfChange } from '../../domain/orders/change-order.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import { isStanding } from '../../domain/states.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { documentsFrom, standingInvoices } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import type { OpenConnection } from '../engine.ts';
import { findErpOf } from '../erp-companies.ts';
import { clearOrigins, failRequest } from '../post/confirm.ts';
import { step } from '../step.ts';
import { type ChangeInOrder, changeInOrder, keepWithout, whyChangeStays } from './change-stands.ts';
import { detach } from './detach.ts';
import { standsInErp } from './order-stands.ts';
import type { Work } from './work-item.ts';

/**
 * Somebody wants that a record no longer stands for its document in the ERP. That is so once the document is gone
 * there, which is looked at and not believed; nothing is ever deleted there from here.
 */
export async function unlink(work: Work): Promise<void> {
  const { engine, at, item, event } = work;
  const erp = await findErpOf(engine, at, {
    object: event.object,
    id: item.nativeId,
    projectId: item.projectId,
  });
  const read = (tx: Tx) => documentsFrom(tx, at.id, event.object, item.nativeId, erp.id);
  const before = await step(engine, at.tenant, read);
  const isOurs = before.some(isStanding);
  const inErp = isOurs ? await look(erp, event.object, before.filter(isStanding)) : NOTHING_THERE;
  await step(engine, at.tenant, async (tx) => {
    const documents = await read(tx);
    if (statesOf(documents) !== statesOf(before))
      throw new Stop('retry-later', erp.system, 'its documents moved while the ERP was asked', {
        retryAfterMs: 1_000,
      });
    const why = isOurs ? await whyNot(tx, erp, documents, inErp) : nothingOfOurs(item.originId);
    if (why !== null) return failRequest(engine, tx, at, item, [why]);
    const last = lastOf(documents);
    await clearOrigins(engine, tx, at, erp, last, item);
    if (event.object === 'change-order') await keepWithout(engine, tx, at, last, inErp.gone);
    const what = event.object === 'change-order' ? last.number : nameOf(last);
    const message = `Unlinked in Procore; ${what} does not stand in ${erp.name} any more.`;
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

const NOTHING_THERE: ChangeInOrder = { stands: null, gone: [] };

/** What the source was told of: the order, where one was made of the requisition. */
function lastOf(documents: readonly StoredDocument[]): StoredDocument {
  const standing = documents.filter(isStanding);
  return standing.findLast((one) => !isRequisition(one)) ?? standing.at(-1)!;
}

function isRequisition({ kind }: StoredDocument): boolean {
  return kind === 'purchase-requisition';
}

/** Its order comes first; a requisition that is still open would be ordered later. */
async function look(
  erp: OpenConnection,
  object: string,
  documents: readonly StoredDocument[],
): Promise<ChangeInOrder> {
  const [requisitions, others] = [
    documents.filter(isRequisition),
    documents.filter((one) => !isRequisition(one)),
  ];
  const inErp = others.length === 0 ? NOTHING_THERE : await lookInErp(erp, object, others);
  if (inErp.stands !== null) return inErp;
  for (const one of requisitions)
    if ((await erp.connection.requisition?.(one.targetId ?? ''))?.state === 'open')
      return { stands: `${nameOf(one)} is still open in ${erp.name}`, gone: [] };
  return inErp;
}

/** What still stands of it in the ERP: of a change order that is its lines, of all else the document. */
async function lookInErp(
  erp: OpenConnection,
  object: string,
  documents: readonly StoredDocument[],
): Promise<ChangeInOrder> {
  const last = documents.at(-1)!;
  if (!(await standsInErp(erp, documents))) return { stands: null, gone: linesOf(last, object) };
  if (object === 'change-order') return changeInOrder(erp, last);
  return { stands: `${nameOf(last)} still stands in ${erp.name}`, gone: [] };
}

function linesOf({ body, sourceId }: StoredDocument, object: string): string[] {
  if (object !== 'change-order' || body?.kind !== 'purchase-order') return [];
  return linesOfChange(body.lines, sourceId).map(({ key }) => key);
}

async function whyNot(
  tx: Tx,
  erp: OpenConnection,
  documents: readonly StoredDocument[],
  { stands }: ChangeInOrder,
): Promise<string | null> {
  if (documents.some(({ state }) => state === 'posting'))
    return 'A change of it is being sent to the ERP right now. Unlink it again when that has ended.';
  const last = lastOf(documents);
  if (last.sourceObject === 'change-order') {
    if (stands === null) return whyChangeStays(tx, erp, last);
    return `${last.number} still stands in ${erp.name}: ${stands}. Set its lines to zero there, or close them, then unlink it once more.`;
  }
  if (stands !== null) return `${stands}. Cancel it there, then unlink it once more.`;
  const invoices = await invoicesOn(tx, erp, last);
  return invoices.length === 0
    ? null
    : `${invoices.length} of its invoices are posted in ${erp.name} (${invoices.map(nameOf).join(', ')}). Cancel them there first.`;
}

/** What was billed on it comes off first: of a change of a prime contract, what bills that change. */
async function invoicesOn(
  tx: Tx,
  erp: OpenConnection,
  { kind, root, sourceId }: StoredDocument,
): Promise<readonly StoredDocument[]> {
  if (kind !== 'purchase-order' && kind !== 'contract-change') return [];
  const invoices = await standingInvoices(tx, erp.id, root);
  if (kind === 'purchase-order') return invoices;
  const own = billedKey('change-order', sourceId);
  return invoices.filter(
    ({ body }) => body?.kind === 'ar-invoice' && body.moves.some(({ line }) => line === own),
  );
}

function nameOf({ kind, targetNumber, targetId }: StoredDocument): string {
  if (kind === 'purchase-requisition') return `Requisition ${targetNumber ?? targetId ?? ''}`;
  const words = kind === 'purchase-order' ? 'Order' : kind === 'contract-change' ? 'Change' : 'Invoice';
  return `${words} ${targetNumber ?? targetId ?? ''}`;
}

function statesOf(documents: readonly StoredDocument[]): string {
  return documents.map(({ id, state }) => `${id} ${state}`).join();
}
