import { carefulRow, type SettleRow } from '../settle-row.ts';

const NO_KEY = 'No request carries a key against repetition, and gateways time out while the create commits.';

const oracle = { ...carefulRow, system: 'oracle-fusion' } as const;

/** A file import is a tree of jobs: the worst child decides, and a paused parent only waits for its children. */
const fileImport = (lostHandle: string): SettleRow['acceptance'] => ({
  handle: 'ReqstId (a value of -1 is a refusal)',
  poll: 'erpintegrations?finder=ESSExecutionDetailsRF;requestId=...',
  posted: ['SUCCEEDED in every child'],
  refused: ['ERROR', 'WARNING', 'CANCELLED', 'EXPIRED', 'VALIDATION_FAILED'],
  lostHandle,
});

/** Oracle Fusion, REST and file imports. How long a lost request may run is published nowhere. */
export const oracleFusionRows: readonly SettleRow[] = [
  {
    ...oracle,
    object: 'purchase-order',
    referenceField: 'Description',
    referenceWidth: 240,
    uniqueness: 'none',
    acceptance: {
      handle: 'POHeaderId of the draft',
      poll: 'purchaseOrders by POHeaderId',
      posted: ['OPEN'],
      refused: ['REJECTED', 'CANCELED'],
      lostHandle: 'draftPurchaseOrders and purchaseOrders by the reference',
    },
    probe: 'draftPurchaseOrders and purchaseOrders by the reference',
    source: 'Oracle Fusion REST reference, draftPurchaseOrders',
    note: `The order number is made by the server. A descriptive flexfield is better than the description. ${NO_KEY}`,
  },
  {
    ...oracle,
    object: 'change-order',
    write: 'set',
    referenceField: 'POHeaderId',
    referenceWidth: 18,
    uniqueness: 'none',
    probe: 'the order and its open change order, compared',
    canary: 'the-record-itself',
    source: 'Oracle Fusion REST reference, draftPurchaseOrders',
    note: 'An update of an open order makes a change order, which has to be submitted as a write of its own.',
  },
  {
    ...oracle,
    object: 'ap-invoice',
    referenceField: 'ReferenceKeyOne',
    referenceWidth: null,
    uniqueness: 'unknown',
    probe: 'invoices by supplier, business unit and InvoiceNumber, and by the reference',
    source: 'Oracle Fusion REST reference, invoices',
    note: `The invoice number is unique per supplier and business unit (inferred); its refusal's form is not known. ${NO_KEY}`,
  },
  {
    ...oracle,
    object: 'retainage-release',
    referenceField: 'ReferenceKeyOne',
    referenceWidth: null,
    uniqueness: 'unknown',
    probe: 'invoices by supplier, business unit and InvoiceNumber',
    source: 'Oracle Fusion REST reference, invoices (type Retainage release)',
  },
  {
    ...oracle,
    object: 'payment',
    referenceField: 'PaymentNumber',
    referenceWidth: null,
    probe: 'payablesPayments by payment number and bank account',
    source: 'Oracle Fusion REST reference, payablesPayments',
  },
  {
    ...oracle,
    object: 'journal',
    referenceField: 'GROUP_ID, REFERENCE1',
    referenceWidth: 100,
    uniqueness: 'none',
    acceptance: fileImport('journalBatches by the name of the batch'),
    probe: 'journalBatches by the name of the batch',
    pollEveryMs: 60_000,
    source: 'Oracle Fusion erpintegrations; file layout GlInterface',
    note: 'A file import has no check against repetition. One bad line refuses its whole group.',
  },
  {
    ...oracle,
    object: 'budget',
    write: 'set',
    referenceField: 'PlanVersionName',
    referenceWidth: null,
    probe: 'projectBudgets by project and version name, compared',
    canary: 'the-record-itself',
    overwrites: true,
    source: 'Oracle Fusion REST reference, projectBudgets (Upsert-Mode)',
  },
  {
    ...oracle,
    object: 'vendor',
    referenceField: 'SupplierNumber',
    referenceWidth: 30,
    probe: 'suppliers by number',
    source: 'Oracle Fusion REST reference, suppliers',
    note: 'Only where numbers are not made by the server. The width is inferred.',
  },
  {
    ...oracle,
    object: 'owner-invoice',
    referenceField: 'TransactionNumber',
    referenceWidth: 20,
    probe: 'receivablesInvoices by source and number',
    source: 'Oracle Fusion REST reference, receivablesInvoices',
    note: 'Only for a transaction source whose numbers are not made by the server. The width is inferred.',
  },
];
