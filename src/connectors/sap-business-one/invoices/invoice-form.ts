import { contentHash } from '../../../domain/values/canonical.ts';
import { amountOf, codingText, plainAmount, tidy } from '../orders/order-form.ts';
import type { InvoiceEntity, InvoiceEntityLine } from '../service-layer/wire.ts';
import type { InvoiceRow, SentInvoice } from './sent-invoice.ts';

/** The number of purchase orders among the objects, as base references say it. */
export const ORDER_OBJECT = '22';
/** The same of goods receipts. */
export const RECEIPT_OBJECT = '20';

type RowForm = {
  readonly coding: string;
  readonly amount: string;
  readonly description: string;
  readonly project: string;
  /** Order and line that it draws from, as `7/0`, or receipt and line, as `receipt 7/0`; empty for none. */
  readonly base: string;
};

/**
 * An invoice reduced to what Tiebeam writes and nobody may change without our knowledge. Payment block, due date
 * and comments are not in it: they belong to the people who pay.
 */
type InvoiceForm = {
  readonly partner: string;
  readonly project: string;
  readonly currency: string;
  readonly number: string;
  readonly date: string;
  readonly documentDate: string;
  readonly revision: string;
  readonly rows: readonly RowForm[];
};

export function hashOfSent({ body, partnerCode, projectCode, rows }: SentInvoice): string {
  return hashOf({
    partner: partnerCode,
    project: projectCode,
    currency: body.currency,
    number: tidy(body.invoiceNumber),
    date: body.accountingDate,
    documentDate: body.documentDate,
    revision: String(body.revision),
    rows: rows.map((row) => ({
      coding: codingText(row.coding.kind, row.coding.code),
      amount: plainAmount(row.amount),
      description: tidy(row.description),
      project: row.projectCode,
      base: baseOf(row),
    })),
  });
}

function baseOf({ purpose }: InvoiceRow): string {
  if (purpose.kind !== 'draw') return '';
  const { orderId, orderLine, receipt } = purpose;
  return receipt === undefined ? `${orderId}/${orderLine}` : `receipt ${receipt.id}/${receipt.line}`;
}

export function hashOfEntity(entity: InvoiceEntity): string {
  const kind = entity.DocType === 'dDocument_Service' ? 'account' : 'item';
  return hashOf({
    partner: entity.CardCode,
    project: entity.Project,
    currency: entity.DocCurrency,
    number: tidy(entity.NumAtCard),
    date: entity.DocDate.slice(0, 10),
    documentDate: entity.TaxDate.slice(0, 10),
    revision: entity.U_TiebeamRev,
    rows: rowsInOrder(entity)
      .map((row) => ({
        coding: codingText(kind, kind === 'account' ? row.AccountCode : row.ItemCode),
        amount: amountOf(row),
        description: tidy(row.ItemDescription),
        project: row.ProjectCode,
        base: basedOn(row),
      }))
      .filter(({ amount }) => amount !== '0'),
  });
}

function basedOn({ BaseType, BaseEntry, BaseLine }: InvoiceEntityLine): string {
  if (BaseType === RECEIPT_OBJECT) return `receipt ${BaseEntry}/${BaseLine}`;
  return BaseType === ORDER_OBJECT ? `${BaseEntry}/${BaseLine}` : '';
}

export function rowsInOrder(entity: InvoiceEntity): InvoiceEntityLine[] {
  return [...entity.DocumentLines].sort((a, b) => Number(a.LineNum) - Number(b.LineNum));
}

function hashOf(form: InvoiceForm): string {
  return contentHash({ ...form, rows: form.rows.map((row) => ({ ...row })) });
}
