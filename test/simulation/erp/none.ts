import { businessOneRows } from '../../../src/domain/posting/settle-rows/business-one.ts';
import { type ErpKind, forgets } from './erp.ts';
import { ruleOf } from './rule-of.ts';

/** Takes the same reference twice without a word: everything rests on the protocol. */
export const none: ErpKind = {
  name: 'none',
  rule: (lifeMs) => ruleOf(businessOneRows, 'purchase-order', lifeMs),
  repeated: forgets,
  accepts: 'at-once',
  honoursKey: false,
  groups: false,
};
