import { z } from 'zod';
import { type SimState, today } from '../company/state.ts';
import { type Decimal, parseDecimal, ZERO } from '../odata/decimal.ts';
import { notFound } from '../odata/errors.ts';
import { amount, type Row, rows, text } from './rows.ts';

const code = z.string().min(1).max(8);
const ratePercent = z.string().regex(/^\d{1,3}(\.\d{1,6})?$/);
const dated = z.strictObject({ from: z.iso.date(), ratePercent });

/** Taxes of a company: codes with one rate in the Americas, groups with rates by date elsewhere. */
export const taxSeed = {
  taxCodes: z
    .array(
      z.strictObject({
        code,
        ratePercent,
        name: z.string().max(100).optional(),
        inactive: z.boolean().optional(),
      }),
    )
    .max(1000)
    .optional(),
  vatGroups: z
    .array(
      z.strictObject({
        code,
        name: z.string().max(100),
        category: z.enum(['bovcInputTax', 'bovcOutputTax']).default('bovcInputTax'),
        inactive: z.boolean().optional(),
        rates: z.array(dated).min(1),
      }),
    )
    .max(1000)
    .optional(),
};

export const taxDeeds = [
  z.strictObject({
    action: z.literal('edit_tax'),
    code,
    name: z.string().optional(),
    inactive: z.boolean().optional(),
    /** From which day on; of a tax code from now on. */
    rate: dated.optional(),
  }),
] as const;

type TaxSeed = { [Name in keyof typeof taxSeed]?: z.output<(typeof taxSeed)[Name]> | undefined };

export function seedTaxes(state: SimState, { taxCodes = [], vatGroups = [] }: TaxSeed): void {
  for (const tax of taxCodes)
    state.taxCodes.set(tax.code, {
      Code: tax.code,
      Name: tax.name ?? tax.code,
      Rate: rateOf(tax.ratePercent),
      Inactive: tax.inactive === true ? 'tYES' : 'tNO',
      ValidForAP: 'tYES',
      ValidForAR: 'tYES',
    });
  for (const group of vatGroups)
    state.vatGroups.set(group.code, {
      Code: group.code,
      Name: group.name,
      Category: group.category,
      Inactive: group.inactive === true ? 'tYES' : 'tNO',
      VatGroups_Lines: group.rates.map(lineOf),
    });
}

/** Whether a line may name this as its tax. */
export function isTax(state: SimState, named: string): boolean {
  return state.taxCodes.has(named) || state.vatGroups.has(named);
}

/** The rate of today: groups change theirs on a day. */
export function taxRateOf(state: SimState, named: string): Decimal {
  const one = state.taxCodes.get(named);
  if (one !== undefined) return amount(one, 'Rate');
  const lines = rows(state.vatGroups.get(named) ?? {}, 'VatGroups_Lines')
    .filter((line) => (text(line, 'Effectivefrom') ?? '') <= today(state))
    .toSorted((a, b) => ((text(a, 'Effectivefrom') ?? '') < (text(b, 'Effectivefrom') ?? '') ? 1 : -1));
  return lines[0] === undefined ? ZERO : amount(lines[0], 'Rate');
}

/** What a person does in the set-up of taxes: a code or group that documents bear is never removed. */
export function editTax(state: SimState, deed: z.output<(typeof taxDeeds)[number]>): { code: string } {
  const group = state.vatGroups.get(deed.code);
  const tax = group ?? state.taxCodes.get(deed.code);
  if (tax === undefined) throw notFound();
  if (deed.name !== undefined) tax.Name = deed.name;
  if (deed.inactive !== undefined) tax.Inactive = deed.inactive ? 'tYES' : 'tNO';
  if (deed.rate === undefined) return { code: deed.code };
  if (group === undefined) tax.Rate = rateOf(deed.rate.ratePercent);
  else group.VatGroups_Lines = [...rows(group, 'VatGroups_Lines'), lineOf(deed.rate)];
  return { code: deed.code };
}

function lineOf({ from, ratePercent: percent }: z.output<typeof dated>): Row {
  return { Effectivefrom: from, Rate: rateOf(percent) };
}

function rateOf(percent: string): Decimal {
  return parseDecimal(percent) ?? ZERO;
}
