import type { Operation } from '../../domain/documents.ts';
import type { OriginRow } from '../erp-tool/external-data.ts';

type ConfirmChangeOrder = Extract<Operation, { kind: 'confirm-change-order' }>;

/** What Procore calls a change order in its external data: the package, which is what carries an origin id. */
const ITEM_TYPE = 'change_order';

export function changeOrderHeader({ changeOrderId: id }: ConfirmChangeOrder) {
  return { itemType: ITEM_TYPE, id };
}

/** What Procore must show once a change order is confirmed: its lines and markups first, itself last, as with a commitment. */
export function changeOrderRows(operation: ConfirmChangeOrder): OriginRow[] {
  const { changeOrderId, originId, originCode, support } = operation;
  const lines = Object.entries(operation.lines).map(([itemId, lineOriginId]) => ({
    ...{ itemType: 'line_item', itemId, originId: lineOriginId },
    originCode: null,
  }));
  const markups = Object.entries(operation.markups ?? {}).map(([itemId, lineOriginId]) => ({
    ...{ itemType: 'markup', itemId, originId: lineOriginId },
    originCode: null,
  }));
  const header = { itemType: ITEM_TYPE, itemId: changeOrderId, originId, originCode, support };
  return [...lines, ...markups, header];
}
