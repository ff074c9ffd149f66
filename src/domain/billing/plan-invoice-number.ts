import type { Findings } from '../planning/plan-findings.ts';
import type { SubInvoiceRecord } from '../records.ts';
import type { InvoicePart, InvoicePlanInput } from './plan-invoice-input.ts';

/** Told apart from the progress invoice of the same application: a vendor's number stands once in an ERP. */
const RELEASE_SUFFIX = '-R';

/**
 * The vendor's own number, else contract and application, because application 3 comes with every contract. It is
 * never cut to fit: a cut number may be another invoice's.
 */
export function invoiceNumberOf(
  { record, order, numberWidth, numberTaken }: InvoicePlanInput,
  part: InvoicePart,
  alone: boolean,
  found: Findings,
): string | null {
  const own = record.invoiceNumber?.trim() ?? '';
  if (own === '' && order === null) return null;
  const number = own === '' ? `${order?.number}-${record.application}` : own;
  const whole = partNumber(number, part, alone);
  const added = whole.length - number.length;
  const facts = { recordId: record.id, numberWidth, numberTaken, added, isAsked: true };
  return usableNumber(whole, facts, found);
}

/** A release that comes beside the invoice of its work needs a number of its own. */
export function partNumber(number: string, part: InvoicePart, alone: boolean): string {
  return part === 'retainage-release' && !alone ? `${number}${RELEASE_SUFFIX}` : number;
}

type NumberFacts = Pick<InvoicePlanInput, 'numberWidth' | 'numberTaken'> & {
  readonly recordId: string;
  /** Characters that we put to what was entered in the source. */
  readonly added?: number;
  /** Whether a person is asked if it is the same invoice. */
  readonly isAsked?: boolean;
};

/** The number, if the ERP has room for all of it and nothing bears it there yet. */
export function usableNumber(
  number: string,
  { recordId, numberWidth, numberTaken, added = 0, isAsked = false }: NumberFacts,
  found: Findings,
): string | null {
  const field = 'invoice number';
  if (number.length > numberWidth) {
    found.wait('source', recordId, {
      code: 'number-too-long',
      owner: 'accountant',
      field,
      message: `Invoice number "${number}" has ${number.length} characters; the ERP has room for ${numberWidth}.`,
      remedy: `Enter the vendor's invoice number in Procore with at most ${numberWidth - added} characters.`,
    });
    return null;
  }
  const taken = numberTaken(number);
  if (taken === null) return number;
  found.wait('source', recordId, {
    code: 'duplicate-number',
    owner: 'accountant',
    field,
    message: `Invoice number "${number}" of this vendor is in the ERP already: ${taken}.`,
    remedy: `${isAsked ? 'If it is the same invoice, say so in Review' : 'Make sure that it is not the same invoice'}. If it is not, correct the invoice number in Procore or there.`,
  });
  return null;
}

/** The numbers that the invoices of an application may bear: the ERP is asked who bears them before it is planned. */
export function possibleNumbers(
  { invoiceNumber, application }: Pick<SubInvoiceRecord, 'invoiceNumber' | 'application'>,
  orderNumber: string | null,
): readonly string[] {
  const own = invoiceNumber?.trim() ?? '';
  if (own === '' && orderNumber === null) return [];
  const number = own === '' ? `${orderNumber}-${application}` : own;
  return [number, partNumber(number, 'retainage-release', false)];
}
