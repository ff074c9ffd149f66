import { contentHash } from '../../domain/canonical.ts';
import type { ApInvoiceBody, LineCoding } from '../../domain/documents.ts';
import { amountOf, codingText, plainAmount, tidy } from './order-form.ts';
import type { InvoiceEntity, InvoiceEntityLine } from './wire.ts';

/** The number of purchase orders among the objects, as base references say it. */
export const ORDER_OBJECT = '22';

/** One row of an invoice as it is sent: a draw on an order line, or retainage on an account of its own. */
export type InvoiceRow = {
  /** Where it comes from in the body, such as `lines[11]` or `retainage[11]`. */
  readonly path: string;
  readonly key: string;
  readonly description: string;
  readonly amount: string;
  readonly coding: LineCoding;
  /** Number of the order's line; null for retainage, which no order ever bears. */
  readonly orderLine: string | null;
};

/** The rows in the order in which they are sent. A row of zero draws nothing and would close an empty line. */
export function rowsOf(body: Pick<ApInvoiceBody, 'lines' | 'retainage'>): InvoiceRow[] {
  const draws = body.lines.map((line) => ({ ...line, path: `lines[${line.key}]` }));
  const retainage = body.retainage.map(({ account, ...line }) => {
    const coding: LineCoding = { kind: 'account', code: account };
    return { ...line, coding, orderLine: null, path: `retainage[${line.key}]` };
  });
  return [...draws, ...retainage].filter(({ amount }) => plainAmount(amount) !== '0');
}

type RowForm = {
  readonly coding: string;
  readonly amount: string;
  readonly description: string;
  readonly project: string;
  /** Order and line that it draws from, as `7/0`; empty for none. */
  readonly base: string;
};

/**
 * An invoice reduced to what Tiebeam writes and nobody may change without our knowledge. Payment block, due date
 * and comments are not in it: they belong to the people who pay.
 */
type InvoiceForm = {
  readonly vendor: string;
  readonly project: string;
  readonly currency: string;
  readonly number: string;
  readonly date: string;
  readonly documentDate: string;
  readonly revision: string;
  readonly rows: readonly RowForm[];
};

export function hashOfBody(body: ApInvoiceBody): string {
  return hashOf({
    vendor: body.vendorCode,
    project: body.projectCode,
    currency: body.currency,
    number: tidy(body.invoiceNumber),
    date: body.accountingDate,
    documentDate: body.documentDate,
    revision: String(body.revision),
    rows: rowsOf(body).map((row) => ({
      coding: codingText(row.coding.kind, row.coding.code),
      amount: plainAmount(row.amount),
      description: tidy(row.description),
      project: body.projectCode,
      base: row.orderLine === null ? '' : `${body.orderId}/${row.orderLine}`,
    })),
  });
}

export function hashOfEntity(entity: InvoiceEntity): string {
  const kind = entity.DocType === 'dDocument_Service' ? 'account' : 'item';
  return hashOf({
    vendor: entity.CardCode,
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
        base: row.BaseType === ORDER_OBJECT ? `${row.BaseEntry}/${row.BaseLine}` : '',
      }))
      .filter(({ amount }) => amount !== '0'),
  });
}

export function rowsInOrder(entity: InvoiceEntity): InvoiceEntityLine[] {
  return [...entity.DocumentLines].sort((a, b) => Number(a.LineNum) - Number(b.LineNum));
}

function hashOf(form: InvoiceForm): string {
  return contentHash({ ...form, rows: form.rows.map((row) => ({ ...row })) });
}
