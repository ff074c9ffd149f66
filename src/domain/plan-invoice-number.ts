import type { Findings } from './plan-findings.ts';
import type { InvoicePart, InvoicePlanInput } from './plan-invoice-input.ts';
import type { SubInvoiceRecord } from './records.ts';

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
  const whole = part === 'retainage-release' && !alone ? `${number}${RELEASE_SUFFIX}` : number;
  const field = 'invoice number';
  if (whole.length > numberWidth) {
    found.wait('source', record.id, {
      code: 'number-too-long',
      owner: 'accountant',
      field,
      message: `Invoice number "${whole}" has ${whole.length} characters; the ERP has room for ${numberWidth}.`,
      remedy: `Enter the vendor's invoice number in Procore with at most ${numberWidth - (whole.length - number.length)} characters.`,
    });
    return null;
  }
  const taken = numberTaken(whole);
  if (taken !== null) {
    found.wait('source', record.id, {
      code: 'duplicate-number',
      owner: 'accountant',
      field,
      message: `Invoice number "${whole}" of this vendor is in the ERP already: ${taken}.`,
      remedy:
        'Make sure that it is not the same invoice. If it is not, correct the invoice number in Procore or there.',
    });
    return null;
  }
  return whole;
}

/** The numbers that the invoices of an application may bear: the ERP is asked who bears them before it is planned. */
export function possibleNumbers(
  { invoiceNumber, application }: Pick<SubInvoiceRecord, 'invoiceNumber' | 'application'>,
  orderNumber: string | null,
): readonly string[] {
  const own = invoiceNumber?.trim() ?? '';
  if (own === '' && orderNumber === null) return [];
  const number = own === '' ? `${orderNumber}-${application}` : own;
  return [number, `${number}${RELEASE_SUFFIX}`];
}
