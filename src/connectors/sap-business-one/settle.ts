import type { SettleTable } from '../../domain/settle.ts';
import type { BusinessOneConfig } from './config.ts';
import { REFERENCE_FIELD } from './order-form.ts';

const CLIENT_TIMEOUT_MS = 60_000;

/** How unknown outcomes are settled: nothing in SAP Business One makes the reference unique by itself. */
export function settleTable(config: BusinessOneConfig): SettleTable {
  const requestLifeMs = config.requestLifeMs;
  return {
    'purchase-order': {
      referenceField: REFERENCE_FIELD,
      referenceWidth: 16,
      uniquenessEnforced: false,
      requestLifeMs,
      clientTimeoutMs: CLIENT_TIMEOUT_MS,
      // The look-up reads the table itself, no search index: the gap only keeps the two looks apart.
      probeGapMs: 2_000,
      // Only drafts are polled: two reads each, so a hundred of them cost 13 requests a second.
      pollEveryMs: 15_000,
      giveUpAfterMs: 24 * 3_600_000,
    },
    'user-field': {
      referenceField: 'TableName, Name',
      referenceWidth: 50,
      uniquenessEnforced: true,
      requestLifeMs,
      clientTimeoutMs: CLIENT_TIMEOUT_MS,
      probeGapMs: 2_000,
      pollEveryMs: 60_000,
      giveUpAfterMs: 3_600_000,
    },
  };
}
