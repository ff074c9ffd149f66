import { businessOneRows } from '../../../src/domain/posting/settle-rows/business-one.ts';
import type { ErpKind } from './erp.ts';
import { ruleOf } from './rule-of.ts';

/** Refuses a second document with one reference, at its commit; a self-test saw that it does. */
export const enforced: ErpKind = {
  name: 'enforced',
  rule: (lifeMs) =>
    ruleOf(businessOneRows, 'purchase-order', lifeMs, { uniquenessEnforced: true, searchLagMs: null }),
  repeated: (erp) => erp.alreadyThere(),
  accepts: 'at-once',
  honoursKey: false,
  groups: false,
};
