import { carefulRow, type SettleRow } from '../settle-row.ts';

// The width of an origin id is published nowhere; 255 is what a text column of this age holds (inferred).
const ORIGIN_WIDTH = 255;

/**
 * Every write back is a set on a record that is read by its id: the look sees the effect itself and no search
 * index stands between. It writes one value that nobody else owns, so that a late one changes nothing.
 */
const writeBack = {
  ...carefulRow,
  system: 'procore',
  write: 'set',
  searchLags: 'no',
  canary: 'the-record-itself',
  probeGapMs: 1_000,
  pollEveryMs: 5_000,
  giveUpAfterMs: 900_000,
} as const;

/** Procore as a target: ids and answers that go back. */
export const procoreRows: readonly SettleRow[] = [
  {
    ...writeBack,
    object: 'vendor-link',
    referenceField: 'origin_id',
    referenceWidth: ORIGIN_WIDTH,
    uniqueness: 'enforced',
    probe: 'the vendor by its id',
    source: 'Procore documentation, sync actions: an origin id is unique per type of object in a company',
  },
  {
    ...writeBack,
    object: 'external-data',
    referenceField: 'origin_id',
    referenceWidth: ORIGIN_WIDTH,
    uniqueness: 'enforced',
    probe: 'the external data of the commitment by its id',
    source: 'Procore documentation, ERP integration: one integration owns the external data of an object',
  },
  {
    ...writeBack,
    object: 'staged-record',
    referenceField: 'origin_id',
    referenceWidth: ORIGIN_WIDTH,
    uniqueness: 'none',
    overwrites: true,
    probe: 'the staged records of the company, compared by origin id',
    source: 'Procore documentation, ERP staged records; the routes are inferred',
  },
  {
    ...writeBack,
    object: 'code-list',
    referenceField: 'origin_id',
    referenceWidth: ORIGIN_WIDTH,
    uniqueness: 'none',
    overwrites: true,
    probe: 'the list of codes, compared by origin id',
    source:
      'Procore documentation, sync actions: a row with a known origin id is updated, any other is created',
  },
  {
    ...writeBack,
    object: 'insurance',
    referenceField: 'origin_id',
    referenceWidth: ORIGIN_WIDTH,
    uniqueness: 'none',
    overwrites: true,
    probe: 'the insurances of the vendor, compared by origin id',
    source:
      'Procore documentation, sync actions: a row with a known origin id is updated, any other is created',
  },
  {
    ...writeBack,
    object: 'cost-assignment',
    referenceField: 'id',
    referenceWidth: null,
    uniqueness: 'none',
    overwrites: true,
    probe:
      'none: no read shows one by its id; what is deleted once is gone, and a second time is answered 404',
    source: 'Procore documentation, ERP technical guide (older edition)',
  },
  {
    ...carefulRow,
    system: 'procore',
    object: 'payment',
    referenceField: 'origin_id',
    referenceWidth: ORIGIN_WIDTH,
    uniqueness: 'enforced',
    probe: 'the payments of the commitment, compared by origin id: their list has no filter for it',
    searchLags: 'no',
    source: 'Procore documentation, financial tools: an origin id is unique per type of object in a company',
    note: 'The bulk route of the ERP tool would update by origin id, but its fields are not published.',
  },
  {
    ...writeBack,
    object: 'direct-cost',
    referenceField: 'origin_id',
    referenceWidth: ORIGIN_WIDTH,
    uniqueness: 'none',
    overwrites: true,
    probe: 'the direct cost by its origin id, and its lines',
    source:
      'Procore documentation, sync actions: a row with a known origin id is updated, any other is created',
  },
  {
    ...writeBack,
    object: 'job-cost',
    referenceField: 'cost_code_id, line_item_type_id',
    referenceWidth: null,
    uniqueness: 'none',
    overwrites: true,
    probe:
      'none: no read of job costs is known; absolute figures, one row for each coding, the answer names each',
    source: 'Procore documentation, ERP job costs (older edition)',
  },
  {
    ...writeBack,
    object: 'budget',
    referenceField: 'origin_id',
    referenceWidth: ORIGIN_WIDTH,
    uniqueness: 'enforced',
    probe: 'the ERP transactions of the project, by their ids',
    source: 'Procore documentation, ERP transactions (older edition)',
  },
  {
    ...writeBack,
    object: 'request-detail',
    referenceField: 'id',
    referenceWidth: ORIGIN_WIDTH,
    uniqueness: 'none',
    probe: 'the request item by its id',
    source: 'Procore documentation, ERP requests (older edition)',
  },
];
