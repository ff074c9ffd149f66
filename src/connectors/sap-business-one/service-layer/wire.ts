import { z } from 'zod';
import { Stop } from '../../../domain/posting/outcomes.ts';
import type { WireResponse } from '../../../domain/posting/writes.ts';
import { type JsonValue, jsonNumber, parseJson } from '../../../lib/decimal-json.ts';
import { SYSTEM } from './vendor-error.ts';

// Every number of the Service Layer is a double on the wire; here it arrives as its source text and stays text.
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const whole = z.string().regex(/^-?\d+$/);
const decimal = z
  .string()
  .regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/)
  .nullish()
  .transform((value) => value ?? null);

const count = z
  .union([whole, z.literal('')])
  .nullish()
  .transform((value) => value ?? '');

const orderLine = z.object({
  LineNum: whole,
  BaseType: count,
  BaseEntry: count,
  BaseLine: count,
  LineVendor: text,
  ItemCode: text,
  ItemDescription: text,
  AccountCode: text,
  ProjectCode: text,
  Quantity: decimal,
  RemainingOpenQuantity: decimal,
  LineTotal: decimal,
  RowTotalFC: decimal,
  OpenAmount: decimal,
  OpenAmountFC: decimal,
  LineStatus: text,
});

/** A purchase order, a purchase request, or the draft of one: the same type in the Service Layer. */
const order = z.object({
  DocEntry: whole,
  DocNum: whole.nullish(),
  DocType: text,
  DocObjectCode: text,
  DocDate: z.string(),
  /** Of a request, and so spelt. */
  RequriedDate: text,
  CardCode: text,
  NumAtCard: text,
  DocCurrency: text,
  DocRate: decimal,
  Project: text,
  DocTotal: decimal,
  VatSum: decimal,
  DocTotalFc: decimal,
  VatSumFc: decimal,
  DocumentStatus: text,
  Cancelled: text,
  AuthorizationStatus: text,
  U_TiebeamRef: text,
  U_TiebeamRev: text,
  DocumentLines: z.array(orderLine),
});

export type OrderEntity = z.infer<typeof order>;
export type OrderEntityLine = z.infer<typeof orderLine>;

/** An order just before it is billed. */
const openOrder = order.extend({
  CreationDate: text,
  DocumentLines: z.array(orderLine.extend({ UnitPrice: decimal })),
});
export type OpenOrderEntity = z.infer<typeof openOrder>;

/** What lists of orders ask for. Never with a guarded read: its ETag would be a constant that matches nothing. */
export const ORDER_FIELDS = Object.keys(order.shape);

const invoiceLine = z.object({
  LineNum: whole,
  ItemCode: text,
  ItemDescription: text,
  AccountCode: text,
  ProjectCode: text,
  LineTotal: decimal,
  RowTotalFC: decimal,
  BaseType: count,
  BaseEntry: count,
  BaseLine: count,
});

/** An A/P invoice, the draft of one, or the mirror that cancels one. */
const invoice = z.object({
  DocEntry: whole,
  DocNum: whole.nullish(),
  DocType: text,
  DocObjectCode: text,
  DocDate: z.string(),
  TaxDate: z.string(),
  CardCode: text,
  NumAtCard: text,
  DocCurrency: text,
  Project: text,
  Cancelled: text,
  CancelStatus: text,
  AuthorizationStatus: text,
  U_TiebeamRef: text,
  U_TiebeamRev: text,
  DocumentLines: z.array(invoiceLine),
});

export type InvoiceEntity = z.infer<typeof invoice>;
export type InvoiceEntityLine = z.infer<typeof invoiceLine>;
export const INVOICE_FIELDS = Object.keys(invoice.shape);

const referenceOf = z.object({ DocEntry: whole, U_TiebeamRef: text });
const attachedTo = z.object({ DocEntry: whole, AttachmentEntry: count });
const paymentBlock = z.object({ PaymentBlock: text, PaymentBlockEntry: count, CancelStatus: text });
export type PaymentBlockEntity = z.infer<typeof paymentBlock>;
const attachment = z.object({
  AbsoluteEntry: whole,
  Attachments2_Lines: z.array(z.object({ FileName: text, FileExtension: text })),
});

const payment = z.object({
  DocEntry: whole,
  DocNum: whole,
  DocType: text,
  DocDate: z.string(),
  CardCode: text,
  DocCurrency: text,
  CashSum: decimal,
  TransferSum: decimal,
  TransferReference: text,
  Cancelled: text,
  PaymentChecks: z
    .array(z.object({ CheckNumber: count }))
    .nullish()
    .transform((value) => value ?? []),
  PaymentInvoices: z
    .array(z.object({ DocEntry: whole, InvoiceType: text, SumApplied: decimal, AppliedFC: decimal }))
    .nullish()
    .transform((value) => value ?? []),
  U_TiebeamRef: text,
});
export type PaymentEntity = z.infer<typeof payment>;
/** Without our reference, which only some companies have a field for. */
export const PAYMENT_FIELDS = Object.keys(payment.shape).filter((name) => name !== 'U_TiebeamRef');

