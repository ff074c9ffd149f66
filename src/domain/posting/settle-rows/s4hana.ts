import { carefulRow, type SettleRow } from '../settle-row.ts';

const LINGERING =
  'Repeatable requests (RequestID) are off by default and kept for a limited time: not relied on.';
const DUPLICATES =
  'The check for duplicate invoices depends on the supplier and on customising, and may only warn.';

const s4 = { ...carefulRow, system: 'sap-s4hana' } as const;

/** SAP S/4HANA, OData and SOAP. How long a lost request may run is published nowhere. */
export const s4hanaRows: readonly SettleRow[] = [
  {
    ...s4,
    object: 'purchase-order',
    referenceField: 'CorrespncExternalReference',
    referenceWidth: 12,
    uniqueness: 'none',
    probe: 'A_PurchaseOrder filtered by the field',
    source: 'API_PURCHASEORDER_PROCESS_SRV $metadata',
    note: `Four characters too narrow for our reference: needs a custom field before a connector may post. ${LINGERING}`,
  },
  {
    ...s4,
    object: 'change-order',
    write: 'set',
    referenceField: 'PurchaseOrder, PurchaseOrderItem',
    referenceWidth: 16,
    uniqueness: 'none',
    probe: 'the order read by its key and compared, guarded by its ETag',
    canary: 'the-record-itself',
    source: 'API_PURCHASEORDER_PROCESS_SRV $metadata',
    note: 'A PATCH that changes nothing is answered with 501.',
  },
  {
    ...s4,
    object: 'ap-invoice',
    referenceField: 'SupplierInvoiceIDByInvcgParty',
    referenceWidth: 16,
    uniqueness: 'configurable',
    probe: 'A_SupplierInvoice by InvoicingParty and the field, and parked ones',
    source: 'API_SUPPLIERINVOICE_PROCESS_SRV $metadata; messages M8 462 and F5 117 (inferred)',
    note: `${DUPLICATES} The field is the vendor's own number: AssignmentReference (18) may have to carry ours.`,
  },
  {
    ...s4,
    object: 'retainage-release',
    referenceField: 'SupplierInvoiceIDByInvcgParty',
    referenceWidth: 16,
    uniqueness: 'configurable',
    probe: 'A_SupplierInvoice by InvoicingParty and the field',
    source: 'API_SUPPLIERINVOICE_PROCESS_SRV $metadata (retention fields)',
    note: DUPLICATES,
  },
  {
    ...s4,
    object: 'journal',
    referenceField: 'DocumentReferenceID',
    referenceWidth: 16,
    uniqueness: 'unknown',
    probe: 'API_OPLACCTGDOCITEMCUBE_SRV or journal items by the reference',
    source: 'JournalEntryCreateRequestConfirmation_In WSDL',
    note: 'The message id of the SOAP call is not documented to be a key against repetition.',
  },
  {
    ...s4,
    object: 'payment',
    write: 'action',
    referenceField: 'AssignmentReference',
    referenceWidth: 18,
    probe: 'API_OPLACCTGDOCITEMCUBE_SRV: cleared items of the invoice',
    canary: 'none',
    source: 'API_OPLACCTGDOCITEMCUBE_SRV $metadata',
    note: 'Payments are read from S/4; no released API to make one was found.',
  },
  {
    ...s4,
    object: 'vendor',
    referenceField: 'BusinessPartnerIDByExtSystem',
    referenceWidth: 20,
    probe: 'A_BusinessPartner by the field',
    source: 'API_BUSINESS_PARTNER $metadata',
  },
  {
    ...s4,
    object: 'owner-invoice',
    referenceField: 'DocumentReferenceID',
    referenceWidth: 16,
    probe: 'journal items by the reference',
    source: 'JournalEntryCreateRequestConfirmation_In WSDL (DebtorItem)',
    note: 'No released OData service creates a customer invoice of finance: it is a journal with a debtor line.',
  },
  {
    ...s4,
    object: 'budget',
    write: 'set',
    referenceField: 'ProjectElement',
    referenceWidth: 24,
    probe: 'the project element read and compared',
    canary: 'the-record-itself',
    source: 'API_ENTERPRISE_PROJECT_SRV $metadata',
    note: 'No released service that writes a budget was located.',
  },
];
