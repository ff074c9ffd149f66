import { z } from 'zod';
import { fieldErrors } from '../http/errors.ts';
import type { Company } from '../records.ts';
import type { World } from '../state.ts';
import { metadataAt } from './erp-metadata.ts';

type View = Record<string, unknown>;

/** What an export is about to carry, by the entity whose rules in the ERP metadata speak of it; made when asked. */
export type Ruled = readonly (readonly [entity: string, views: () => readonly View[]])[];

const rule = z.looseObject({
  enabled: z.boolean().default(false),
  length: z.number().optional(),
  message: z.string().optional(),
});
type Rule = z.output<typeof rule>;
const field = z.looseObject({
  enabled: z.boolean().default(false),
  validation: z.record(z.string(), rule).default({}),
});
const fields = z.record(z.string(), field);

/** Refuses what the rules of the stored metadata forbid, with the words that the metadata has for it. */
export function assertRules(world: World, companyId: number, ruled: Ruled): void {
  const company = world.companies.get(companyId);
  const errors: Record<string, string[]> = {};
  for (const [entity, views] of ruled) {
    assertSwitchedOn(world, company, entity);
    const rules = fields.safeParse(metadataAt(company, ['entities', entity, 'rules', 'export', 'fields']));
    const enabled = Object.entries(rules.data ?? {}).filter(([, wanted]) => wanted.enabled);
    const looked = enabled.length > 0 ? views() : [];
    for (const [name, wanted] of enabled) {
      for (const view of looked) {
        const broken = brokenBy(world, wanted.validation, view[name]);
        // Many lines break a rule in the same words.
        if (broken && !errors[name]?.includes(broken)) errors[name] = [...(errors[name] ?? []), broken];
      }
    }
  }
  if (Object.keys(errors).length > 0) throw fieldErrors(422, errors);
}

/** An entity, or its export, that the metadata switched off is not offered to anybody. */
function assertSwitchedOn(world: World, company: Company | undefined, entity: string): void {
  if (world.settings.metadata_switches === 'ignored') return;
  const off = [['enabled'], ['configs', 'export', 'enabled']].some(
    (path) => metadataAt(company, ['entities', entity, ...path]) === false,
  );
  if (off) throw fieldErrors(422, { base: [`The export of ${entity} is switched off in the ERP metadata`] });
}

function brokenBy(world: World, validation: Record<string, Rule>, value: unknown): string | null {
  for (const [name, { enabled, length, message }] of Object.entries(validation)) {
    const holds = CHECKS[name];
    if (!enabled || !holds || holds(value, length ?? 0, world)) continue;
    return (message ?? 'is invalid').replaceAll('%{length}', String(length));
  }
  return null;
}

type Check = (value: unknown, length: number, world: World) => boolean;

/** What is not there is the business of `present` alone. `format` has no published grammar and is not applied. */
const CHECKS: Readonly<Record<string, Check>> = {
  present: (value) => !isBlank(value),
  numeric: (value) => isBlank(value) || partsOf(value) !== null,
  positive: (value) => isBlank(value) || (!textOf(value).startsWith('-') && /[1-9]/.test(textOf(value))),
  max_length: (value, length) => [...textOf(value)].length <= length,
  max_line_length: (value, length) =>
    textOf(value)
      .split(/\r?\n/)
      .every((line) => [...line].length <= length),
  max_length_units: (value, length) => (partsOf(value)?.units.length ?? 0) <= length,
  max_length_decimal: (value, length) => (partsOf(value)?.decimals.length ?? 0) <= length,
  disallow_division: (value, _length, world) => {
    const id = typeof value === 'object' && value !== null ? Reflect.get(value, 'id') : undefined;
    return ![...world.costCodes.values()].some((code) => code.parent_id !== null && code.parent_id === id);
  },
};

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || textOf(value).trim() === '';
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

/** The digits before and after the point that count: leading and trailing zeros do not. */
function partsOf(value: unknown): { units: string; decimals: string } | null {
  const parts = /^-?0*(\d*)(?:\.(\d*?)0*)?$/.exec(textOf(value));
  return parts ? { units: parts[1] ?? '', decimals: parts[2] ?? '' } : null;
}
