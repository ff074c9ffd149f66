import type { DirectInvoiceBody, DirectInvoiceLine } from '../documents.ts';
import { withFields } from '../planning/document-fields.ts';
import { totalOf } from '../planning/plan-amounts.ts';
import { codedLine, projectFor, vendorFor } from '../planning/plan-coding.ts';
import { type Findings, type Found, openFindings } from '../planning/plan-findings.ts';
import type { ExportOrder, OrderPlanInput } from '../planning/plan-input.ts';
import type { FieldError } from '../posting/outcomes.ts';
import type { Reason } from '../reasons.ts';
import type { DirectCostLine, DirectCostRecord } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import { contentHash } from '../values/canonical.ts';
import { formatMoney, type Money, magnitude, money, parseMoney, sum } from '../values/money.ts';
import { accountingDateOf } from './plan-invoice-date.ts';
import type { InvoicePlanInput } from './plan-invoice-input.ts';
import { usableNumber } from './plan-invoice-number.ts';

export type DirectCostPlanInput = Pick<
  InvoicePlanInput,
  'vendorCode' | 'vendorBlocked' | 'periods' | 'numberWidth' | 'numberTaken' | 'frozenDate' | 'today'
> &
  Pick<OrderPlanInput, 'mapping' | 'targetProject' | 'targetAccount' | 'subJobPlaces'> & {
    readonly record: DirectCostRecord;
    /** Null once nobody asks for it any more: without an export nothing new is ever planned. */
    readonly exported: ExportOrder | null;
    /** The source's origin id may be our own word, of which our books know nothing since they were restored. */
    readonly originMayBeOurs: boolean;
    /** The invoice of ours that stands in the ERP for it. */
    readonly posted: DirectInvoiceBody | null;
    readonly identity: { readonly revision: number; readonly reference: string };
    readonly preflight: (body: DirectInvoiceBody) => readonly FieldError[];
  };

export type DirectCostDocument = Found & {
  readonly revision: number;
  readonly body: DirectInvoiceBody | null;
  readonly amount: Money;
  readonly exposure: Money;
  readonly accountingDate: CalendarDate;
  readonly notes: readonly Reason[];
  readonly conflict: boolean;
};

export type DirectCostPlan =
  | { readonly kind: 'nothing'; readonly why: 'not-exported' | 'not-an-invoice' | 'unchanged' }
  | { readonly kind: 'document'; readonly document: DirectCostDocument };

const BILL = { lines: 'line items', total: 'the billed amount' };

/** Only what a vendor bills or gives back is posted: an expense or a payroll is in its own books already. */
const INVOICE_TYPE = 'invoice';

/** Decides which invoice, or which credit memo, a company's direct cost should become in the ERP. Pure: same input, same bytes. */
export function planDirectCost(input: DirectCostPlanInput): DirectCostPlan {
  const { record, exported, posted } = input;
  if (exported === null) return { kind: 'nothing', why: 'not-exported' };
  if (posted !== null) {
    const sameVendor = input.vendorCode === null || input.vendorCode === posted.vendorCode;
    if (sameVendor && contentOf(posted) === contentOfRecord(record))
      return { kind: 'nothing', why: 'unchanged' };
  } else if (record.type !== INVOICE_TYPE) return { kind: 'nothing', why: 'not-an-invoice' };
  return { kind: 'document', document: documentOf(input) };
}

function documentOf(input: DirectCostPlanInput): DirectCostDocument {
  const { record, posted, identity } = input;
  const found = openFindings();
  checkRecord(input, found);
  const vendorCode = vendorFor(input, found);
  if (posted !== null) reportChange(posted, found);
  const total = totalOf(record, found, BILL);
  const { date, late } = accountingDateOf(dateFacts(input), found);
  const body = posted === null ? bodyOf(input, { vendorCode, total, date }, found) : null;
  found.targetRefuses(record.id, body === null ? [] : input.preflight(body));
  return {
    revision: identity.revision,
    body,
    amount: total,
    exposure: exposureOf(record, total),
    accountingDate: date,
    ...found.all(),
    notes: late === null ? [] : [late],
    conflict: found.reasons.some(({ code }) => code === 'changed-after-posting'),
  };
}

type Known = { readonly vendorCode: string | null; readonly total: Money; readonly date: CalendarDate };

