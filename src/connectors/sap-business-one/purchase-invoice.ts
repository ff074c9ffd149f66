import type { ApInvoiceBody } from '../../domain/documents.ts';
import type { WireRequest } from '../../domain/writes.ts';
import type { RetainageTax } from './config.ts';
import { type InvoiceRow, ORDER_OBJECT, rowsOf } from './invoice-form.ts';
import { REFERENCE_FIELD, REVISION_FIELD, tidy } from './order-form.ts';
import { amountFields, commentsOf, type Json } from './purchase-order.ts';

/** Creates the invoice. Neither its total nor any tax is sent: the ERP's own setting decides on both. */
export function encodeInvoice(body: ApInvoiceBody, tax: RetainageTax): WireRequest {
  const rows = rowsOf(body);
  const document = {
    DocType: rows.every(({ coding }) => coding.kind === 'account') ? 'dDocument_Service' : 'dDocument_Items',
    CardCode: body.vendorCode,
    DocCurrency: body.currency,
    Project: body.projectCode,
    DocDate: body.accountingDate,
    TaxDate: body.documentDate,
    // Without one the payment terms of the vendor give it.
    ...(body.dueDate === null ? {} : { DocDueDate: body.dueDate }),
    NumAtCard: tidy(body.invoiceNumber),
    Comments: commentsOf({ title: titleOf(body), sourceUrl: body.sourceUrl }),
    // A hold stops the payment and not the recording. Where there is none, a block of the vendor's own stays.
    ...(body.paymentHold === null ? {} : { PaymentBlock: 'tYES' }),
    [REFERENCE_FIELD]: body.reference,
    [REVISION_FIELD]: String(body.revision),
    DocumentLines: rows.map((row) => rowFields(row, body, tax)),
  };
  return { method: 'POST', path: '/PurchaseInvoices', body: JSON.stringify(document) };
}

function titleOf({ purpose, application, paymentHold }: ApInvoiceBody): string {
  const what =
    purpose === 'progress' ? `Application ${application}.` : `Retainage of application ${application}.`;
  return paymentHold === null ? what : `${what} Payment held: ${paymentHold}`;
}

function rowFields(row: InvoiceRow, body: ApInvoiceBody, tax: RetainageTax): Json {
  return {
    ...(row.orderLine === null ? taxFields(tax) : baseFields(body.orderId, row.orderLine)),
    ...(row.coding.kind === 'account' ? { AccountCode: row.coding.code } : { ItemCode: row.coding.code }),
    ItemDescription: tidy(row.description),
    ...amountFields(row),
    ProjectCode: body.projectCode,
  };
}

function baseFields(orderId: string, orderLine: string): Json {
  return { BaseType: Number(ORDER_OBJECT), BaseEntry: Number(orderId), BaseLine: Number(orderLine) };
}

/** Withheld money is taxed with the work it was withheld from, so its own row must carry no tax. */
function taxFields({ retainageTaxCode, retainageVatGroup }: RetainageTax): Json {
  return {
    ...(retainageTaxCode === undefined ? {} : { TaxCode: retainageTaxCode }),
    ...(retainageVatGroup === undefined ? {} : { VatGroup: retainageVatGroup }),
  };
}
