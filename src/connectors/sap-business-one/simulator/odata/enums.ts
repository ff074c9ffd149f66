/** The members of every enumeration the simulator reads or writes, by the vendor's names. */
export const ENUMS = {
  BoYesNoEnum: ['tNO', 'tYES'],
  BoYesNoNoneEnum: ['boNO', 'boYES', 'boNONE'],
  BoDocumentTypes: ['dDocument_Items', 'dDocument_Service'],
  BoStatus: ['bost_Open', 'bost_Close', 'bost_Paid', 'bost_Delivered'],
  CancelStatusEnum: ['csYes', 'csNo', 'csCancellation'],
  DocumentAuthorizationStatusEnum: [
    'dasWithout',
    'dasPending',
    'dasApproved',
    'dasRejected',
    'dasGenerated',
    'dasGeneratedbyAuthorizer',
    'dasCancelled',
  ],
  BoDocumentSubType: ['bod_None'],
  BoObjectTypes: [
    'oInvoices',
    'oPurchaseCreditNotes',
    'oPurchaseInvoices',
    'oPurchaseOrders',
    'oPurchaseRequest',
  ],
  BoRcptTypes: ['rCustomer', 'rAccount', 'rSupplier'],
  BoRcptInvTypes: [
    'it_Invoice',
    'it_DownPayment',
    'it_PurchaseInvoice',
    'it_PurchaseCreditNote',
    'it_JournalEntry',
    'it_PurchaseDownPayment',
  ],
  BoPaymentsObjectType: ['bopot_IncomingPayments', 'bopot_OutgoingPayments'],
  PaymentsAuthorizationStatusEnum: [
    'pasWithout',
    'pasPending',
    'pasApproved',
    'pasRejected',
    'pasGenerated',
    'pasGeneratedbyAuthorizer',
    'pasCancelled',
  ],
  TransTypesEnum: [
    'ttARInvoice',
    'ttAPInvoice',
    'ttAPCreditNote',
    'ttPurchaseDeliveryNote',
    'ttVendorPayment',
    'ttJournalEntry',
  ],
  BoCardTypes: ['cCustomer', 'cSupplier', 'cLid'],
  BoAddressType: ['bo_ShipTo', 'bo_BillTo'],
  BoAccountTypes: ['at_Revenues', 'at_Expenses', 'at_Other'],
  BoVatCategoryEnum: ['bovcInputTax', 'bovcOutputTax'],
  BoFieldTypes: ['db_Alpha', 'db_Memo', 'db_Numeric', 'db_Date', 'db_Float'],
  BoFldSubTypes: ['st_None', 'st_Rate', 'st_Sum', 'st_Price', 'st_Quantity', 'st_Percentage', 'st_Link'],
  PeriodStatusEnum: ['ltUnlocked', 'ltUnlockedExceptSales', 'ltPeriodClosing', 'ltLocked'],
  CurrenciesDecimalsEnum: [
    'cd1Digit',
    'cd2Digits',
    'cd3Digits',
    'cd4Digits',
    'cd5Digits',
    'cd6Digits',
    'cdDefault',
    'cdWithoutDecimals',
  ],
  RoundingSysEnum: ['rsNoRounding'],
  ItemTypeEnum: ['itItems', 'itLabor', 'itTravel', 'itFixedAssets'],
} as const;

export type EnumName = keyof typeof ENUMS;

export function isEnumName(name: string): name is EnumName {
  return Object.hasOwn(ENUMS, name);
}

export function isMember(name: EnumName, value: string): boolean {
  return ENUMS[name].some((member) => member === value);
}
