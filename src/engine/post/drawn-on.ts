import type { Operation } from '../../domain/documents.ts';
import { canonicalOf, contentHash } from '../../domain/values/canonical.ts';
import { getDocument } from '../../store/documents/document.ts';
import type { StoredPosting } from '../../store/documents/posting.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { step } from '../step.ts';
import { backToPlan } from './may-intend.ts';

type CreateInvoice = Extract<Operation, { kind: 'create-invoice' }>;

/**
 * Reads once more what an invoice draws on, just before it may be sent for the first time: somebody may have taken goods in,
 * or billed them, since it was planned. True where that is not as it was; the invoice is planned again then.
 */
export async function isDrawnOtherwise(
  engine: Engine,
  at: OpenConnection,
  { document: id, operation, state, attempt }: StoredPosting,
): Promise<boolean> {
  if (id === null || operation.kind !== 'create-invoice' || state !== 'ready' || attempt > 0) return false;
  if (operation.body.lines.length === 0 || operation.orderLines === undefined) return false;
  const now = await at.connection.openOrderLines?.(operation.body.orderId);
  if (now === undefined || drawnOn(operation, operation.orderLines) === drawnOn(operation, now ?? []))
    return false;
  return step(engine, at.tenant, async (tx) => {
    const document = await getDocument(tx, id, 'lock');
    if (document?.state !== 'ready') return false;
    await backToPlan(engine, tx, at, document, 'what it draws on in the ERP is not as it was planned');
    return true;
  });
}

function drawnOn({ body }: CreateInvoice, lines: NonNullable<CreateInvoice['orderLines']>): string {
  const billed = new Set(body.lines.map(({ orderLine }) => orderLine));
  return contentHash(canonicalOf(lines.filter(({ key }) => billed.has(key))));
}
