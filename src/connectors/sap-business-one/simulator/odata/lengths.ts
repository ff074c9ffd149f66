// The service's metadata carries no maximum lengths at all, so every number here is inferred: it is what
// the column is commonly known to hold and has not been checked against a tenant. Change it here only.
type LengthSource =
  | 'fact sheet, inferred'
  | 'table column as commonly known, inferred'
  | 'client form as commonly known, inferred';

export interface FieldLength {
  maxChars: number;
  source: LengthSource;
}

const SHEET: LengthSource = 'fact sheet, inferred';
const COLUMN: LengthSource = 'table column as commonly known, inferred';
const FORM: LengthSource = 'client form as commonly known, inferred';

/** Longest value per property, in characters, keyed by `Type.Property`. */
export const LENGTHS: Readonly<Record<string, FieldLength>> = {
  'Document.NumAtCard': { maxChars: 100, source: SHEET },
  'Document.CardCode': { maxChars: 15, source: COLUMN },
  'Document.CardName': { maxChars: 100, source: COLUMN },
  'Document.Comments': { maxChars: 254, source: COLUMN },
  'Document.JournalMemo': { maxChars: 50, source: SHEET },
  'Document.Address': { maxChars: 254, source: COLUMN },
  'Document.Address2': { maxChars: 254, source: COLUMN },
  'Document.Reference1': { maxChars: 11, source: COLUMN },
  'Document.Reference2': { maxChars: 11, source: COLUMN },
  'Document.Project': { maxChars: 20, source: SHEET },
  'Document.DocCurrency': { maxChars: 3, source: COLUMN },
  'DocumentLine.ItemCode': { maxChars: 50, source: COLUMN },
  'DocumentLine.ItemDescription': { maxChars: 100, source: COLUMN },
  'DocumentLine.LineVendor': { maxChars: 15, source: COLUMN },
  'DocumentLine.FreeText': { maxChars: 100, source: COLUMN },
  'DocumentLine.AccountCode': { maxChars: 15, source: COLUMN },
  'DocumentLine.ProjectCode': { maxChars: 20, source: SHEET },
  'DocumentLine.CostingCode': { maxChars: 8, source: COLUMN },
  'DocumentLine.CostingCode2': { maxChars: 8, source: COLUMN },
  'DocumentLine.CostingCode3': { maxChars: 8, source: COLUMN },
  'DocumentLine.CostingCode4': { maxChars: 8, source: COLUMN },
  'DocumentLine.CostingCode5': { maxChars: 8, source: COLUMN },
  'DocumentLine.TaxCode': { maxChars: 8, source: COLUMN },
  'DocumentLine.VatGroup': { maxChars: 8, source: COLUMN },
  'Payment.Remarks': { maxChars: 254, source: COLUMN },
  'Payment.JournalRemarks': { maxChars: 50, source: COLUMN },
  'Payment.TransferReference': { maxChars: 27, source: COLUMN },
  'BusinessPartner.CardCode': { maxChars: 15, source: COLUMN },
  'BusinessPartner.CardName': { maxChars: 100, source: COLUMN },
  'BusinessPartner.EmailAddress': { maxChars: 100, source: COLUMN },
  'BusinessPartner.Phone1': { maxChars: 20, source: COLUMN },
  'BusinessPartner.FederalTaxID': { maxChars: 32, source: COLUMN },
  'Project.Code': { maxChars: 20, source: SHEET },
  'Project.Name': { maxChars: 100, source: COLUMN },
  'BPAddress.AddressName': { maxChars: 50, source: COLUMN },
  'BPAddress.Street': { maxChars: 100, source: COLUMN },
  'BPAddress.City': { maxChars: 100, source: COLUMN },
  'BPAddress.ZipCode': { maxChars: 20, source: COLUMN },
  'BPAddress.Country': { maxChars: 3, source: COLUMN },
  'UserFieldMD.Name': { maxChars: 50, source: FORM },
  'UserFieldMD.Description': { maxChars: 80, source: FORM },
};

/** Longest text a db_Alpha user field may be defined for; the client's form stops here (inferred). */
export const MAX_ALPHA_CHARS = 254;
