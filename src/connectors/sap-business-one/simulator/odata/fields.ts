import { LENGTHS } from './lengths.ts';

/** When a property may be sent: in POST and PATCH, in POST only, or never. */
export type Writing = 'always' | 'on-create' | 'never';

export interface Field {
  /** The type name as the vendor's metadata spells it, without the namespace. */
  type: string;
  write: Writing;
  maxChars?: number;
  mandatory?: boolean;
}

export type FieldTable = Map<string, Field>;

export type TypeName =
  | 'Document'
  | 'DocumentLine'
  | 'Payment'
  | 'PaymentInvoice'
  | 'PaymentCheck'
  | 'JournalEntry'
  | 'JournalEntryLine'
  | 'Attachments2'
  | 'Attachments2_Line'
  | 'BusinessPartner'
  | 'BPAddress'
  | 'Project'
  | 'ChartOfAccount'
  | 'Item'
  | 'Currency'
  | 'DistributionRule'
  | 'SalesTaxCode'
  | 'VatGroup'
  | 'VatGroups_Line'
  | 'UserFieldMD'
  | 'FinancePeriod'
  | 'AdminInfo'
  | 'CompanyInfo';

type Line = [write: Writing, type: string, names: string];

// Each row reads: who may write, the type, the properties. An honest subset: a property that is missing here
// is refused as unknown although the vendor may know it (MAPPINGS.md lists the omission).
const DOCUMENT: Line[] = [
  ['never', 'Int32', 'DocEntry DocNum'],
  ['on-create', 'BoDocumentTypes', 'DocType'],
  ['always', 'DateTimeOffset', 'DocDate DocDueDate TaxDate RequriedDate'],
  ['on-create', 'String', 'CardCode DocCurrency'],
  [
    'always',
    'String',
    'CardName NumAtCard Reference1 Reference2 Comments JournalMemo Project Address Address2',
  ],
  ['never', 'Double', 'DocTotal DocTotalFc DocTotalSys VatSum VatSumFc TotalDiscount PaidToDate'],
  ['always', 'Double', 'DiscountPercent'],
  ['on-create', 'Double', 'DocRate'],
  ['on-create', 'Int32', 'Series'],
  ['always', 'Int32', 'PaymentGroupCode SalesPersonCode DocumentsOwner AttachmentEntry'],
  ['on-create', 'BoObjectTypes', 'DocObjectCode'],
  ['on-create', 'BoDocumentSubType', 'DocumentSubType'],
  ['always', 'BoYesNoEnum', 'Confirmed PaymentBlock'],
  ['always', 'Int32', 'PaymentBlockEntry'],
  ['never', 'BoStatus', 'DocumentStatus'],
  ['never', 'BoYesNoEnum', 'Cancelled'],
  ['never', 'CancelStatusEnum', 'CancelStatus'],
  ['never', 'DocumentAuthorizationStatusEnum', 'AuthorizationStatus'],
  ['never', 'DateTimeOffset', 'CreationDate UpdateDate CancelDate ClosingDate'],
  ['never', 'TimeOfDay', 'DocTime UpdateTime'],
  ['never', 'Int32', 'FinancialPeriod DataVersion TransNum'],
  ['never', 'String', 'PeriodIndicator'],
  ['always', 'Collection(DocumentLine)', 'DocumentLines'],
];

const DOCUMENT_LINE: Line[] = [
  ['always', 'Int32', 'LineNum BaseType BaseEntry BaseLine'],
  ['never', 'Int32', 'DocEntry VisualOrder'],
  ['always', 'String', 'ItemCode ItemDescription AccountCode ProjectCode FreeText TaxCode VatGroup'],
  ['always', 'String', 'CostingCode CostingCode2 CostingCode3 CostingCode4 CostingCode5'],
  ['always', 'String', 'WarehouseCode MeasureUnit ItemDetails VendorNum LineVendor'],
  ['always', 'Double', 'Quantity UnitPrice Price LineTotal RowTotalFC DiscountPercent'],
  ['never', 'String', 'Currency'],
  ['never', 'Double', 'TaxTotal OpenAmount OpenAmountFC RemainingOpenQuantity'],
  ['never', 'BoStatus', 'LineStatus'],
  ['always', 'DateTimeOffset', 'ShipDate RequiredDate'],
];

