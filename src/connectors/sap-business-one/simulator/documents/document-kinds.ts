import type { Row } from './rows.ts';

/** What tells the documents apart that share one form: where they are kept and what messages call their tables. */
export interface DocumentKind {
  set:
    | 'PurchaseRequests'
    | 'PurchaseOrders'
    | 'PurchaseDeliveryNotes'
    | 'PurchaseInvoices'
    | 'PurchaseCreditNotes'
    | 'Invoices';
  objectCode:
    | 'oPurchaseRequest'
    | 'oPurchaseOrders'
    | 'oPurchaseDeliveryNotes'
    | 'oPurchaseInvoices'
    | 'oPurchaseCreditNotes'
    | 'oInvoices';
  /** The number of the object, as base references and drafts name it. */
  objectNumber: number;
  table: 'OPRQ' | 'OPOR' | 'OPDN' | 'OPCH' | 'ORPC' | 'OINV';
  lineTable: 'PRQ1' | 'POR1' | 'PDN1' | 'PCH1' | 'RPC1' | 'INV1';
  store: 'purchaseRequests' | 'orders' | 'goodsReceipts' | 'invoices' | 'creditNotes' | 'salesInvoices';
  counter: 'purchaseRequest' | 'order' | 'goodsReceipt' | 'invoice' | 'creditNote' | 'salesInvoice';
}

/** A purchase request: what somebody wants bought. It binds nobody, and names vendors on its rows only. */
export const PURCHASE_REQUEST: DocumentKind = {
  set: 'PurchaseRequests',
  objectCode: 'oPurchaseRequest',
  objectNumber: 1470000113,
  table: 'OPRQ',
  lineTable: 'PRQ1',
  store: 'purchaseRequests',
  counter: 'purchaseRequest',
};

export const ORDER: DocumentKind = {
  set: 'PurchaseOrders',
  objectCode: 'oPurchaseOrders',
  objectNumber: 22,
  table: 'OPOR',
  lineTable: 'POR1',
  store: 'orders',
  counter: 'order',
};

/** A goods receipt: what came in against an order and is billed later. */
export const GOODS_RECEIPT: DocumentKind = {
  set: 'PurchaseDeliveryNotes',
  objectCode: 'oPurchaseDeliveryNotes',
  objectNumber: 20,
  table: 'OPDN',
  lineTable: 'PDN1',
  store: 'goodsReceipts',
  counter: 'goodsReceipt',
};

export const INVOICE: DocumentKind = {
  set: 'PurchaseInvoices',
  objectCode: 'oPurchaseInvoices',
  objectNumber: 18,
  table: 'OPCH',
  lineTable: 'PCH1',
  store: 'invoices',
  counter: 'invoice',
};

/** An A/P credit memo: what a vendor gives back. It has the form of an invoice and is booked the other way round. */
export const CREDIT_NOTE: DocumentKind = {
  set: 'PurchaseCreditNotes',
  objectCode: 'oPurchaseCreditNotes',
  objectNumber: 19,
  table: 'ORPC',
  lineTable: 'RPC1',
  store: 'creditNotes',
  counter: 'creditNote',
};

/** An A/R invoice: to a customer, and of nothing that stands in the company before it. */
export const SALES_INVOICE: DocumentKind = {
  set: 'Invoices',
  objectCode: 'oInvoices',
  objectNumber: 13,
  table: 'OINV',
  lineTable: 'INV1',
  store: 'salesInvoices',
  counter: 'salesInvoice',
};

/** The kind of a document that was begun or is kept; drafts are of the kind that they will become. */
export function kindOf(document: Row): DocumentKind {
  const kinds = [PURCHASE_REQUEST, INVOICE, CREDIT_NOTE, SALES_INVOICE, GOODS_RECEIPT];
  return kinds.find(({ objectCode }) => objectCode === document.DocObjectCode) ?? ORDER;
}
