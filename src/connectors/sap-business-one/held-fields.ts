import { contentHash } from '../../domain/canonical.ts';
import { fieldDifferences } from '../../domain/document-fields.ts';
import type { TypedFields } from '../../domain/export-fields.ts';
import type { Match } from '../../domain/writes.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';

type Row = JsonValue;
type Holder = { readonly fields?: TypedFields };

/** The company's own user fields as they stand: a date comes with the time of midnight. */
export function standingFields(row: Row, names: readonly string[]): TypedFields {
  const values = new Map(Object.entries(row ?? {}));
  return Object.fromEntries(
    names.map((name) => {
      const value = values.get(name);
      const text = typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '';
      return [name, text.replace(/^(\d{4}-\d{2}-\d{2})T00:00:00(Z|[.+].*)?$/, '$1')] as const;
    }),
  );
}

/**
 * A document in which they say something else is not what was approved. They are in no hash of the daily lists, which
 * do not know which of them were typed: what people put into the others is theirs.
 */
export function matchWithFields(match: Match, { fields = {} }: Holder, row: Row): Match {
  const found = standingFields(row, Object.keys(fields));
  if (fieldDifferences(fields, found).length === 0) return match;
  return { ...match, hash: contentHash({ form: match.hash, fields: found }) };
}

export function holdsFields({ fields = {} }: Holder, row: Row): boolean {
  return fieldDifferences(fields, standingFields(row, Object.keys(fields))).length === 0;
}

/** What a person put into fields that are to be written: what stands is neither what we left nor what is wanted. */
export function fieldChanges(
  { fields: left = {} }: Holder,
  { fields: wanted = {} }: Holder,
  row: Row,
): string[] {
  const found = standingFields(row, Object.keys(wanted));
  const others = Object.keys(wanted).filter((name) => found[name] !== wanted[name]);
  return [...fieldDifferences(Object.fromEntries(others.map((name) => [name, left[name] ?? ''])), found)];
}
