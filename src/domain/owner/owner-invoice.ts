import { exposureOf, type InvoiceDocument, notesOf, payable } from '../billing/plan-invoice.ts';
import { type Billing, type BillingInput, billingOf } from '../billing/plan-invoice-billing.ts';
import { checkNotNegative } from '../billing/plan-invoice-body.ts';
import { checkApplication, isConflict, reportFigures } from '../billing/plan-invoice-checks.ts';
import { accountingDateOf } from '../billing/plan-invoice-date.ts';
import type { InvoicePart, InvoicePlanInput } from '../billing/plan-invoice-input.ts';
import {
  type AccountSide,
  accountFor,
  checkHeld,
  checkReduced,
  retainageLines,
} from '../billing/plan-invoice-lines.ts';
import { partNumber, usableNumber } from '../billing/plan-invoice-number.ts';
import type { SheetFinding } from '../billing/sub-invoice-findings.ts';
import type { ArInvoiceBody, ArInvoiceLine } from '../documents.ts';
import { withFields } from '../planning/document-fields.ts';
import { projectFor } from '../planning/plan-coding.ts';
import { type Findings, openFindings } from '../planning/plan-findings.ts';
import type { OrderPlanInput } from '../planning/plan-input.ts';
import type { FieldError } from '../posting/outcomes.ts';
import { waitKeys } from '../reasons.ts';
import type { CustomerRecord, OwnerInvoiceRecord } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import { formatMoney, type Money } from '../values/money.ts';

export type OwnerInvoicePlanInput = Omit<BillingInput, 'record'> &
  Pick<
    InvoicePlanInput,
    | 'exported'
    | 'originMayBeOurs'
    | 'periods'
    | 'numberWidth'
    | 'numberTaken'
    | 'identityOf'
    | 'frozenDate'
    | 'today'
  > &
  Pick<OrderPlanInput, 'mapping' | 'targetProject' | 'targetAccount'> & {
    readonly record: OwnerInvoiceRecord;
    readonly targetCustomer: (code: string) => CustomerRecord | null;
    /** Names the contract to whom it waits for what was billed on it before. */
    readonly contract: string;
    readonly preflight: (body: ArInvoiceBody) => readonly FieldError[];
  };

/** One invoice to the owner that an application should become. Planned as those of subcontractors are. */
export type OwnerInvoiceDocument = Omit<InvoiceDocument, 'body'> & { readonly body: ArInvoiceBody | null };

export type OwnerInvoicePlan =
  | {
      readonly kind: 'nothing';
      readonly why:
        | 'not-exported'
        | 'deleted'
        | 'before-opening'
        | 'passed-over'
        | 'unchanged'
        | 'carried-forward';
    }
  | { readonly kind: 'documents'; readonly documents: readonly OwnerInvoiceDocument[] };

export const REVENUE: AccountSide = {
  kind: 'revenue',
  code: 'revenue-account-missing',
  words: 'what owners are billed',
  field: 'lines',
};

/** Kept back by an owner: it is ours, and due on its release. */
const RETAINAGE_RECEIVABLE: AccountSide = {
  kind: 'retainage-receivable',
  code: 'retainage-account-missing',
  words: 'retainage receivable',
  field: 'retainage',
};

/**
 * Decides which invoices to the owner one certified application should become: what it bills beyond what was posted,
 * less what the owner keeps back, and an invoice of its own for what is released. Pure: same input, same bytes.
 */
export function planOwnerInvoice(input: OwnerInvoicePlanInput): OwnerInvoicePlan {
  const why = nothingBecause(input);
  if (why !== null) return { kind: 'nothing', why };
  // Amounts of two currencies are never compared.
  const figures = otherCurrency(input) === null ? billingOf(input) : { unreadable: [] };
  if (!('billing' in figures))
    return { kind: 'documents', documents: [documentOf(input, 'progress', null, figures.unreadable)] };
  const { billing } = figures;
  if (billing.parts.length === 0)
    return { kind: 'nothing', why: billing.carried === null ? 'unchanged' : 'carried-forward' };
  const documents = billing.parts.map((part) => documentOf(input, part, billing, billing.findings));
  return { kind: 'documents', documents };
}

function nothingBecause({ record, exported, posted, opening, passedOver }: OwnerInvoicePlanInput) {
  // What stands in the ERP stays as it is: undoing it is a reversal that a person starts.
  if (record.deleted) return 'deleted';
  if (posted.some(({ recordId }) => recordId === record.id)) return null;
  if (opening !== null && record.application <= opening.application) return 'before-opening';
  if (passedOver.includes(record.id)) return 'passed-over';
  return exported === null ? 'not-exported' : null;
}

function documentOf(
  input: OwnerInvoicePlanInput,
  part: InvoicePart,
  billing: Billing | null,
  findings: readonly SheetFinding[],
): OwnerInvoiceDocument {
  const { record, contract } = input;
  const found = openFindings();
  checkApplication(input, found);
  checkCurrency(input, found);
  reportFigures({ recordId: record.id, contract }, findings, billing?.problem ?? null, found);
  const { date, late } = accountingDateOf({ ...input, periods: salesPeriods(input) }, found);
  const amount = payable(part, billing, record.currency);
  const body = billing === null ? null : bodyOf(input, part, billing, { amount, date }, found);
  found.targetRefuses(record.id, body === null ? [] : input.preflight(body));
  return {
    part,
    revision: input.identityOf(part).revision,
    body,
    amount,
    exposure: exposureOf(part, billing, record.currency),
    accountingDate: date,
    ...found.all(),
    notes: notesOf(findings, billing?.carried ?? null, late),
    conflict: found.reasons.some(isConflict),
  };
}

