import type { SettleRule, SettleTable } from '../domain/settle.ts';
import type { ProcoreConfig } from './config.ts';

// The width of an origin id is published nowhere; 255 is what a text column of this age holds (inferred).
const ORIGIN_WIDTH = 255;

/**
 * How a lost answer is settled. Every write here is a set on a record that can be read by its id, so the probe
 * sees the effect itself and no search index stands between. The life of a lost request is not published.
 */
export function procoreSettle(config: ProcoreConfig): SettleTable {
  const rule: SettleRule = {
    referenceField: 'origin_id',
    referenceWidth: ORIGIN_WIDTH,
    uniquenessEnforced: true,
    requestLifeMs: config.requestLifeMs,
    clientTimeoutMs: 60_000,
    probeGapMs: 1_000,
    pollEveryMs: 5_000,
    giveUpAfterMs: 900_000,
  };
  return {
    'vendor-link': rule,
    'external-data': rule,
    'request-detail': { ...rule, referenceField: 'id', uniquenessEnforced: false },
  };
}
