import type { Row } from './rows.ts';

/** What tells the documents apart that share one form: where they are kept and what messages call their tables. */
export interface DocumentKind {
  set: 'PurchaseOrders' | 'PurchaseInvoices';
  objectCode: 'oPurchaseOrders' | 'oPurchaseInvoices';
  /** The number of the object, as base references and drafts name it. */
  objectNumber: number;
  table: 'OPOR' | 'OPCH';
  lineTable: 'POR1' | 'PCH1';
  store: 'orders' | 'invoices';
  counter: 'order' | 'invoice';
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

/** The kind of a document that was begun or is kept; drafts are of the kind that they will become. */
export function kindOf(document: Row): DocumentKind {
  return document.DocObjectCode === INVOICE.objectCode ? INVOICE : ORDER;
}
