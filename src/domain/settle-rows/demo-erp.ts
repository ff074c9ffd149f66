import { carefulRow, type SettleRow } from '../settle-row.ts';

/** Ledgerline takes the same reference twice without a word: only request life and probes protect an order. */
export const demoErpRows: readonly SettleRow[] = [
  {
    ...carefulRow,
    system: 'demo-erp',
    object: 'purchase-order',
    referenceField: 'reference',
    referenceWidth: 20,
    uniqueness: 'none',
    acceptance: {
      handle: 'job',
      poll: 'jobs/<job>',
      posted: ['done'],
      refused: ['refused'],
      lostHandle: 'orders by reference: Ledgerline forgets jobs',
    },
    probe: 'orders by reference',
    searchLags: 'no',
    // A forgotten job may still be running: the connector widens this to the request life where that is known.
    probeGapMs: 500,
    pollEveryMs: 250,
    giveUpAfterMs: 600_000,
    source: 'Ledgerline import format, chapter References',
  },
];
