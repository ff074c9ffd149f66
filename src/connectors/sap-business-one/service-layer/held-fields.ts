import { fieldDifferences, hashWithFields } from '../../../domain/planning/document-fields.ts';
import type { TypedFields } from '../../../domain/planning/export-fields.ts';
import type { Match } from '../../../domain/posting/writes.ts';
import type { JsonValue } from '../../../lib/decimal-json.ts';

type Holder = { readonly fields?: TypedFields };

/** The company's own user fields as they stand: a date comes with the time of midnight. */
export function standingFields(row: JsonValue, names: readonly string[]): TypedFields {
  const values = new Map(Object.entries(row ?? {}));
  return Object.fromEntries(
    names.map((name) => {
      const value = values.get(name);
      const text = typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '';
      return [name, text.replace(/^(\d{4}-\d{2}-\d{2})T00:00:00(Z|[.+].*)?$/, '$1')] as const;
    }),
  );
}

export function matchWithFields(match: Match, { fields = {} }: Holder, row: JsonValue): Match {
  return { ...match, hash: hashWithFields(match.hash, fields, standingFields(row, Object.keys(fields))) };
}

export function holdsFields({ fields = {} }: Holder, row: JsonValue): boolean {
  return fieldDifferences(fields, standingFields(row, Object.keys(fields))).length === 0;
}