const PAYMENT: Line[] = [
  ['never', 'Int32', 'DocEntry DocNum'],
  ['on-create', 'BoRcptTypes', 'DocType'],
  ['on-create', 'BoPaymentsObjectType', 'DocObjectCode'],
  ['never', 'PaymentsAuthorizationStatusEnum', 'AuthorizationStatus'],
  ['on-create', 'String', 'CardCode DocCurrency CashAccount TransferAccount CheckAccount TransferReference'],
  ['on-create', 'String', 'CounterReference Remarks JournalRemarks ProjectCode'],
  ['never', 'String', 'CardName'],
  ['on-create', 'DateTimeOffset', 'DocDate TaxDate DueDate TransferDate'],
  ['on-create', 'Double', 'CashSum TransferSum'],
  ['never', 'BoYesNoEnum', 'Cancelled'],
  ['never', 'CancelStatusEnum', 'CancelStatus'],
  ['on-create', 'Collection(PaymentCheck)', 'PaymentChecks'],
  ['on-create', 'Collection(PaymentInvoice)', 'PaymentInvoices'],
];

const PAYMENT_CHECK: Line[] = [
  ['on-create', 'Int32', 'LineNum CheckNumber'],
  ['on-create', 'Double', 'CheckSum'],
  ['on-create', 'DateTimeOffset', 'DueDate'],
];

const PAYMENT_INVOICE: Line[] = [
  ['on-create', 'Int32', 'LineNum DocEntry InstallmentId'],
  ['on-create', 'BoRcptInvTypes', 'InvoiceType'],
  ['on-create', 'Double', 'SumApplied'],
  ['never', 'Double', 'AppliedFC'],
];

const JOURNAL_ENTRY: Line[] = [
  ['never', 'Int32', 'JdtNum Number Original Series'],
  ['never', 'DateTimeOffset', 'ReferenceDate DueDate TaxDate'],
  ['never', 'String', 'Memo Reference Reference2 Reference3 BaseReference ProjectCode TransactionCode'],
  ['never', 'TransTypesEnum', 'OriginalJournal'],
  ['never', 'Collection(JournalEntryLine)', 'JournalEntryLines'],
];

const JOURNAL_ENTRY_LINE: Line[] = [
  ['never', 'Int32', 'Line_ID'],
  ['never', 'String', 'AccountCode ShortName ControlAccount ProjectCode LineMemo TaxGroup TaxCode'],
  ['never', 'String', 'CostingCode CostingCode2 CostingCode3 CostingCode4 CostingCode5 FCCurrency'],
  ['never', 'Double', 'Debit Credit FCDebit FCCredit'],
  ['never', 'BoYesNoEnum', 'VatLine'],
];

const ATTACHMENTS: Line[] = [
  ['never', 'Int32', 'AbsoluteEntry'],
  ['never', 'Collection(Attachments2_Line)', 'Attachments2_Lines'],
];

const ATTACHMENTS_LINE: Line[] = [
  ['never', 'Int32', 'AbsoluteEntry LineNum'],
  ['never', 'String', 'FileName FileExtension SourcePath TargetPath FreeText'],
  ['never', 'DateTimeOffset', 'AttachmentDate'],
];

