import type { Tx } from '../../store/database/transaction.ts';
import { documentsOf } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import type { OpenConnection } from '../engine.ts';

/** What Procore shows of a commitment while its requisition stands and no order of it does. */
export function requisitionOrigin(
  erp: OpenConnection,
  { targetId }: Pick<StoredDocument, 'targetId'>,
): string {
  return `${erp.code}-requisition-${targetId ?? ''}`;
}

/** What Procore may show of requisitions of ours: each gives way to what comes after it. */
export async function requisitionOrigins(
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  commitmentId: string,
): Promise<readonly string[]> {
  const all = await documentsOf(tx, {
    ...{ sourceConnection: hub.id, sourceObject: 'commitment', sourceId: commitmentId },
    ...{ targetConnection: erp.id, kind: 'purchase-requisition', part: '' },
  });
  return all.filter(({ targetId }) => targetId !== null).map((one) => requisitionOrigin(erp, one));
}

/** As people of the ERP call it. */
export function requisitionNumber({ targetNumber, targetId }: StoredDocument): string {
  return targetNumber ?? targetId ?? '';
}

export function requisitionName(document: StoredDocument): string {
  return `Requisition ${requisitionNumber(document)}`;
}

/** How the sender of an export is answered: the order's own number comes later, and by itself. */
export function standsWords(erp: OpenConnection, posted: StoredDocument): string {
  return `${requisitionName(posted)} stands in ${erp.name}; nothing is ordered yet. The number of the order comes to this commitment once somebody there makes it of the requisition.`;
}
