import { netsuiteRows } from '../../../src/domain/posting/settle-rows/netsuite.ts';
import type { ErpKind } from './erp.ts';
import { ruleOf } from './rule-of.ts';

/** Writes over what stands under the same external id: never two documents, but a person's edit may be lost. */
export const upsert: ErpKind = {
  name: 'upsert',
  rule: (lifeMs) => ruleOf(netsuiteRows, 'vendor', lifeMs, { uniquenessEnforced: true, searchLagMs: null }),
  repeated: (erp, standing, request) => erp.writeOver(standing, request),
  accepts: 'at-once',
  honoursKey: false,
  groups: false,
};
