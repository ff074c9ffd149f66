import { s4hanaRows } from '../../../src/domain/posting/settle-rows/s4hana.ts';
import { type ErpKind, forgets } from './erp.ts';
import { ruleOf } from './rule-of.ts';

/** Takes several documents in one change set: all of them stand, or none. */
export const changeSet: ErpKind = {
  name: 'change-set',
  rule: (lifeMs) => ruleOf(s4hanaRows, 'purchase-order', lifeMs),
  repeated: forgets,
  accepts: 'at-once',
  honoursKey: false,
  groups: true,
};
