import { netsuiteRows } from '../../../src/domain/posting/settle-rows/netsuite.ts';
import type { ErpKind } from './erp.ts';
import { ruleOf } from './rule-of.ts';

/** Accepts as a job and knows a key again, so that a repeated request is answered with the first one's job. */
export const idempotencyKey: ErpKind = {
  name: 'idempotency-key',
  rule: (lifeMs) =>
    ruleOf(netsuiteRows, 'purchase-order', lifeMs, { uniquenessEnforced: true, searchLagMs: null }),
  repeated: (erp) => erp.alreadyThere(),
  accepts: 'as-job',
  honoursKey: true,
  groups: false,
};
