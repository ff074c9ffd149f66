import { givenBack, isVendorCredit } from '../../domain/billing/vendor-credit.ts';
import type { DirectInvoiceBody } from '../../domain/documents.ts';
import { withFields } from '../../domain/planning/document-fields.ts';
import type { FieldError } from '../../domain/posting/outcomes.ts';
import { formatMoney, parseMoney, sum } from '../../domain/values/money.ts';

// A longer title is cut here; the whole text stands with the document in Tiebeam.
const TITLE_WIDTH = 120;

/**
 * A bill in Ledgerline's words: it draws on no order, and each of its lines bears its own project. What comes back is a
 * credit memo, above zero where it gives back.
 */
export function billOf(body: DirectInvoiceBody) {
  const { currency, dueDate } = body;
  const isCredit = isVendorCredit(body);
  return {
    type: isCredit ? ('credit-memo' as const) : ('bill' as const),
    revision: body.revision,
    order: null,
    vendor: body.vendorCode,
    currency,
    vendor_number: body.invoiceNumber,
    title: [...body.title].slice(0, TITLE_WIDTH).join(''),
    date: body.accountingDate,
    invoice_date: body.documentDate,
    ...(dueDate === null ? {} : { due_date: dueDate }),
    ...withFields(body.fields ?? {}),
    lines: billedLines(isCredit ? givenBack(body) : body).map(
      ({ key, description, amount, coding, projectCode: project, subJob }) => {
        const billed = formatMoney(parseMoney(amount, currency));
        const part = subJob === undefined ? {} : { sub_job: subJob };
        return { key, description, account: coding.code, project, ...part, amount: billed };
      },
    ),
  };
}

/** A line of zero bills nothing, and Ledgerline refuses it. */
export function billedLines({ lines, currency }: DirectInvoiceBody): DirectInvoiceBody['lines'] {
  return lines.filter(({ amount }) => parseMoney(amount, currency).minor !== 0n);
}

/** What Ledgerline would refuse of a bill that its widths say nothing of. */
export function billErrors(body: DirectInvoiceBody): FieldError[] {
  const lines = billedLines(body);
  if (lines.length === 0) return [{ field: 'lines', message: 'The bill bills nothing.', code: 'required' }];
  const stocked = lines.filter(({ coding }) => coding.kind === 'item');
  const message = 'Ledgerline books lines to accounts only: map this cost code to an account.';
  const errors = stocked.map(({ key }) => ({ field: `lines[${key}].coding`, message, code: 'coding-kind' }));
  const amounts = lines.map(({ amount }) => parseMoney(amount, body.currency));
  const added = formatMoney(sum(amounts, body.currency));
  if (added === formatMoney(parseMoney(body.total, body.currency))) return errors;
  const said = `The lines add up to ${added}, the total says ${body.total}.`;
  return [...errors, { field: 'total', message: said, code: 'total' }];
}
