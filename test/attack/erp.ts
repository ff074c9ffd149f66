import type { ErpTarget } from '../scenarios/erp-target.ts';
import type { Draw } from './draw.ts';
import type { Simulator } from './simulators.ts';
import type { Rule } from './system-faults.ts';

/** An order as it really stands in an ERP, with all changes in it. */
export type ErpOrder = {
  readonly id: string;
  /** Our reference; null on orders that people keyed. */
  readonly reference: string | null;
  /** The commitment whose address stands in it. */
  readonly contractId: string | null;
  readonly vendor: string | null;
  readonly project: string | null;
  readonly totalCents: bigint;
  readonly lines: readonly { readonly cents: bigint; readonly account: string }[];
};

/** A write to an order that reached the ERP, whether it took effect or not. */
export type ErpWrite = {
  readonly at: number;
  readonly kind: 'create' | 'set';
  readonly committed: boolean;
  /** Null where the traffic does not show it. */
  readonly reference: string | null;
  readonly contractId: string | null;
  readonly revision: string;
};

/** A simulated ERP as the attack knows it, whichever it is. */
export type AttackedErp = {
  readonly simulator: Simulator;
  readonly connection: ErpTarget['connection'];
  readonly books: () => Promise<{
    readonly orders: readonly ErpOrder[];
    readonly writes: readonly ErpWrite[];
  }>;
  /** What may go wrong there. */
  readonly rules: readonly Rule[];
  /** How this company is set up, drawn anew for each batch. */
  readonly drawSettings: (draw: Draw) => Promise<void>;
  /** Makes the account of one cost code one that the ERP refuses when an order names it. */
  readonly closeOverhead: () => Promise<void>;
  /** What people do there. */
  readonly editLine: (order: string, amount: string) => Promise<void>;
  readonly closeLine: (order: string) => Promise<void>;
  readonly approveDrafts: () => Promise<void>;
};