const BUSINESS_PARTNER: Line[] = [
  ['on-create', 'String', 'CardCode'],
  ['on-create', 'Int32', 'Series'],
  ['always', 'String', 'CardName Phone1 Phone2 EmailAddress Notes FreeText FederalTaxID UnifiedFederalTaxID'],
  ['always', 'String', 'VatGroup Currency ProjectCode AdditionalID AliasName Website DebitorAccount'],
  ['on-create', 'BoCardTypes', 'CardType'],
  ['always', 'Int32', 'GroupCode PayTermsGrpCode FormCode1099'],
  ['always', 'String', 'Box1099'],
  ['always', 'BoYesNoEnum', 'Valid Frozen PaymentBlock'],
  ['always', 'DateTimeOffset', 'ValidFrom ValidTo FrozenFrom FrozenTo'],
  ['always', 'String', 'ValidRemarks FrozenRemarks'],
  ['never', 'Double', 'CurrentAccountBalance OpenOrdersBalance'],
  ['never', 'DateTimeOffset', 'CreateDate UpdateDate'],
  ['never', 'TimeOfDay', 'CreateTime UpdateTime'],
  ['never', 'Int32', 'DataVersion'],
  ['always', 'Collection(BPAddress)', 'BPAddresses'],
];

const BP_ADDRESS: Line[] = [
  ['always', 'String', 'AddressName Street Block ZipCode City County Country State StreetNo BPCode'],
  ['always', 'BoAddressType', 'AddressType'],
  ['always', 'Int32', 'RowNum'],
];

const PROJECT: Line[] = [
  ['on-create', 'String', 'Code'],
  ['always', 'String', 'Name'],
  ['always', 'DateTimeOffset', 'ValidFrom ValidTo'],
  ['always', 'BoYesNoEnum', 'Active'],
];

const CHART_OF_ACCOUNT: Line[] = [
  ['never', 'String', 'Code Name FormatCode FatherAccountKey AcctCurrency ExternalCode'],
  ['never', 'Int32', 'AccountLevel'],
  ['never', 'BoAccountTypes', 'AccountType'],
  ['never', 'BoYesNoEnum', 'ActiveAccount LockManualTransaction BlockManualPosting ProjectRelevant'],
  ['never', 'BoYesNoEnum', 'DistributionRuleRelevant ValidFor FrozenFor CashAccount BudgetAccount'],
  ['never', 'DateTimeOffset', 'ValidFrom ValidTo FrozenFrom FrozenTo'],
];

const ITEM: Line[] = [
  ['never', 'String', 'ItemCode ItemName'],
  ['never', 'Int32', 'ItemsGroupCode DataVersion'],
  ['never', 'ItemTypeEnum', 'ItemType'],
  ['never', 'BoYesNoEnum', 'PurchaseItem Valid Frozen'],
  ['never', 'DateTimeOffset', 'ValidFrom ValidTo FrozenFrom FrozenTo CreateDate UpdateDate'],
];

const CURRENCY: Line[] = [
  ['never', 'String', 'Code Name DocumentsCode InternationalDescription'],
  ['never', 'CurrenciesDecimalsEnum', 'Decimals'],
  ['never', 'RoundingSysEnum', 'Rounding'],
];

const DISTRIBUTION_RULE: Line[] = [
  ['never', 'String', 'FactorCode FactorDescription'],
  ['never', 'Int32', 'InWhichDimension'],
  ['never', 'BoYesNoEnum', 'Active'],
];

const SALES_TAX_CODE: Line[] = [
  ['never', 'String', 'Code Name'],
  ['never', 'Double', 'Rate'],
  ['never', 'BoYesNoEnum', 'ValidForAR ValidForAP Inactive'],
];

const VAT_GROUP: Line[] = [
  ['never', 'String', 'Code Name'],
  ['never', 'BoVatCategoryEnum', 'Category'],
  ['never', 'BoYesNoEnum', 'Inactive'],
  ['never', 'Collection(VatGroups_Line)', 'VatGroups_Lines'],
];

const VAT_GROUP_LINE: Line[] = [
  ['never', 'DateTimeOffset', 'Effectivefrom'],
  ['never', 'Double', 'Rate'],
];

