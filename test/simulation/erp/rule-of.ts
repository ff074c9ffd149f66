import { type SeenCapability, type SettleRule, settleRule } from '../../../src/domain/posting/settle.ts';
import type { SettleObject, SettleRow } from '../../../src/domain/posting/settle-row.ts';

/** The rule that the product itself would live by for this object, where the life of a request is known. */
export function ruleOf(
  rows: readonly SettleRow[],
  object: SettleObject,
  requestLifeMs: number,
  seen?: SeenCapability,
): SettleRule {
  const row = rows.find((one) => one.object === object);
  if (row === undefined) throw new Error(`no settle row for ${object}`);
  return settleRule(row, { requestLifeMs }, seen);
}
