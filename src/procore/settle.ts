import { type SettleTable, settleTable } from '../domain/posting/settle.ts';
import { procoreRows } from '../domain/posting/settle-rows/procore.ts';
import type { ProcoreConfig } from './config.ts';

/** How a lost answer is settled. No self-test runs against Procore: nothing in it can be taken back. */
export function procoreSettle(config: ProcoreConfig): SettleTable {
  return settleTable(procoreRows, config, {});
}