/** Complete or not at all. */
function bodyOf(
  input: DirectCostPlanInput,
  { vendorCode, total, date }: Known,
  found: Findings,
): DirectInvoiceBody | null {
  const { record, identity } = input;
  const invoiceNumber = numberOf(input, found);
  const coded = record.lines.map((line) => lineOf(input, line, found));
  const lines = coded.filter((line): line is DirectInvoiceLine => line !== null);
  const isSound = found.amountsHold() && lines.length === coded.length;
  if (vendorCode === null || invoiceNumber === null || !isSound) return null;
  return {
    kind: 'ap-invoice',
    purpose: 'direct-cost',
    ...identity,
    invoiceNumber,
    title: record.description,
    vendorCode,
    currency: record.currency,
    accountingDate: date,
    documentDate: record.billDate ?? date,
    // What comes back is due to nobody on a day.
    dueDate: total.minor < 0n ? null : record.paymentDueDate,
    lines,
    total: formatMoney(total),
    sourceUrl: record.url,
    ...withFields(input.exported?.fields ?? {}),
  };
}

/** Coded as a line of an order on the same project would be. */
function lineOf(input: DirectCostPlanInput, line: DirectCostLine, found: Findings): DirectInvoiceLine | null {
  const { projectId } = line;
  const facts = { ...input, record: { projectId } };
  const projectCode = projectFor(facts, found);
  const coded = codedLine(facts, line, found);
  return projectCode === null || coded === null ? null : { ...coded, projectId, projectCode };
}

function numberOf({ record, numberWidth, numberTaken }: DirectCostPlanInput, found: Findings): string | null {
  const number = record.invoiceNumber?.trim() ?? '';
  if (number !== '') return usableNumber(number, { recordId: record.id, numberWidth, numberTaken }, found);
  found.wait('source', record.id, {
    code: 'number-missing',
    owner: 'accountant',
    field: 'invoice number',
    message: 'It has no number: without the vendor’s own it could be posted twice unseen.',
    remedy: 'Enter the vendor’s number of the invoice or credit in Procore and export it again.',
  });
  return null;
}

function checkRecord({ record, posted, originMayBeOurs }: DirectCostPlanInput, found: Findings): void {
  if (!record.approved)
    found.wait('source', record.id, {
      code: 'not-approved',
      owner: 'project-manager',
      message: `The direct cost is "${record.status}" in Procore, not approved.`,
      remedy: 'Approve it in Procore and export it again.',
    });
  if (record.originId !== null && posted === null && !originMayBeOurs)
    found.wait('source', record.id, {
      code: 'foreign-origin',
      owner: 'engineer',
      message: `Procore says that it is synced already, as "${record.originId}", which was not posted from here.`,
      remedy:
        'Restore the database that posted it. If nothing stands in the ERP, unlink it in Procore and export it again.',
    });
}

/** What stands in the ERP is corrected there by a person: an invoice is never changed and never posted a second time. */
function reportChange({ invoiceNumber }: DirectInvoiceBody, found: Findings): void {
  found.reason({
    code: 'changed-after-posting',
    owner: 'accountant',
    message: `It is posted as ${invoiceNumber} with another content than Procore shows now.`,
    remedy: 'Put the direct cost back as it was posted, or reverse the invoice in the ERP and unlink it.',
  });
}

/** A date that was entered with the bill counts as typed: it is never moved. */
function dateFacts({ record, exported, frozenDate, periods, today }: DirectCostPlanInput) {
  const accountingDate = exported?.accountingDate ?? record.accountingDate;
  return {
    record: { periodEnd: null, billingDate: record.billDate },
    exported: { erpCode: exported?.erpCode ?? null, accountingDate },
    frozenDate,
    periods,
    today,
  };
}

function exposureOf({ lines, currency }: DirectCostRecord, total: Money): Money {
  try {
    const sizes = lines.map(({ amount }) => money(magnitude(parseMoney(amount, currency)), currency));
    return sum(sizes, currency);
  } catch {
    // An amount that cannot be read stops the document anyway.
    return total;
  }
}

type Content = {
  readonly invoiceNumber: string;
  readonly currency: string;
  readonly lines: readonly Pick<
    DirectInvoiceLine,
    'key' | 'amount' | 'projectId' | 'costCode' | 'costType'
  >[];
};

/** What makes two states of a bill differ in the books. How it is coded in the ERP is not the source's word. */
function contentOf({ invoiceNumber, currency, lines }: Content): string {
  const rows = lines.map(({ key, amount, projectId, costCode, costType }) => {
    return { key, amount, projectId, costCode, costType };
  });
  return contentHash({ invoiceNumber, currency, lines: rows.sort((a, b) => (a.key < b.key ? -1 : 1)) });
}

function contentOfRecord({ invoiceNumber, currency, lines }: DirectCostRecord): string {
  return contentOf({
    invoiceNumber: invoiceNumber?.trim() ?? '',
    currency,
    lines: lines.map((line) => ({
      key: line.id,
      amount: line.amount,
      projectId: line.projectId,
      costCode: line.costCode?.code ?? '',
      costType: line.costType?.code ?? '',
    })),
  });
}
