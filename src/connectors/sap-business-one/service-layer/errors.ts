import { type FieldError, type Outcome, Stop } from '../../../domain/posting/outcomes.ts';
import type { WireResponse } from '../../../domain/posting/writes.ts';
import { isSessionLoss, SYSTEM, type VendorError, vendorError } from './vendor-error.ts';

/**
 * What a write that did not succeed became. Only an error that the vendor or the field documents as a refusal
 * of the whole transaction counts as one; every other answer is unknown and is settled by looking.
 */
export function classifyFailure(
  response: WireResponse,
  pathAt: LinePathAt = () => undefined,
  document: DocumentName = 'order',
): Outcome {
  if (isSessionLoss(response)) {
    return { kind: 'not-sent', why: 'the session was refused twice, before the request was looked at' };
  }
  if (response.status === 429) {
    const waitMs = retryAfterMs(response);
    const why = 'the server turned the request away because of too many requests (HTTP 429)';
    return { kind: 'not-sent', why, ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) };
  }
  const error = response.status >= 400 && response.status < 500 ? vendorError(response) : null;
  if (!error)
    return { kind: 'unknown', why: `HTTP ${response.status} without an error of the Service Layer` };
  if (error.code === '-2035') {
    return { kind: 'unknown', why: `an entry with this key is said to exist already: ${error.message}` };
  }
  if (response.status === 412 || error.code === '-2039') {
    return { kind: 'unknown', why: `somebody changed it between our look and our write: ${error.message}` };
  }
  const refusal = REFUSALS.find((rule) => rule.applies(error));
  if (!refusal)
    return { kind: 'unknown', why: `HTTP ${response.status}, code ${error.code}: ${error.message}` };
  return { kind: 'refused', errors: [refusalOf(error, refusal, pathAt, document)] };
}

/** What a refusal calls the document that was sent. */
export type DocumentName = 'order' | 'invoice' | 'payment' | 'vendor' | 'project';

type Refusal = {
  readonly applies: (error: VendorError) => boolean;
  readonly field?: string;
  /** What happened and what a person can do about it, of {the document}; the vendor's own words follow. */
  readonly words: string;
};

const code = (wanted: string) => (error: VendorError) => error.code === wanted;
const says =
  (pattern: RegExp, ...codes: string[]) =>
  (error: VendorError) =>
    pattern.test(error.message) && (codes.length === 0 || codes.includes(error.code));

// First match wins: the texts of the general -5002 come before -5002 itself. Codes and texts: facts, section 3.
const REFUSALS: readonly Refusal[] = [
  {
    applies: (error) => error.code === '-4013' || /deviates from permissible range/i.test(error.message),
    field: 'accountingDate',
    words:
      'The accounting date is not in an open posting period: choose another date or have the period opened.',
  },
  {
    applies: says(/'U_Tiebeam\w*' of '\w+' is invalid/, '-1000'),
    field: 'reference',
    words: 'The user fields for our reference are missing: run `tiebeam check --fix` for this connection.',
  },
  {
    applies: says(/value too long/i),
    words: 'A text is longer than SAP Business One stores: shorten it at the source.',
  },
  {
    applies: says(/exchange rate|\[O\w+\.DocRate\]/i),
    field: 'currency',
    words: 'No exchange rate for this currency: {the document}s are posted in the currency of the company.',
  },
  {
    applies: says(/active branch/i),
    field: 'company',
    words:
      'The company works with branches, which {the document}s of ours do not name: ask for a default branch.',
  },
  {
    applies: (error) => error.code === '-4002' || /numbering series/i.test(error.message),
    field: 'series',
    words: 'No numbering series fits: define a default series for {the document}s in SAP Business One.',
  },
  {
    applies: says(/base documents has already been closed/i),
    field: 'lines.orderLine',
    words:
      'A line of the order that is billed here is closed: reopen it in SAP Business One, then look again.',
  },
  { applies: code('-2028'), field: 'order', words: 'The order is not in SAP Business One any more.' },
  {
    applies: code('804'),
    field: 'connection',
    words: 'The user of the connection may not do this: extend its authorisations in SAP Business One.',
  },
  {
    applies: (error) => error.code === '-1000' || error.code === '-5006',
    words: 'SAP Business One did not accept the form of the request: report this as a fault of Tiebeam.',
  },
  { applies: code('-5002'), words: 'SAP Business One refused the {the document}.' },
];

function refusalOf(
  error: VendorError,
  { field, words }: Refusal,
  pathAt: LinePathAt,
  document: DocumentName,
): FieldError {
  const place = placeOf(error.message, pathAt, document);
  const line = place.line === null ? '' : ` (line ${place.line})`;
  return {
    field: field ?? place.field,
    message: `${words.replaceAll('{the document}', document)}${line} SAP Business One says: "${error.message}"`,
    code: error.code,
  };
}

