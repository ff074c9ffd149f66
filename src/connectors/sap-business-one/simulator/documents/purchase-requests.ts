import { z } from 'zod';
import { type SimState, today } from '../company/state.ts';
import { notFound } from '../odata/errors.ts';
import { actOnOrder } from './document-actions.ts';
import { ORDER, PURCHASE_REQUEST } from './document-kinds.ts';
import { createDocumentFrom } from './documents.ts';
import { integer, type Row, rows, text } from './rows.ts';

const docEntry = z.int().min(1);

/** What buyers do with purchase requests in the client. */
export const requestDeeds = [
  z.strictObject({
    action: z.literal('buy_request'),
    docEntry,
    /** Another vendor than its rows name. */
    cardCode: z.string().optional(),
    date: z.iso.date().optional(),
    /** Only these rows, or at another amount; all that are open where none is named. */
    lines: z
      .array(z.strictObject({ lineNum: z.int().min(0), amount: z.number().optional() }))
      .min(1)
      .optional(),
    /** What the client does with user fields when a request becomes an order is not documented. */
    keepsUserFields: z.boolean().default(true),
  }),
  z.strictObject({ action: z.literal('close_request'), docEntry }),
  z.strictObject({ action: z.literal('cancel_request'), docEntry }),
] as const;

type Deed = z.output<(typeof requestDeeds)[number]>;

export const isRequestDeed = (deed: { readonly action: string }): deed is Deed =>
  requestDeeds.some(({ shape }) => shape.action.value === deed.action);

/** Answers with the order that was made, or with the request that was ended. */
export function actOnRequest(state: SimState, deed: Deed): Row {
  const request = state.purchaseRequests.get(deed.docEntry);
  if (request === undefined) throw notFound();
  if (deed.action === 'buy_request') return buy(state, request, deed);
  actOnOrder(state, request, deed.action === 'close_request' ? 'Close' : 'Cancel');
  return request;
}

/** Copies a request to an order, as "Copy To" does: what its rows do not say otherwise they take from their base. */
function buy(state: SimState, request: Row, deed: Deed & { action: 'buy_request' }): Row {
  const open = rows(request, 'DocumentLines').filter(({ LineStatus }) => LineStatus === 'bost_Open');
  const wanted =
    deed.lines ?? open.map((line) => ({ lineNum: integer(line, 'LineNum') ?? 0, amount: undefined }));
  const [first] = open;
  const day = deed.date ?? today(state);
  const held = Object.entries(request).filter(([name]) => name.startsWith('U_') && deed.keepsUserFields);
  const document = {
    ...Object.fromEntries(held),
    DocType: request.DocType,
    CardCode: deed.cardCode ?? (first === undefined ? null : text(first, 'LineVendor')),
    DocCurrency: request.DocCurrency,
    NumAtCard: request.NumAtCard ?? null,
    Comments: request.Comments ?? null,
    Project: request.Project ?? null,
    DocDate: day,
    TaxDate: day,
    DocDueDate: day,
    DocumentLines: wanted.map(({ lineNum, amount: value }) => ({
      BaseType: PURCHASE_REQUEST.objectNumber,
      BaseEntry: deed.docEntry,
      BaseLine: lineNum,
      ...(value === undefined ? {} : { LineTotal: value }),
    })),
  };
  return createDocumentFrom(state, ORDER, document).row;
}