/** A payment that may be ours: asked for only where the field for our reference exists. */
const ownPayment = payment.extend({ AuthorizationStatus: text });
export type OwnPaymentEntity = z.infer<typeof ownPayment>;
export const OWN_PAYMENT_FIELDS = Object.keys(ownPayment.shape);

const payable = z.object({
  CardCode: text,
  DocCurrency: text,
  DocTotal: decimal,
  DocTotalFc: decimal,
  PaidToDate: decimal,
  DocumentStatus: text,
  Cancelled: text,
  CancelStatus: text,
  PaymentBlock: text,
  NumberOfInstallments: count,
});
export type PayableEntity = z.infer<typeof payable>;

const dimensions = {
  CostingCode: text,
  CostingCode2: text,
  CostingCode3: text,
  CostingCode4: text,
  CostingCode5: text,
};

const journalLine = z.object({
  Line_ID: count,
  AccountCode: text,
  ShortName: text,
  ProjectCode: text,
  Debit: decimal,
  Credit: decimal,
  ...dimensions,
});

/** An entry of the ledger, whatever made it. */
const journal = z.object({
  JdtNum: whole,
  ReferenceDate: z.string(),
  Memo: text,
  OriginalJournal: text,
  Original: count,
  JournalEntryLines: z.array(journalLine),
});
export type JournalEntity = z.infer<typeof journal>;
export type JournalEntityLine = z.infer<typeof journalLine>;
export const JOURNAL_FIELDS = Object.keys(journal.shape);

/** What an A/P invoice or its mirror says of the entry that it made. */
const costDocument = z.object({
  DocEntry: whole,
  CardCode: text,
  NumAtCard: text,
  TransNum: count,
  CancelStatus: text,
  DocTotal: decimal,
  DocumentLines: z.array(invoiceLine.extend(dimensions)),
});
export type CostDocumentEntity = z.infer<typeof costDocument>;
export const COST_DOCUMENT_FIELDS = Object.keys(costDocument.shape);

/** A goods receipt, or the mirror that cancels one. */
const goodsReceipt = z.object({
  DocEntry: whole,
  DocNum: whole.nullish(),
  DocDate: z.string(),
  CardCode: text,
  DocCurrency: text,
  DocumentStatus: text,
  CancelStatus: text,
  UpdateDate: text,
  DocumentLines: z.array(
    z.object({
      LineNum: whole,
      LineStatus: text,
      UnitPrice: decimal,
      LineTotal: decimal,
      RowTotalFC: decimal,
      OpenAmount: decimal,
      OpenAmountFC: decimal,
      BaseType: count,
      BaseEntry: count,
      BaseLine: count,
    }),
  ),
});
export type GoodsReceiptEntity = z.infer<typeof goodsReceipt>;
export const GOODS_RECEIPT_FIELDS = Object.keys(goodsReceipt.shape);

const vendor = z.object({
  CardCode: z.string().min(1),
  CardName: text,
  FederalTaxID: text,
  EmailAddress: text,
  Phone1: text,
  BPAddresses: z
    .array(z.object({ AddressType: text, ZipCode: text }))
    .nullish()
    .transform((value) => value ?? []),
  Valid: text,
  Frozen: text,
  Box1099: text,
  UpdateDate: text,
});
export type VendorEntity = z.infer<typeof vendor>;
export const VENDOR_FIELDS = Object.keys(vendor.shape);

/** A vendor as far as it is compared with one that we created. */
const newVendor = z.object({
  CardCode: z.string().min(1),
  CardName: text,
  CardType: text,
  FederalTaxID: text,
  U_TiebeamRef: text,
});
export type NewVendorEntity = z.infer<typeof newVendor>;
export const NEW_VENDOR_FIELDS = Object.keys(newVendor.shape);

const salesTaxCode = z.object({ Code: z.string(), Name: text, Rate: decimal, Inactive: text });
export type SalesTaxCodeEntity = z.infer<typeof salesTaxCode>;
export const TAX_CODE_FIELDS = Object.keys(salesTaxCode.shape);

const vatGroup = z.object({
  Code: z.string(),
  Name: text,
  Inactive: text,
  VatGroups_Lines: z
    .array(z.object({ Effectivefrom: text, Rate: decimal }))
    .nullish()
    .transform((value) => value ?? []),
});
export type VatGroupEntity = z.infer<typeof vatGroup>;
export const VAT_GROUP_FIELDS = Object.keys(vatGroup.shape);

const project = z.object({ Code: z.string().min(1), Name: text, Active: text });
export type ProjectEntity = z.infer<typeof project>;
export const PROJECT_FIELDS = Object.keys(project.shape);

/** A project as far as it is compared with one that we created. */
const newProject = z.object({ Code: z.string().min(1), Name: text, U_TiebeamRef: text });
export const NEW_PROJECT_FIELDS = Object.keys(newProject.shape);

