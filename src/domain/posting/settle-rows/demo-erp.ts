import { carefulRow, type SettleObject, type SettleRow } from '../settle-row.ts';

function document(
  object: SettleObject,
  list:
    | 'budgets'
    | 'orders'
    | 'requisitions'
    | 'invoices'
    | 'sales-invoices'
    | 'contract-changes'
    | 'vendors'
    | 'projects'
    | 'cost-codes'
    | 'sub-jobs'
    | 'payments',
  more: Partial<SettleRow> = {},
): SettleRow {
  return {
    ...carefulRow,
    system: 'demo-erp',
    object,
    referenceField: 'reference',
    referenceWidth: 20,
    uniqueness: 'none',
    acceptance: {
      handle: 'job',
      poll: 'jobs/<job>',
      posted: ['done'],
      refused: ['refused'],
      lostHandle: `${list} by reference: Ledgerline forgets jobs`,
    },
    probe: `${list} by reference`,
    searchLags: 'no',
    // A forgotten job may still be running: the connector widens this to the request life where that is known.
    probeGapMs: 500,
    pollEveryMs: 250,
    giveUpAfterMs: 600_000,
    source: 'Ledgerline import format, chapter References',
    ...more,
  };
}

/** Ledgerline takes the same reference twice without a word: only request life and probes protect a document. */
export const demoErpRows: readonly SettleRow[] = [
  document('vendor', 'vendors', {
    note: 'A typed code is taken once; one of its own is another at each import.',
  }),
  document('project', 'projects', { note: 'Its code is taken once.' }),
  document('cost-code', 'cost-codes', { note: 'Its code is taken once.' }),
  document('sub-job', 'sub-jobs', { note: 'Its code is taken once in its job.' }),
  document('purchase-order', 'orders'),
  document('purchase-requisition', 'requisitions', {
    note: 'An order that is made of one bears no reference.',
  }),
  document('budget', 'budgets', {
    note: 'A job has one original estimate: a second is refused, which is looked up. Changes are taken as often as they are sent.',
  }),
  document('ap-invoice', 'invoices', {
    note: "It refuses a second posted invoice under one vendor's number. That number is not our reference, so the refusal is looked up.",
  }),
  document('retainage-release', 'invoices', {
    note: 'A document type of its own, refused when it pays out more than invoices of the order withheld.',
  }),
  document('vendor-credit', 'invoices', {
    note: 'It shares the numbers of the vendor with invoices: a refusal because of one is looked up.',
  }),
  document('attachment', 'invoices', {
    write: 'set',
    referenceField: 'name',
    referenceWidth: 100,
    acceptance: null,
    probe: 'files of the invoice by their name and the digest of their content',
    canary: 'the-record-itself',
    note: 'An invoice has a name once: a second file of it is refused, which is looked up.',
  }),
  document('payment-block', 'invoices', {
    write: 'set',
    referenceField: 'id',
    probe: 'the invoice by its id: its hold in words, guarded by its version',
    canary: 'the-record-itself',
    note: 'The words say whose a hold is. A change that is based on another version is refused, which is looked up.',
  }),
  document('project-codes', 'projects', {
    write: 'set',
    referenceField: 'code',
    probe: 'the project by its code: whether it has them',
    canary: 'the-record-itself',
    note: 'It only adds: what is sent twice changes nothing.',
  }),
  document('payment', 'payments', {
    note: 'It refuses more than is payable: a refusal after a lost attempt is looked up.',
  }),
  document('contract-change', 'contract-changes', {
    note: 'It refuses a second change under one number of its contract: that is looked up.',
  }),
  document('owner-invoice', 'sales-invoices', {
    note: 'It refuses a second posted invoice under one number of ours: that is looked up.',
  }),
];
