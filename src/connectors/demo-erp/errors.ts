import { type FieldError, type Outcome, Stop } from '../../domain/posting/outcomes.ts';
import type { WireResponse } from '../../domain/posting/writes.ts';
import type { DoorError } from '../../lib/door.ts';
import { acceptedImport, failure, type LineError } from './wire.ts';

const SYSTEM = 'Ledgerline';

const FIELDS: Readonly<Record<string, string>> = {
  vendor: 'vendorCode',
  customer: 'customerCode',
  contract: 'contractCode',
  project: 'projectCode',
  date: 'accountingDate',
  account: 'coding',
  note: 'sourceUrl',
  vendor_number: 'invoiceNumber',
  order_line: 'orderLine',
  invoice_date: 'documentDate',
  tax_id: 'taxId',
};

const REMEDIES: Readonly<Record<string, string>> = {
  blocked: 'Unblock the vendor or customer in Ledgerline, or choose another.',
  'no-period': 'Create the period in Ledgerline or choose another accounting date.',
  'period-closed': 'Choose a date in an open period or reopen this one.',
  'not-postable': 'Map it to an account that takes bookings.',
  'not-open': 'Reopen it in Ledgerline.',
  'over-open': 'Raise the order first, or look at what else was invoiced on it.',
  'over-held': 'Look at what earlier invoices withheld, and what was released already.',
  'budget-stands':
    'Compare both budgets, and enter what differs there by hand: a job has one original estimate.',
  'not-below': 'Give it a code that begins with that of its parent.',
  'over-payable': 'Look at what of the invoice was paid there already.',
  'on-hold': 'Lift the hold in Ledgerline, or pay it when it is lifted.',
  'not-assigned': 'Assign it to the project in Ledgerline, or code the line to another.',
  'code-taken': 'Type another code, or link the one that has it.',
  'number-taken': 'If that is the same document, reject this one; else it needs another number.',
  invoiced: 'The reduction must leave what is already invoiced.',
};

/** A refused job in our words; `keys` are our lines behind the lines of the import. */
export function fieldErrors(errors: readonly LineError[], keys: readonly string[]): FieldError[] {
  return errors.map(({ line, field, code, message }) => {
    const ours = FIELDS[field] ?? field;
    const at = line === null ? ours : `lines[${keys[line - 1] ?? line}].${ours}`;
    const words = [`Ledgerline refuses: ${message}.`, ...(code in REMEDIES ? [REMEDIES[code]] : [])];
    return { field: at, message: words.join(' '), code };
  });
}

/** What the answer to an import proves. Only 400, 401, 403, 413 and 429 are documented to do nothing. */
export function classifyImport({ status, headers, body }: WireResponse): Outcome {
  if (status === 202) {
    const accepted = acceptedImport.safeParse(json(body));
    if (accepted.success) return { kind: 'accepted', handle: accepted.data.job };
    return { kind: 'unknown', why: 'Ledgerline accepted the import but its answer names no job' };
  }
  const said = failure.safeParse(json(body));
  if (!said.success) return { kind: 'unknown', why: `Ledgerline answered ${status} without its error form` };
  const { code, message, details } = said.data.error;
  if (status === 401 || status === 403) return { kind: 'not-sent', why: message };
  if (status === 429) return { kind: 'not-sent', why: message, retryAfterMs: retryAfterMs(headers) };
  if (status !== 400 && status !== 413)
    return { kind: 'unknown', why: `Ledgerline answered ${status}: ${message}` };
  const errors = details.map((each) => ({ field: each.path, message: `Ledgerline: ${each.message}`, code }));
  return { kind: 'refused', errors: errors.length > 0 ? errors : [{ field: 'document', message, code }] };
}

/** Turns an answer that a read cannot use into what stops the work; null when it can be used. */
export function stopOf({ status, headers, body }: WireResponse): Stop | null {
  const said = failure.safeParse(json(body));
  const words = said.success ? said.data.error.message : `status ${status}`;
  const remedy = 'Make a new API key in Ledgerline and enter it in the connection.';
  if (status === 401 || status === 403)
    return new Stop('unauthorised', SYSTEM, `Ledgerline refuses the API key: ${words}`, { remedy });
  if (status === 429) return new Stop('retry-later', SYSTEM, words, { retryAfterMs: retryAfterMs(headers) });
  if (status >= 500) return new Stop('retry-later', SYSTEM, `Ledgerline is unavailable: ${words}`);
  return null;
}

/** No trustworthy answer came at all. */
export function stopOfDoor(error: DoorError): Stop {
  const tls = 'Enter the certificate of the authority that signed it in the connection.';
  if (error.trouble === 'tls')
    return new Stop('unauthorised', SYSTEM, error.message, { remedy: tls, cause: error });
  const remedy = 'Check the address in the connection and that Ledgerline is running.';
  const kind = error.trouble === 'not-a-read' ? 'bug' : 'retry-later';
  return new Stop(kind, SYSTEM, error.message, { remedy, cause: error });
}

/** Not the form that we know: never guessed at. */
export function unreadable(path: string, why: string): Stop {
  return new Stop('bug', SYSTEM, `Ledgerline's answer to ${path} has an unknown form: ${why}`);
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function retryAfterMs(headers: WireResponse['headers']): number {
  const seconds = headers['retry-after'] ?? '';
  return /^\d{1,4}$/.test(seconds) ? Number(seconds) * 1_000 : 1_000;
}
