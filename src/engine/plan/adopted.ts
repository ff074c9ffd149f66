import type { Opening } from '../../domain/billing/opening.ts';
import type { AcceptedOrder } from '../../domain/orders/adopted-order.ts';
import type { Reason } from '../../domain/reasons.ts';
import type { CommitmentRecord, OwnerInvoiceRecord, SubInvoiceRecord } from '../../domain/records.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { type Adoption, findAdoption } from '../../store/documents/adoption.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { findRecord } from '../../store/records/record.ts';
import type { OpenConnection } from '../engine.ts';
import { requisitionOrigins } from './requisition-told.ts';

/** What is known of an order that stood in the ERP before a commitment was connected. */
export async function adoptionOf(
  tx: Tx,
  at: OpenConnection,
  erp: OpenConnection,
  commitment: string,
): Promise<{
  readonly mayStand: Reason | null;
  readonly accepted: AcceptedOrder | null;
  readonly opening: Opening | null;
}> {
  const key = { sourceConnection: at.id, commitment, targetConnection: erp.id };
  const adoption = await findAdoption(tx, key);
  return {
    mayStand: adoption === null ? null : whyItWaits(adoption, erp.name),
    accepted: adoption?.accepted ?? null,
    opening: adoption?.opening ?? null,
  };
}

/** As long as an order may stand for it nothing is posted: a second one would be the worst that can happen. */
function whyItWaits({ state, orders }: Adoption, erp: string): Reason | null {
  if (state !== 'proposed' && state !== 'rejected') return null;
  const which = orders.length === 1 ? `Order ${orders[0]}` : `One of the orders ${orders.join(', ')}`;
  return {
    code: 'order-may-stand',
    owner: 'controller',
    message: `${which} in ${erp} may be this commitment's own${state === 'rejected' ? '; the proposal to take it over was rejected' : ''}.`,
    remedy:
      state === 'proposed'
        ? 'Decide in Review which order it is, or that none is.'
        : 'Propose it again with `tiebeam adopt`, and decide which order it is, or that none is.',
  };
}

/**
 * Whether the source names another integration's record for what was taken over or linked as it stood: that is never
 * overwritten.
 */
export async function keepsForeignOrigin(
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  document: StoredDocument,
): Promise<boolean> {
  const { sourceObject, sourceId, targetId } = document;
  if (!(await wasFound(tx, hub, erp, document))) return false;
  const key = { connection: hub.id, object: sourceObject, nativeId: sourceId };
  const record = await findRecord<CommitmentRecord | SubInvoiceRecord | OwnerInvoiceRecord>(tx, key);
  const originId = record?.body.originId ?? null;
  // What was told of its requisition gives way to it.
  const replaced = await requisitionOrigins(tx, hub, erp, sourceId);
  return originId !== null && originId !== `${erp.code}-${targetId}` && !replaced.includes(originId);
}

/** Whether it stood in the ERP, and nobody here wrote it. */
async function wasFound(
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  { kind, sourceId, operation }: StoredDocument,
): Promise<boolean> {
  if (kind === 'ap-invoice' || kind === 'ar-invoice') return operation === null;
  if (kind !== 'purchase-order') return false;
  const key = { sourceConnection: hub.id, commitment: sourceId, targetConnection: erp.id };
  return (await findAdoption(tx, key))?.state === 'adopted';
}

export function orderKey(hub: OpenConnection, erp: OpenConnection, commitmentId: string) {
  return {
    sourceConnection: hub.id,
    sourceObject: 'commitment',
    sourceId: commitmentId,
    targetConnection: erp.id,
    kind: 'purchase-order',
    part: '',
  } as const;
}

/** Something of it may stand in the ERP, written by us. */
export function isUnderWay({ state }: StoredDocument): boolean {
  return state === 'posting' || state === 'posted' || state === 'confirmed' || state === 'conflict';
}
