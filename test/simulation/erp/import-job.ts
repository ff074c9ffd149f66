import { oracleFusionRows } from '../../../src/domain/posting/settle-rows/oracle-fusion.ts';
import { type ErpKind, forgets } from './erp.ts';
import { ruleOf } from './rule-of.ts';

/** Imports files by jobs that may fail, die or be forgotten, and has no check against repetition. */
export const importJob: ErpKind = {
  name: 'import-job',
  rule: (lifeMs) => ruleOf(oracleFusionRows, 'journal', lifeMs),
  repeated: forgets,
  accepts: 'as-job',
  honoursKey: false,
  groups: false,
};
