import type { Row } from './rows.ts';

/** What tells the documents apart that share one form: where they are kept and what messages call their tables. */
export interface DocumentKind {
  set: 'PurchaseOrders' | 'PurchaseInvoices' | 'Invoices';
  objectCode: 'oPurchaseOrders' | 'oPurchaseInvoices' | 'oInvoices';
  /** The number of the object, as base references and drafts name it. */
  objectNumber: number;
  table: 'OPOR' | 'OPCH' | 'OINV';
  lineTable: 'POR1' | 'PCH1' | 'INV1';
  store: 'orders' | 'invoices' | 'salesInvoices';
  counter: 'order' | 'invoice' | 'salesInvoice';
}

export const ORDER: DocumentKind = {
  set: 'PurchaseOrders',
  objectCode: 'oPurchaseOrders',
  objectNumber: 22,
  table: 'OPOR',
  lineTable: 'POR1',
  store: 'orders',
  counter: 'order',
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
  const kinds = [INVOICE, SALES_INVOICE];
  return kinds.find(({ objectCode }) => objectCode === document.DocObjectCode) ?? ORDER;
}
