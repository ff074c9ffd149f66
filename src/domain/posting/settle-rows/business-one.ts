import { carefulRow, type SettleObject, type SettleRow } from '../settle-row.ts';

const METADATA = 'SAP Service Layer $metadata (user fields on marketing documents)';
const API = 'SAP Service Layer API Reference 1.27';

// The user field is made by `tiebeam check --fix` with this width; its look-up reads the table, no search index.
const marketing = {
  ...carefulRow,
  system: 'sap-business-one',
  referenceField: 'U_TiebeamRef',
  referenceWidth: 16,
  uniqueness: 'configurable',
  searchLags: 'no',
  probeGapMs: 2_000,
} as const;

/** An approval procedure answers a create with a draft: the order made of it has another key. */
const byDraft = (set: string): SettleRow['acceptance'] => ({
  handle: 'draft:<DocEntry of the draft>',
  poll: `the draft and ${set} by the reference`,
  posted: ['dasGenerated', 'dasGeneratedbyAuthorizer', `found in ${set}`],
  refused: ['dasRejected', 'dasCancelled'],
  lostHandle: `Drafts and ${set} by the reference`,
});

function document(object: SettleObject, set: string, more: Partial<SettleRow> = {}): SettleRow {
  return {
    ...marketing,
    object,
    acceptance: byDraft(set),
    probe: `${set} and Drafts by U_TiebeamRef`,
    source: `${METADATA}; ${API}, ${set}`,
    note: 'A unique key over the user field (UserKeysMD) would enforce it; whether the server keeps one on a system table is to be seen by a self-test.',
    ...more,
  };
}

/** SAP Business One, Service Layer. No page says how long a lost request may run, nor that any reference is unique. */
export const businessOneRows: readonly SettleRow[] = [
  document('purchase-order', 'PurchaseOrders'),
  document('purchase-requisition', 'PurchaseRequests', {
    note: 'Only where commitments become requests. An order that is copied from one takes its user fields along: what draws on a request is none of ours.',
  }),
  {
    ...document('change-order', 'PurchaseOrders'),
    write: 'set',
    acceptance: null,
    probe: 'PurchaseOrders(DocEntry) read whole and compared, guarded by its ETag',
    canary: 'the-record-itself',
    note: 'A change is an update of the same order. If-Match is honoured outside $batch only.',
  },
  document('ap-invoice', 'PurchaseInvoices', {
    note: 'The setting that blocks a duplicate vendor reference can be off, warn or block, and cannot be read by API; a refusal that names it is looked up. A mirror that cancels an invoice carries its reference and is no second one.',
  }),
  document('retainage-release', 'PurchaseInvoices', {
    note: 'There is no retainage field: a release is an A/P invoice on the account for retainage payable, without an order.',
  }),
  document('vendor-credit', 'PurchaseCreditNotes', {
    note: 'Keys and numbers of its own. That a duplicate number is blocked as that of an invoice is, is inferred; a refusal that names it is looked up.',
  }),
  {
    ...document('attachment', 'Attachments2'),
    write: 'set',
    referenceField: 'FileName',
    acceptance: null,
    uniqueness: 'none',
    probe:
      'AttachmentEntry of the invoice, and the names of the files behind it; after a send the newest uploads too',
    canary: 'the-record-itself',
    note: 'Names of files cannot be searched, so the last hundred uploads are read. One that is not among them is sent again; what no invoice names does no harm, and cannot be removed.',
  },
  {
    ...document('payment-block', 'PurchaseInvoices'),
    write: 'set',
    referenceField: 'DocEntry',
    acceptance: null,
    probe: 'PurchaseInvoices(DocEntry) read whole, guarded by its ETag',
    canary: 'the-record-itself',
    note: "The block is a flag and bears no reference: a block that stood before we sent anything is a person's, and only what we set is lifted. That a posted invoice takes PaymentBlock is inferred.",
  },
  document('payment', 'VendorPayments', {
    acceptance: null,
    probe: 'PaymentDrafts and VendorPayments by U_TiebeamRef',
    note: 'Where drafts are made, the draft is what was meant: a person adds it there. Neither ETag nor UpdateDate: a payment changed by hand is seen only by reading it whole.',
  }),
  document('journal', 'JournalEntries', {
    acceptance: null,
    probe: 'JournalEntries by U_TiebeamRef',
    note: 'A journal voucher answers without any id: its token in Memo is looked up by SQL.',
  }),
  document('owner-invoice', 'Invoices'),
  document('vendor', 'BusinessPartners', {
    acceptance: null,
    probe: 'BusinessPartners by U_TiebeamRef, and by CardCode where it was typed',
    source: `${METADATA}; ${API}, BusinessPartners; error -2035 (entry already exists)`,
    note: 'A typed code is a key and taken once (-2035); a numbering series gives each request another one, so uniqueness counts as none. An approval procedure for partners is not known.',
  }),
  document('project', 'Projects', {
    uniqueness: 'enforced',
    acceptance: null,
    probe: 'Projects by U_TiebeamRef and by Code',
    source: `${METADATA}; ${API}, Projects; error -2035 (entry already exists)`,
    note: 'The code is the key and always the same for one reference: a second project of it is refused. Neither ETag nor change date.',
  }),
  {
    ...document('budget', 'Budgets'),
    write: 'set',
    acceptance: null,
    probe: 'Budgets by account and scenario, compared',
    canary: 'the-record-itself',
    note: 'No job-cost budget object was found in the API: a journal or a user table may have to carry it.',
  },
  {
    ...marketing,
    object: 'user-field',
    write: 'set',
    referenceField: 'TableName, Name',
    referenceWidth: 50,
    uniqueness: 'enforced',
    acceptance: null,
    probe: 'UserFieldsMD by table and name',
    canary: 'the-record-itself',
    pollEveryMs: 60_000,
    giveUpAfterMs: 3_600_000,
    source: `${API}, UserFieldsMD; error -2035 (entry already exists)`,
  },
];