/** Complete or not at all. */
function bodyOf(
  input: OwnerInvoicePlanInput,
  part: InvoicePart,
  billing: Billing,
  { amount, date }: { readonly amount: Money; readonly date: CalendarDate },
  found: Findings,
): ArInvoiceBody | null {
  const { record } = input;
  if (billing.problem !== null) return null;
  const isProgress = part === 'progress';
  if (isProgress) checkReduced(input, billing, found);
  else checkHeld(input.contract, billing, found);
  checkNotNegative(amount, found);
  const customerCode = customerFor(input, found);
  const projectCode = projectFor(input, found);
  const invoiceNumber = numberOf(input, part, !billing.twofold, found);
  const retainage = retainageLines({ ...input, side: RETAINAGE_RECEIVABLE }, part, billing, found);
  const lines = isProgress ? billedLines(input, billing, found) : [];
  const isSound = found.amountsHold() && !found.reasons.some(isConflict);
  if (customerCode === null || projectCode === null || invoiceNumber === null) return null;
  if (lines === null || retainage === null || !isSound) return null;
  return {
    kind: 'ar-invoice',
    purpose: part,
    ...input.identityOf(part),
    application: record.application,
    invoiceNumber,
    customerCode,
    projectCode,
    currency: record.currency,
    accountingDate: date,
    documentDate: record.billingDate ?? record.periodEnd ?? date,
    lines,
    retainage,
    total: formatMoney(amount),
    moves: billing.moves[part],
    sourceUrl: record.url,
    ...withFields(input.exported?.fields ?? {}),
  };
}

/** What the application bills on each line beyond what was posted, gross. Null without an account for it. */
function billedLines(
  input: OwnerInvoicePlanInput,
  { deltas }: Billing,
  found: Findings,
): readonly ArInvoiceLine[] | null {
  const moving = deltas.filter(({ gross }) => gross.minor !== 0n);
  if (moving.length === 0) return [];
  const account = accountFor(input, REVENUE, found);
  if (account === null) return null;
  return moving.map(({ key, line, gross }) => {
    const shown = input.record.lines.find(({ position }) => position === line?.position);
    // A line without words is no line in most ERPs.
    const description = shown?.description.trim() || (line?.name ?? key);
    return { key, description, amount: formatMoney(gross), account };
  });
}

function customerFor(
  { record, mapping, targetCustomer }: OwnerInvoicePlanInput,
  found: Findings,
): string | null {
  const { contractId, contractTitle, contractNumber, ownerName } = record;
  const row = mapping('customer', '', contractId);
  const field = 'customer';
  if (row === null) {
    const label = `${ownerName ?? 'Owner'}, prime contract ${contractNumber} ${contractTitle}`.trim();
    found.ask(
      { kind: 'customer', key: contractId, label, scopeId: record.projectId },
      {
        code: 'customer-unmapped',
        owner: 'accountant',
        field,
        message: `The owner of prime contract ${contractNumber} has no ERP customer yet.`,
        remedy: 'Choose the customer in Review; every invoice of the contract is released.',
      },
    );
    return null;
  }
  found.used(row);
  const { code } = row.value;
  const customer = targetCustomer(code);
  if (customer?.active) return code;
  found.wait('record', waitKeys.record('customer', code), {
    code: 'target-refuses',
    owner: 'accountant',
    field,
    message: `Customer ${code} ${customer === null ? 'does not exist' : 'is inactive or on hold'} in the ERP.`,
    remedy: 'Choose another customer in Mappings, or open it in the ERP.',
  });
  return null;
}

/** The number that was entered, else contract and application: application 3 comes with every contract. */
function numberOf(
  { record, numberWidth, numberTaken }: OwnerInvoicePlanInput,
  part: InvoicePart,
  alone: boolean,
  found: Findings,
): string | null {
  const number = ownerNumber(record);
  const whole = partNumber(number, part, alone);
  const added = whole.length - number.length;
  const facts = { recordId: record.id, numberWidth, numberTaken, added, isAsked: true };
  return usableNumber(whole, facts, found);
}

/**
 * Procore numbers the invoices of each contract 1, 2, 3: such a number says nothing without its contract. One that was
 * entered otherwise is taken as it is.
 */
function ownerNumber({ invoiceNumber, application, contractNumber, contractId }: OwnerInvoiceRecord): string {
  const own = invoiceNumber?.trim() ?? '';
  const contract = contractNumber === '' ? contractId : contractNumber;
  return own === '' || own === String(application) ? `${contract}-${application}` : own;
}

/** The numbers that its invoices may bear: the ERP is asked who bears them before it is planned. */
export function possibleOwnerNumbers(record: OwnerInvoiceRecord): readonly string[] {
  const number = ownerNumber(record);
  return [number, partNumber(number, 'retainage-release', false)];
}

function otherCurrency({ record, posted }: OwnerInvoicePlanInput): string | null {
  return posted.find(({ body }) => body.currency !== record.currency)?.body.currency ?? null;
}

function checkCurrency(input: OwnerInvoicePlanInput, found: Findings): void {
  const { record } = input;
  const other = otherCurrency(input);
  if (other === null) return;
  found.wait('source', record.id, {
    code: 'currency-mismatch',
    owner: 'accountant',
    field: 'currency',
    message: `The invoice is in ${record.currency}; what was posted on its contract is in ${other}.`,
    remedy: 'Correct the currency in Procore. A contract keeps its currency.',
  });
}

/** Periods of accounts receivable: one may be closed for sales and open for all else. */
function salesPeriods({ periods }: OwnerInvoicePlanInput): OwnerInvoicePlanInput['periods'] {
  return periods.map((period) => (period.closedForSales ? { ...period, open: false } : period));
}
