import type { SettleTable } from '../../domain/settle.ts';
import type { DemoErpConfig } from './config.ts';

/** Ledgerline takes the same reference twice without a word: only request life and probes protect an order. */
export function settleTable({ requestLifeMs }: DemoErpConfig): SettleTable {
  return {
    'purchase-order': {
      referenceField: 'reference',
      referenceWidth: 20,
      uniquenessEnforced: false,
      requestLifeMs,
      clientTimeoutMs: 60_000,
      probeGapMs: 500,
      pollEveryMs: 250,
      giveUpAfterMs: 600_000,
    },
  };
}
