import { z } from 'zod';
import { type SimState, timeOfDay, today } from '../company/state.ts';
import { giveBack, relieve } from '../invoices/invoice-base.ts';
import { bookReceipt } from '../journals/journals.ts';
import { type Decimal, parseDecimal, ZERO } from '../odata/decimal.ts';
import { businessError, notFound, notSupported } from '../odata/errors.ts';
import { applyTotals, openOf } from './document-amounts.ts';
import { GOODS_RECEIPT, ORDER } from './document-kinds.ts';
import { keepChanged, keepNew } from './document-store.ts';
import { amount, copied, INVOICED, integer, type Row, rows } from './rows.ts';

const entry = z.number().int().min(1);

export const goodsDeeds = [
  z.strictObject({
    action: z.literal('receive_line'),
    docEntry: entry,
    lineNum: z.number().int().min(0),
    amount: z
      .string()
      .regex(/^-?\d{1,15}(\.\d{1,6})?$/)
      .optional(),
  }),
  z.strictObject({ action: z.literal('cancel_goods_receipt'), docEntry: entry }),
  z.strictObject({ action: z.literal('close_goods_receipt'), docEntry: entry }),
] as const;

/** Answers with the receipt that was made or taken back. */
export function actOnGoods(state: SimState, deed: z.output<(typeof goodsDeeds)[number]>): Row {
  const store = deed.action === 'receive_line' ? state.orders : state.goodsReceipts;
  const found = store.get(deed.docEntry);
  if (found === undefined) throw notFound();
  if (deed.action === 'receive_line')
    return receiveLine(
      state,
      found,
      deed.lineNum,
      deed.amount === undefined ? null : parseDecimal(deed.amount),
    );
  return deed.action === 'close_goods_receipt' ? closeReceipt(state, found) : cancelReceipt(state, found);
}

/**
 * What the warehouse or the site does: takes in an order's line, whole or for an amount, also more than is ordered. The
 * order is open for the rest only, and what came in is billed on the receipt.
 */
function receiveLine(state: SimState, stored: Row, lineNum: number, value: Decimal | null): Row {
  const order = copied(stored);
  const line = rows(order, 'DocumentLines').find(({ LineNum }) => LineNum === lineNum);
  if (line === undefined) throw notFound();
  if (order.DocumentStatus !== 'bost_Open' || line.LineStatus !== 'bost_Open')
    throw businessError('One of the base documents has already been closed');
  const taken = value ?? openOf(line);
  const isService = order.DocType === 'dDocument_Service';
  const receipt: Row = {
    ...order,
    DocObjectCode: GOODS_RECEIPT.objectCode,
    DocDate: today(state),
    TaxDate: today(state),
    CreationDate: today(state),
    UpdateDate: today(state),
    UpdateTime: timeOfDay(state),
    DataVersion: 1,
    AttachmentEntry: null,
    DocumentLines: [
      {
        ...line,
        LineNum: 0,
        BaseType: ORDER.objectNumber,
        BaseEntry: integer(order, 'DocEntry'),
        BaseLine: lineNum,
        LineTotal: taken,
        ...(isService ? {} : { Quantity: taken, RemainingOpenQuantity: taken }),
        LineStatus: 'bost_Open',
        [INVOICED]: ZERO,
      },
    ],
  };
  applyTotals(state, receipt);
  const kept = keepNew(state, receipt);
  kept.TransNum = state.settings.receiptsPostCost ? bookReceipt(state, kept) : null;
  relieve(state, kept);
  return kept;
}

/** Ends a receipt of which nothing more will be billed; the order is not opened by that. */
function closeReceipt(state: SimState, stored: Row): Row {
  if (stored.DocumentStatus !== 'bost_Open') throw notSupported('Close on a closed document');
  const receipt = copied(stored);
  receipt.DocumentStatus = 'bost_Close';
  for (const line of rows(receipt, 'DocumentLines')) line.LineStatus = 'bost_Close';
  applyTotals(state, receipt);
  keepChanged(state, receipt);
  return receipt;
}

/** Takes a receipt back that nobody billed: the order is open for it again. */
function cancelReceipt(state: SimState, stored: Row): Row {
  if (stored.CancelStatus !== 'csNo') throw notSupported('Cancel on a cancelled document');
  if (integer(stored, 'TransNum') !== null) throw notSupported('Cancel of a receipt that is in the journal');
  if (rows(stored, 'DocumentLines').some((line) => amount(line, INVOICED).digits !== 0n))
    throw businessError('The document is billed in part or whole  [OPDN.DocStatus]');
  const receipt = copied(stored);
  receipt.Cancelled = 'tYES';
  receipt.CancelStatus = 'csYes';
  receipt.DocumentStatus = 'bost_Close';
  for (const line of rows(receipt, 'DocumentLines')) line.LineStatus = 'bost_Close';
  applyTotals(state, receipt);
  keepChanged(state, receipt);
  giveBack(state, stored);
  return receipt;
}
