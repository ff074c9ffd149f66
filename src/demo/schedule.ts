import { amountText } from './cents.ts';
import type { Dice } from './prng.ts';
import { type Coding, costCodes } from './trades.ts';

export type ScheduleLine = {
  readonly id: number;
  readonly coding: Coding;
  readonly description: string;
  readonly cents: bigint;
  /** Set on lines that are bought by the unit: whole units at a price in cents. */
  readonly unit: { readonly quantity: number; readonly cents: bigint; readonly uom: string } | null;
};

type Wanted = {
  readonly firstId: number;
  readonly code: string;
  readonly type: Coding['type'];
  readonly cents: bigint;
  readonly lines: number;
  readonly byUnit: boolean;
};

/** A schedule of values that adds up to the cent: the shares are dealt, the last line takes what is left. */
export function schedule(wanted: Wanted, random: Dice): ScheduleLine[] {
  const { cents, lines: count, byUnit } = wanted;
  const weights = Array.from({ length: count }, () => BigInt(random.between(20, 100)));
  const all = weights.reduce((sum, weight) => sum + weight, 0n);
  let left = cents;
  return weights.map((weight, index) => {
    const last = index === count - 1;
    const share = last ? left : (cents * weight) / all;
    const unit = byUnit && !last ? unitOf(share, random) : null;
    const own = unit === null ? share : BigInt(unit.quantity) * unit.cents;
    left -= own;
    return {
      id: wanted.firstId + index,
      coding: { code: wanted.code, type: wanted.type },
      description: described(wanted.code, index),
      cents: own,
      unit,
    };
  });
}

function unitOf(share: bigint, random: Dice): NonNullable<ScheduleLine['unit']> {
  const quantity = random.between(4, 60);
  return { quantity, cents: share / BigInt(quantity), uom: random.pick(['ea', 'lf', 'cy', 'ton']) };
}

function described(code: string, index: number): string {
  const works: readonly string[] = costCodes.find((row) => row.code === code)?.works ?? ['Works'];
  const round = Math.floor(index / works.length);
  return `${works[index % works.length]}${round === 0 ? '' : `, area ${round + 1}`}`;
}

/** The line as Procore's seed and acts take it; the ids of the project's code and of the cost type are given. */
export function lineBody(line: ScheduleLine, ids: { readonly code: number; readonly type: number }) {
  const base = {
    id: line.id,
    description: line.description,
    cost_code_id: ids.code,
    line_item_type_id: ids.type,
  };
  if (line.unit === null) return { ...base, amount: amountText(line.cents) };
  return {
    ...base,
    extended_type: 'calculated' as const,
    quantity: String(line.unit.quantity),
    unit_cost: amountText(line.unit.cents),
    uom: line.unit.uom,
  };
}
