import { type SimState, timeOfDay, today } from '../company/state.ts';
import { checkPeriods } from '../documents/document-checks.ts';
import { INVOICE } from '../documents/document-kinds.ts';
import { keepChanged, keepNew } from '../documents/document-store.ts';
import { amount, copied, integer, type Row, rows } from '../documents/rows.ts';
import { bookInvoice } from '../journals/journals.ts';
import { owe } from '../masters/vendor-balance.ts';
import { minus, negated } from '../odata/decimal.ts';
import { businessError, notSupported } from '../odata/errors.ts';
import { giveBack } from './invoice-base.ts';

export const INVOICE_ACTIONS = ['Cancel', 'Close', 'Reopen', 'CreateCancellationDocument'] as const;
export type InvoiceAction = (typeof INVOICE_ACTIONS)[number];

/** Runs a bound action of an A/P invoice; a cancellation is a document of its own and is returned. */
export function actOnInvoice(state: SimState, stored: Row, action: InvoiceAction): Row | null {
  if (action === 'CreateCancellationDocument') return cancelInvoice(state, stored);
  // An invoice is in the journal: it is undone by a mirror, and what Cancel does to it is not documented (inferred).
  if (action === 'Cancel') throw notSupported('Cancel on a posted invoice');
  if (stored.CancelStatus !== 'csNo') throw notSupported(`${action} on a cancelled document`);
  const invoice = copied(stored);
  if (action === 'Close') {
    if (invoice.DocumentStatus !== 'bost_Open') throw notSupported('Close on a closed document');
    invoice.DocumentStatus = 'bost_Close';
    invoice.ClosingDate = today(state);
  } else {
    if (invoice.DocumentStatus !== 'bost_Close') throw notSupported('Reopen on an open document');
    if (unpaid(invoice).digits === 0n) throw notSupported('Reopen on a document that is paid');
    invoice.DocumentStatus = 'bost_Open';
    invoice.ClosingDate = null;
  }
  keepChanged(state, invoice);
  return null;
}

/** What of an invoice has not been paid yet. */
export function unpaid(invoice: Row) {
  return minus(amount(invoice, 'DocTotal'), amount(invoice, 'PaidToDate'));
}

/** Books the mirror of an invoice on the same date. Its user fields are copied, so two rows carry one reference. */
function cancelInvoice(state: SimState, stored: Row): Row {
  if (stored.CancelStatus !== 'csNo')
    throw notSupported('CreateCancellationDocument on a cancelled document');
  if (amount(stored, 'PaidToDate').digits !== 0n)
    throw businessError('The document is paid in part or whole; cancel the payment first  [OPCH.PaidToDate]');
  checkPeriods(state, stored);
  const mirror = keepNew(state, {
    ...copied(stored),
    DocumentLines: rows(stored, 'DocumentLines').map((line) => ({
      ...line,
      BaseType: INVOICE.objectNumber,
      BaseEntry: integer(stored, 'DocEntry'),
      BaseLine: integer(line, 'LineNum'),
      LineStatus: 'bost_Close',
    })),
    AttachmentEntry: null,
    CancelStatus: 'csCancellation',
    DocumentStatus: 'bost_Close',
    CreationDate: today(state),
    DocTime: timeOfDay(state),
    UpdateDate: today(state),
    UpdateTime: timeOfDay(state),
    DataVersion: 1,
  });
  mirror.TransNum = bookInvoice(state, mirror, -1);
  const invoice = copied(stored);
  invoice.Cancelled = 'tYES';
  invoice.CancelStatus = 'csYes';
  invoice.DocumentStatus = 'bost_Close';
  invoice.CancelDate = today(state);
  keepChanged(state, invoice);
  giveBack(state, stored);
  owe(state, stored, negated(amount(stored, 'DocTotal')));
  return mirror;
}
