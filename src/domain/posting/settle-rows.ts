import type { SettleObject, SettleRow, SettleSystem } from './settle-row.ts';
import { businessOneRows } from './settle-rows/business-one.ts';
import { demoErpRows } from './settle-rows/demo-erp.ts';
import { netsuiteRows } from './settle-rows/netsuite.ts';
import { oracleFusionRows } from './settle-rows/oracle-fusion.ts';
import { procoreRows } from './settle-rows/procore.ts';
import { s4hanaRows } from './settle-rows/s4hana.ts';

/** What is known of every object at every kind of target, with a connector or without one yet. */
export const settleRows: readonly SettleRow[] = [
  ...businessOneRows,
  ...s4hanaRows,
  ...oracleFusionRows,
  ...netsuiteRows,
  ...procoreRows,
  ...demoErpRows,
];

export function settleRowOf(system: SettleSystem, object: SettleObject): SettleRow | undefined {
  return settleRows.find((row) => row.system === system && row.object === object);
}
