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
      // A job that Ledgerline forgot may still be running: the second look comes only when it must have ended.
      probeGapMs: requestLifeMs ?? 500,
      pollEveryMs: 250,
      giveUpAfterMs: 600_000,
    },
  };
}