const USER_FIELD: Line[] = [
  ['on-create', 'String', 'TableName Name Description DefaultValue'],
  ['on-create', 'BoFieldTypes', 'Type'],
  ['on-create', 'BoFldSubTypes', 'SubType'],
  ['on-create', 'Int32', 'Size EditSize'],
  ['never', 'Int32', 'FieldID'],
  ['on-create', 'BoYesNoEnum', 'Mandatory'],
];

const FINANCE_PERIOD: Line[] = [
  ['never', 'Int32', 'AbsoluteEntry SubNum'],
  ['never', 'String', 'PeriodCode PeriodName PeriodIndicator'],
  [
    'never',
    'DateTimeOffset',
    'PostingDateFrom PostingDateTo ValueDateFrom ValueDateTo TaxDateFrom TaxDateTo',
  ],
  ['never', 'BoYesNoEnum', 'Locked'],
  ['never', 'PeriodStatusEnum', 'PeriodStatus'],
];

const ADMIN_INFO: Line[] = [
  [
    'never',
    'Int32',
    'Code TotalsAccuracy PriceAccuracy RateAccuracy AccuracyofQuantities PercentageAccuracy',
  ],
  ['never', 'String', 'CompanyName LocalCurrency SystemCurrency'],
  ['never', 'BoYesNoEnum', 'RoundingMethod RoundTaxAmounts EnableBranches EnableApprovalProcedureInDI'],
  ['never', 'BoYesNoEnum', 'AllowFuturePostingDate'],
];

const COMPANY_INFO: Line[] = [
  ['never', 'Int32', 'Version'],
  ['never', 'String', 'CompanyName Localization'],
  ['never', 'BoYesNoEnum', 'EnableAccountSegmentation EnableSharingSeries GroupLinesInVATCalculation'],
];

const TYPES: Record<TypeName, Line[]> = {
  Document: DOCUMENT,
  DocumentLine: DOCUMENT_LINE,
  Payment: PAYMENT,
  PaymentInvoice: PAYMENT_INVOICE,
  PaymentCheck: PAYMENT_CHECK,
  JournalEntry: JOURNAL_ENTRY,
  JournalEntryLine: JOURNAL_ENTRY_LINE,
  Attachments2: ATTACHMENTS,
  Attachments2_Line: ATTACHMENTS_LINE,
  BusinessPartner: BUSINESS_PARTNER,
  BPAddress: BP_ADDRESS,
  Project: PROJECT,
  ChartOfAccount: CHART_OF_ACCOUNT,
  Item: ITEM,
  Currency: CURRENCY,
  DistributionRule: DISTRIBUTION_RULE,
  SalesTaxCode: SALES_TAX_CODE,
  VatGroup: VAT_GROUP,
  VatGroups_Line: VAT_GROUP_LINE,
  UserFieldMD: USER_FIELD,
  FinancePeriod: FINANCE_PERIOD,
  AdminInfo: ADMIN_INFO,
  CompanyInfo: COMPANY_INFO,
};

export type FieldTables = Record<TypeName, FieldTable>;

/** A fresh set of tables, since user-defined fields are added to them per company. */
export function freshFieldTables(): FieldTables {
  const entries = Object.entries(TYPES).map(([name, lines]) => [name, tableOf(name, lines)]);
  return Object.fromEntries(entries) as FieldTables;
}

function tableOf(typeName: string, lines: Line[]): FieldTable {
  const table: FieldTable = new Map();
  for (const [write, type, names] of lines) {
    for (const name of names.split(' ')) {
      const length = LENGTHS[`${typeName}.${name}`];
      table.set(name, length === undefined ? { type, write } : { type, write, maxChars: length.maxChars });
    }
  }
  return table;
}

/** The row type of a collection-valued property, or null when the property is a single value. */
export function collectionOf(type: string): TypeName | null {
  const inner = /^Collection\((.+)\)$/.exec(type)?.[1];
  return inner !== undefined && Object.hasOwn(TYPES, inner) ? (inner as TypeName) : null;
}