/** Columns of orders and properties -> fields of ours; `lines` stands for the line that is named. */
const FIELDS: Readonly<Record<string, string>> = {
  'OPOR.CardCode': 'vendorCode',
  CardCode: 'vendorCode',
  'OPOR.Project': 'projectCode',
  Project: 'projectCode',
  ProjectCode: 'projectCode',
  'POR1.Project': 'projectCode',
  'OPOR.NumAtCard': 'number',
  NumAtCard: 'number',
  'OPOR.DocCur': 'currency',
  DocCurrency: 'currency',
  'OPOR.DocDate': 'accountingDate',
  'OPOR.ReqDate': 'requiredDate',
  RequriedDate: 'requiredDate',
  'POR1.LineVendor': 'vendorCode',
  LineVendor: 'vendorCode',
  'OPOR.DocDueDate': 'accountingDate',
  'OPOR.TaxDate': 'accountingDate',
  'OPOR.Comments': 'title',
  Comments: 'title',
  'POR1.AcctCode': 'lines.coding',
  AccountCode: 'lines.coding',
  'POR1.ItemCode': 'lines.coding',
  ItemCode: 'lines.coding',
  'POR1.Dscription': 'lines.description',
  ItemDescription: 'lines.description',
  'POR1.LineTotal': 'lines.amount',
  LineTotal: 'lines.amount',
  'POR1.Quantity': 'lines.amount',
};

/** Where invoices say it in other words than orders; their tables are OPCH and PCH1, to customers OINV and INV1. */
const INVOICE_FIELDS: Readonly<Record<string, string>> = {
  ...FIELDS,
  'OPOR.NumAtCard': 'invoiceNumber',
  NumAtCard: 'invoiceNumber',
  'OPOR.DocDueDate': 'dueDate',
  'OPOR.TaxDate': 'documentDate',
  'OPOR.AtcEntry': 'attachments',
  'POR1.BaseEntry': 'lines.orderLine',
};

/** Columns and properties of payments and of drafts of them -> fields of ours. */
const PAYMENT_FIELDS: Readonly<Record<string, string>> = {
  'OVPM.CardCode': 'vendorCode',
  'OPDF.CardCode': 'vendorCode',
  CardCode: 'vendorCode',
  'OVPM.DocCurr': 'currency',
  DocCurrency: 'currency',
  'OVPM.DocDate': 'accountingDate',
  'OVPM.TransferAccount': 'paymentAccount',
  'VPM2.DocEntry': 'invoices',
  'PDF2.DocEntry': 'invoices',
  'VPM2.SumApplied': 'invoices',
};

/** Columns and properties of vendors and projects -> fields of ours. */
const MASTER_FIELDS: Readonly<Record<string, string>> = {
  'OCRD.CardCode': 'code',
  CardCode: 'code',
  'OCRD.CardName': 'name',
  CardName: 'name',
  FederalTaxID: 'taxId',
  EmailAddress: 'email',
  Phone1: 'phone',
  Street: 'address.street',
  City: 'address.city',
  ZipCode: 'address.zip',
  'OPRJ.PrjCode': 'code',
  Code: 'code',
  'OPRJ.PrjName': 'name',
  Name: 'name',
};

const FIELDS_OF: Readonly<Record<DocumentName, Readonly<Record<string, string>>>> = {
  order: FIELDS,
  invoice: INVOICE_FIELDS,
  payment: PAYMENT_FIELDS,
  vendor: MASTER_FIELDS,
  project: MASTER_FIELDS,
};

/** Our path of the line that stands at a place, such as `lines[11]`; counted from 1 as the vendor's messages do. */
export type LinePathAt = (place: number) => string | undefined;

/** Reads `[POR1.AcctCode][line: 2]` and `property 'NumAtCard' of 'Document'` into a field of ours. */
export function placeOf(
  message: string,
  pathAt: LinePathAt,
  document: DocumentName,
): { field: string; line: number | null } {
  const column = /\[([A-Z0-9]{3,4}\.\w+)\]/
    .exec(message)?.[1]
    ?.replace(/^(OPRQ|OPCH|OINV)\./, 'OPOR.')
    .replace(/^(PRQ1|PCH1|INV1)\./, 'POR1.');
  const property = /property '(\w+)' of '\w+'/i.exec(message)?.[1];
  const lineText = /\[line: (\d{1,6})\]/.exec(message)?.[1];
  const line = lineText === undefined ? null : Number(lineText);
  const fields = FIELDS_OF[document];
  const field = fields[column ?? ''] ?? fields[property ?? ''] ?? document;
  if (!field.startsWith('lines.')) return { field, line };
  const path = line === null ? undefined : pathAt(line);
  return { field: path === undefined ? field : `${path}${field.slice('lines'.length)}`, line };
}

/** A read that was answered, but not with what was asked for. */
export function readStop(response: WireResponse, what: string): Stop {
  const error = vendorError(response);
  const message = `reading ${what} was answered with HTTP ${response.status}${error ? `: ${error.message}` : ''}`;
  if (response.status === 403 || error?.code === '804') {
    return new Stop('unauthorised', SYSTEM, message, {
      remedy: `Give the user of the connection the right to read ${what} in SAP Business One.`,
    });
  }
  if (error && /'U_Tiebeam\w*'/.test(error.message)) {
    return new Stop('bug', SYSTEM, message, {
      remedy: 'The user fields for our reference are missing: run `tiebeam check --fix` for this connection.',
    });
  }
  return new Stop('bug', SYSTEM, message);
}

/** Seconds of a Retry-After header, bounded to an hour; its date form is not used by the vendor. */
export function retryAfterMs(response: Pick<WireResponse, 'headers'>): number | undefined {
  const seconds = response.headers['retry-after'];
  if (seconds === undefined || !/^\d{1,6}$/.test(seconds)) return undefined;
  return Math.min(Number(seconds), 3_600) * 1_000;
}