const account = z.object({
  Code: z.string().min(1),
  Name: text,
  FormatCode: text,
  AccountType: text,
  ActiveAccount: text,
  LockManualTransaction: text,
  BlockManualPosting: text,
  FrozenFor: text,
});
export type AccountEntity = z.infer<typeof account>;
export const ACCOUNT_FIELDS = Object.keys(account.shape);

const period = z.object({
  AbsoluteEntry: whole.nullish(),
  PeriodCode: z.string().min(1),
  PeriodName: text,
  PostingDateFrom: z.string(),
  PostingDateTo: z.string(),
  ValueDateFrom: text,
  ValueDateTo: text,
  TaxDateFrom: text,
  TaxDateTo: text,
  Locked: text,
  PeriodStatus: text,
});
export type PeriodEntity = z.infer<typeof period>;

const periodCategory = z.object({ AbsoluteEntry: whole });

const userField = z.object({ TableName: text, Name: z.string(), Type: text, Size: whole.nullish() });
export type UserFieldEntity = z.infer<typeof userField>;

const company = z.object({
  CompanyName: text,
  LocalCurrency: text,
  TotalsAccuracy: whole.nullish(),
  EnableBranches: text,
  EnableApprovalProcedureInDI: text,
});
export type CompanyEntity = z.infer<typeof company>;

const created = z.object({ DocEntry: whole });

export const readOrder = entityReader('purchase order', order);
export const readOpenOrder = entityReader('purchase order', openOrder);
export const readInvoice = entityReader('A/P invoice', invoice);
export const readReferenceOf = entityReader('purchase order', referenceOf);
export const readAttachedTo = entityReader('A/P invoice', attachedTo);
export const readPaymentBlock = entityReader('A/P invoice', paymentBlock);
export const readAttachment = entityReader('attachment', attachment);
export const readPayment = entityReader('vendor payment', payment);
export const readOwnPayment = entityReader('vendor payment', ownPayment);
export const readPayable = entityReader('A/P invoice', payable);
export const readJournal = entityReader('journal entry', journal);
export const readCostDocument = entityReader('A/P invoice', costDocument);
export const readGoodsReceipt = entityReader('goods receipt', goodsReceipt);
export const readVendor = entityReader('vendor', vendor);
export const readNewVendor = entityReader('vendor', newVendor);
export const readNewProject = entityReader('project', newProject);
export const readProject = entityReader('project', project);
export const readAccount = entityReader('account', account);
export const readTaxCode = entityReader('tax code', salesTaxCode);
export const readVatGroup = entityReader('tax group', vatGroup);
export const readPeriod = entityReader('period', period);
export const readPeriodCategory = entityReader('period category', periodCategory);
export const readUserField = entityReader('user field', userField);
export const readCompany = entityReader('company', company);
export const readCreated = entityReader('created document', created);

function entityReader<T>(name: string, schema: z.ZodType<T>): (value: JsonValue) => T {
  return (value) => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const first = parsed.error.issues[0];
    throw new Stop(
      'bug',
      SYSTEM,
      `a ${name} does not look as expected: ${first?.path.join('.')} ${first?.message}`,
    );
  };
}

/** The body of an answer, or a Stop: what cannot be read is not there. */
export function bodyOf(response: WireResponse): JsonValue {
  try {
    return parseJson(response.body);
  } catch (error) {
    throw new Stop('retry-later', SYSTEM, 'an answer broke off', { cause: error });
  }
}

type Fields = { readonly [key: string]: JsonValue };

/** A row of a list: its fields with numbers as text, and the very text it came as. */
export type Row = { readonly fields: Fields; readonly raw: string };

/** The rows of a list, and whether the server says that more follow. */
export function page(response: WireResponse, set: string): { rows: readonly Row[]; more: boolean } {
  const body = bodyOf(response);
  const values = isFields(body) ? body.value : undefined;
  if (!isFields(body) || !Array.isArray(values)) {
    throw new Stop('bug', SYSTEM, `the answer to ${set} is not a list`);
  }
  const raws = rawRows(response.body);
  const rows = values.map((fields: JsonValue, index) => {
    if (!isFields(fields)) throw new Stop('bug', SYSTEM, `a row of ${set} is not an object`);
    return { fields, raw: raws[index] ?? '' };
  });
  return { rows, more: typeof (body['@odata.nextLink'] ?? body['odata.nextLink']) === 'string' };
}

export function isFields(value: JsonValue): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Each row as JSON text with the digits it came with. */
function rawRows(body: string): readonly string[] {
  const keepDigits: SourceReviver = (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && !/[eE]/.test(source) ? jsonNumber(source) : value;
  const parsed = (JSON.parse as (text: string, reviver: SourceReviver) => { value: unknown[] })(
    body,
    keepDigits,
  );
  return parsed.value.map((row) => JSON.stringify(row));
}
