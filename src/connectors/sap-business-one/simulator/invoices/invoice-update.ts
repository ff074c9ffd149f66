import type { SimState } from '../company/state.ts';
import { checkVendorReference } from '../documents/document-checks.ts';
import { kindOf } from '../documents/document-kinds.ts';
import { keepChanged } from '../documents/document-store.ts';
import { copied, integer, type Row, sameValue, text } from '../documents/rows.ts';
import { checkedRow, parseRequestBody } from '../odata/body.ts';
import { businessError } from '../odata/errors.ts';

// What the client leaves open in a posted invoice (as commonly known, inferred): nothing that moves an amount.
const EDITABLE = [
  'NumAtCard',
  'Comments',
  'JournalMemo',
  'Reference1',
  'Reference2',
  'DocDueDate',
  'PaymentBlock',
  'PaymentBlockEntry',
  'AttachmentEntry',
];

/** Applies a PATCH to a posted invoice; nothing is kept unless all of it is accepted. */
export function updateInvoice(state: SimState, stored: Row, requestText: string): void {
  updateInvoiceFrom(state, stored, parseRequestBody(requestText));
}

export function updateInvoiceFrom(state: SimState, stored: Row, body: Record<string, unknown>): void {
  const sent = checkedRow(state, 'Document', body, 'update');
  const { table } = kindOf(stored);
  if (stored.CancelStatus !== 'csNo') throw businessError('The document is cancelled and cannot be changed');
  for (const [name, value] of Object.entries(sent)) {
    if (name.startsWith('U_') || EDITABLE.includes(name) || sameValue(stored[name], value)) continue;
    throw businessError(`'${name}' of a posted invoice cannot be changed  [${table}.${name}]`);
  }
  const invoice = { ...copied(stored), ...sent };
  if (text(invoice, 'DocDueDate') === null) throw businessError("Date 'DocDueDate' may not be empty");
  const attached = integer(invoice, 'AttachmentEntry');
  if (attached !== null && !state.attachments.has(attached))
    throw businessError(`Attachment ${attached} not found  [${table}.AtcEntry]`);
  checkVendorReference(state, invoice);
  keepChanged(state, invoice);
}
