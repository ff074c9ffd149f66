import { carefulRow, type SettleObject, type SettleRow } from '../settle-row.ts';

const SERVICE_LIMIT = 'NetSuite help, REST request limits: a request longer than 15 minutes is ended';
const RACE =
  'A repeated external id on POST is refused; whether two creates at the same moment both pass is documented nowhere.';

// The one vendor that states how long a request lives.
const record = {
  ...carefulRow,
  system: 'netsuite',
  referenceField: 'externalId',
  referenceWidth: null,
  requestLife: { ms: 900_000, source: SERVICE_LIMIT },
  source: 'NetSuite help, REST record service, external ids',
} as const;

/** Read by its key and not by a search, so that no index stands between the commit and the look. */
function byExternalId(object: SettleObject, type: string, note: string): SettleRow {
  return { ...record, object, probe: `${type}/eid:<reference>`, searchLags: 'no', probeGapMs: 5_000, note };
}

/** NetSuite, REST record service. Its key against repetition is ignored on synchronous requests. */
export const netsuiteRows: readonly SettleRow[] = [
  byExternalId('purchase-order', 'purchaseOrder', RACE),
  {
    ...record,
    object: 'change-order',
    write: 'set',
    probe: 'purchaseOrder read with its lines and compared',
    canary: 'the-record-itself',
    overwrites: true,
    note: 'There is no change-order record: an update of the order. Lines sent without their number are added again.',
  },
  byExternalId(
    'ap-invoice',
    'vendorBill',
    `${RACE} Two bills with one bill number only make a warning in the screens.`,
  ),
  byExternalId('retainage-release', 'vendorBill', RACE),
  byExternalId('payment', 'vendorPayment', RACE),
  byExternalId('journal', 'journalEntry', RACE),
  {
    ...record,
    object: 'vendor',
    probe: 'vendor/eid:<reference>',
    searchLags: 'no',
    write: 'set',
    overwrites: true,
    canary: 'the-record-itself',
    note: 'PUT by external id makes or replaces: a late one undoes what a person edited, so it is never repeated without waiting.',
  },
  byExternalId('owner-invoice', 'invoice', RACE),
  {
    ...record,
    object: 'budget',
    write: 'set',
    requestLife: null,
    acceptance: {
      handle: 'Location of the job (async/v1/job/<id>)',
      poll: 'the job, then the result of its task',
      posted: ['succeeded'],
      refused: ['failed'],
      lostHandle: 'the same idempotency key: IDEMPOTENCY_ERROR names the first job',
    },
    probe: 'the record by external id, compared',
    canary: 'the-record-itself',
    overwrites: true,
    pollEveryMs: 30_000,
    source: 'NetSuite help, asynchronous REST requests',
    note: 'Asynchronous jobs wait for a processor as long as it takes: no life of a request is stated for them.',
  },
];
