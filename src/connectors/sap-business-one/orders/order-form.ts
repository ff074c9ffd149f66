import type { LineCoding, PurchaseOrderBody, PurchaseOrderLine } from '../../../domain/documents.ts';
import { AS_FOUND } from '../../../domain/orders/adopted-order.ts';
import { contentHash } from '../../../domain/values/canonical.ts';
import { formatDecimal, parseDecimal } from '../../../domain/values/decimal.ts';
import type { OrderEntity, OrderEntityLine } from '../service-layer/wire.ts';

export const REFERENCE_FIELD = 'U_TiebeamRef';
export const REVISION_FIELD = 'U_TiebeamRev';

/** What both sides say about one line, in one form. */
export type LineForm = {
  readonly coding: string;
  readonly amount: string;
  readonly description: string;
  readonly project: string;
};

/** An order reduced to what Tiebeam writes and compares: the same order on both sides gives the same form. */
export type OrderForm = {
  readonly vendor: string;
  readonly project: string;
  readonly currency: string;
  readonly number: string;
  readonly date: string;
  readonly revision: string;
  readonly lines: readonly LineForm[];
};

/** The form of an order as we want it; the lines in the order in which they stand in the target. */
export function formOfBody(
  body: PurchaseOrderBody,
  lines: readonly PurchaseOrderLine[] = body.lines,
): OrderForm {
  return {
    vendor: body.vendorCode,
    project: body.projectCode,
    currency: body.currency,
    number: tidy(body.number),
    date: body.accountingDate,
    // An order that was taken over bears no revision of ours.
    revision: body.revision === AS_FOUND ? '' : String(body.revision),
    lines: lines.map((line) => lineFormOf(line, body.projectCode)),
  };
}

export function lineFormOf(line: PurchaseOrderLine, projectCode: string): LineForm {
  return {
    coding: codingText(line.coding.kind, line.coding.code),
    amount: plainAmount(line.amount),
    description: tidy(line.description),
    project: projectCode,
  };
}

/** The form of an order as it stands in SAP Business One. */
export function formOfEntity(entity: OrderEntity): OrderForm {
  return {
    vendor: entity.CardCode,
    project: entity.Project,
    currency: entity.DocCurrency,
    number: tidy(entity.NumAtCard),
    date: entity.DocDate.slice(0, 10),
    revision: entity.U_TiebeamRev,
    lines: linesInOrder(entity).map((line) => lineFormOfEntity(line, entity.DocType)),
  };
}

/** A request names its vendor on each row, and bears no revision: an order that is copied from it must not. */
export function formOfRequest(entity: OrderEntity): OrderForm & { readonly required: string } {
  const vendors = new Set(entity.DocumentLines.map(({ LineVendor }) => LineVendor));
  return {
    ...formOfEntity(entity),
    vendor: [...vendors].join(' '),
    revision: '',
    required: entity.RequriedDate.slice(0, 10),
  };
}

/** The number of a purchase request among the objects: what rows of orders name as their base. */
const REQUEST = '1470000113';

export function isBasedOnRequest({ BaseType }: OrderEntityLine): boolean {
  return BaseType === REQUEST;
}

/** People made it of a request: the reference that was copied to it is the request's. */
export function isOfRequest({ DocumentLines }: OrderEntity): boolean {
  return DocumentLines.some(isBasedOnRequest);
}

export function lineFormOfEntity(line: OrderEntityLine, docType: string): LineForm {
  const service = docType === 'dDocument_Service';
  return {
    coding: service ? codingText('account', line.AccountCode) : codingText('item', line.ItemCode),
    amount: amountOf(line),
    description: tidy(line.ItemDescription),
    project: line.ProjectCode,
  };
}

/**
 * Hash of the form. Lines of zero carry no obligation and are left out: a line that went away at the source
 * stays in the order with the amount zero, because nothing is deleted in an ERP.
 */
export function formHash(form: OrderForm): string {
  return contentHash({
    ...form,
    lines: form.lines.filter(({ amount }) => amount !== '0').map((line) => ({ ...line })),
  });
}

export function linesInOrder(entity: OrderEntity): OrderEntityLine[] {
  return [...entity.DocumentLines].sort((a, b) => Number(a.LineNum) - Number(b.LineNum));
}

/** The line's amount in the document's currency: RowTotalFC is filled only where that is a foreign one. */
export function amountOf(line: Pick<OrderEntityLine, 'LineTotal' | 'RowTotalFC'>): string {
  const foreign = plainAmount(line.RowTotalFC ?? '0');
  return foreign === '0' ? plainAmount(line.LineTotal ?? '0') : foreign;
}

/** One text per value: `10.50`, `10.5` and `1.05e1` are `10.5`. */
export function plainAmount(text: string): string {
  const plain = formatDecimal(parseDecimal(text));
  const short = plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
  return /^-?0$/.test(short) ? '0' : short.replace(/^(-?)0+(?=\d)/, '$1');
}

/** Line breaks and double spaces do not survive the vendor's forms, so they are never sent or compared. */
export function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

export function codingText(kind: LineCoding['kind'], code: string): string {
  return `${kind} ${code}`;
}
