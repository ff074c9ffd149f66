import type { WireRequest } from '../../../domain/posting/writes.ts';
import type { PaymentBlocking, RetainageTax } from '../config.ts';
import { REFERENCE_FIELD, REVISION_FIELD, tidy } from '../orders/order-form.ts';
import { amountFields, commentsOf, type Json } from '../orders/purchase-order.ts';
import { ORDER_OBJECT, RECEIPT_OBJECT } from './invoice-form.ts';
import { blockFields } from './payment-block.ts';
import type { InvoiceRow, SentInvoice } from './sent-invoice.ts';

/** Creates the invoice. Neither its total nor any tax is sent: the ERP's own setting decides on both. */
export function encodeInvoice(sent: SentInvoice, config: RetainageTax & PaymentBlocking): WireRequest {
  const { set, body, rows, projectCode, dueDate, paymentHold } = sent;
  const document = {
    DocType: rows.every(({ coding }) => coding.kind === 'account') ? 'dDocument_Service' : 'dDocument_Items',
    CardCode: sent.partnerCode,
    DocCurrency: body.currency,
    ...(projectCode === '' ? {} : { Project: projectCode }),
    DocDate: body.accountingDate,
    TaxDate: body.documentDate,
    // Without one the payment terms of the partner give it.
    ...(dueDate === null ? {} : { DocDueDate: dueDate }),
    NumAtCard: tidy(body.invoiceNumber),
    Comments: commentsOf({ title: titleOf(sent), sourceUrl: body.sourceUrl }),
    // A hold stops the payment and not the recording. Where there is none, a block of the vendor's own stays.
    ...(paymentHold === null ? {} : blockFields(config)),
    [REFERENCE_FIELD]: body.reference,
    [REVISION_FIELD]: String(body.revision),
    ...body.fields,
    DocumentLines: rows.map((row) => rowFields(row, config)),
  };
  return { method: 'POST', path: `/${set}`, body: JSON.stringify(document) };
}

function titleOf({ title, paymentHold }: SentInvoice): string {
  return paymentHold === null ? title : `${title} Payment held when posted: ${paymentHold}`;
}

function rowFields(row: InvoiceRow, tax: RetainageTax): Json {
  return {
    ...(row.purpose.kind === 'draw' ? baseFields(row.purpose) : {}),
    ...(row.purpose.kind === 'retainage' ? taxFields(tax) : {}),
    ...(row.coding.kind === 'account' ? { AccountCode: row.coding.code } : { ItemCode: row.coding.code }),
    ItemDescription: tidy(row.description),
    ...amountFields(row),
    ProjectCode: row.projectCode,
  };
}

function baseFields({ orderId, orderLine, receipt }: Extract<InvoiceRow['purpose'], { kind: 'draw' }>): Json {
  if (receipt !== undefined)
    return {
      BaseType: Number(RECEIPT_OBJECT),
      BaseEntry: Number(receipt.id),
      BaseLine: Number(receipt.line),
    };
  return { BaseType: Number(ORDER_OBJECT), BaseEntry: Number(orderId), BaseLine: Number(orderLine) };
}

/** Withheld money is taxed with the work it was withheld from, so its own row must carry no tax. */
function taxFields({ retainageTaxCode, retainageVatGroup }: RetainageTax): Json {
  return {
    ...(retainageTaxCode === undefined ? {} : { TaxCode: retainageTaxCode }),
    ...(retainageVatGroup === undefined ? {} : { VatGroup: retainageVatGroup }),
  };
}
