import { z } from 'zod';
import type { ParsedSeed } from '../company/seed.ts';
import { takeId, type World } from '../company/state.ts';
import { day } from '../http/form-fields.ts';

const text = z.string().min(1);

/** What a certificate says of the insurance of a vendor. */
const said = {
  type: text,
  number: text.nullable(),
  insurer: text.nullable(),
  limit: z
    .string()
    .regex(/^\d{1,15}\.\d{2}$/)
    .nullable(),
  from: day,
  to: day,
};

export const insuranceSeed = {
  insurances: z
    .array(z.strictObject({ vendor: text, ...said }))
    .max(100_000)
    .default([]),
};

/** People enter certificates; no import does. One that was cancelled ends earlier, and none is ever deleted. */
export const insuranceDeeds = [
  z.strictObject({ action: z.literal('add_insurance'), vendor: text, ...said }),
  z.strictObject({
    action: z.literal('edit_insurance'),
    code: text,
    change: z.strictObject(said).partial(),
  }),
] as const;

type Deed = z.output<(typeof insuranceDeeds)[number]>;
type Insurance = ParsedSeed['insurances'][number];

/** Does it, or says why not. */
export function performInsurance(world: World, deed: Deed): string | null {
  if (deed.action === 'add_insurance') {
    const { action: _, ...insurance } = deed;
    return keep(world, takeId(world, 'LN'), insurance);
  }
  const before = world.records.insurances.get(deed.code);
  if (!before) return `there is no insurance ${deed.code}`;
  const { code, change: _, ...insurance } = before;
  // Keys that were not sent are not there at all, so that the others keep their value.
  return keep(world, code, Object.assign(insurance as Insurance, deed.change));
}

export function seedInsurances(world: World, { insurances }: ParsedSeed): void {
  for (const insurance of insurances) {
    const trouble = keep(world, takeId(world, 'LN'), insurance);
    if (trouble !== null) throw new Error(trouble);
  }
}

function keep(world: World, code: string, insurance: Insurance): string | null {
  if (!world.records.vendors.has(insurance.vendor)) return `there is no vendor ${insurance.vendor}`;
  if (insurance.to < insurance.from) return 'an insurance ends after it began';
  world.records.insurances.set(code, { ...insurance, code, change: ++world.changeCount });
  return null;
}
