import type { Operation } from '../documents.ts';
import type { FieldError } from '../posting/outcomes.ts';
import { calendarDate } from '../values/calendar-date.ts';
import { contentHash } from '../values/canonical.ts';
import type { TypedFields } from './export-fields.ts';

/** Kinds of records whose documents in the ERP have a place for what was typed. */
const HELD_OF = [
  'commitment',
  'change-order',
  'sub-invoice',
  'company-direct-cost',
  'owner-invoice',
  'prime-change-order',
] as const;

/** Both are written to the order: what one says in a field the other would take for the word of a person. */
const ON_ORDERS: ReadonlySet<string> = new Set(['commitment', 'change-order']);

/** A field of the ERP's documents that holds what the approver typed into one field of the export. */
export type DocumentField = {
  /** The kind of record, and the key of its export field. */
  readonly of: string;
  readonly key: string;
  /** What the ERP calls it. */
  readonly name: string;
  readonly holds: 'text' | 'date';
  /** The most characters of a text. */
  readonly maxLength: number;
};

/**
 * `commitment:cost_center=U_CostCenter:8`, or `=U_Signed:date`: a record, a key of its export fields, the field of the ERP
 * and what that holds. How an ERP names its fields is its connector's to say.
 */
export function documentFieldPattern(name: string): RegExp {
  return new RegExp(`^(${HELD_OF.join('|')}):([a-z][a-z0-9_]{0,39})=(${name}):(date|[1-9]\\d{0,2})$`);
}

const DATE_LENGTH = 10;
const ANY_NAME = documentFieldPattern('[A-Za-z][A-Za-z0-9_]*');

/** The fields that a connection names; what is none was refused with its settings. */
export function documentFields(settings: readonly string[]): readonly DocumentField[] {
  return settings.flatMap((setting) => {
    const [, of, key, name, what] = ANY_NAME.exec(setting) ?? [];
    if (of === undefined || key === undefined || name === undefined) return [];
    return [
      what === 'date'
        ? ({ of, key, name, holds: 'date', maxLength: DATE_LENGTH } as const)
        : ({ of, key, name, holds: 'text', maxLength: Number(what) } as const),
    ];
  });
}

/** Why the settings do not go together; null where each says one thing. */
export function contradiction(settings: readonly string[]): string | null {
  const fields = documentFields(settings);
  for (const [index, field] of fields.entries())
    for (const earlier of fields.slice(0, index)) {
      if (earlier.of === field.of && (earlier.key === field.key || earlier.name === field.name))
        return `${field.of}:${field.key} and ${earlier.of}:${earlier.key} name one field twice`;
      if (
        earlier.name === field.name &&
        (earlier.holds !== field.holds || earlier.maxLength !== field.maxLength)
      )
        return `${field.name} is said to hold two different things`;
      if (
        earlier.name === field.name &&
        earlier.of !== field.of &&
        [earlier, field].every(({ of }) => ON_ORDERS.has(of))
      )
        return `${field.name} is named for commitments and for change orders, which share their order: name two fields`;
    }
  return null;
}

/** What was typed at the export of a record, by the fields of the ERP that hold it. What is left blank says nothing. */
export function heldFields(
  fields: readonly DocumentField[],
  of: string,
  typed: TypedFields = {},
): TypedFields {
  return Object.fromEntries(
    fields.flatMap((field) => {
      // Line breaks and double spaces do not survive the forms of most ERPs.
      const value = field.of === of ? typed[field.key]?.replace(/\s+/g, ' ').trim() : undefined;
      return value === undefined || value === '' ? [] : [[field.name, value] as const];
    }),
  );
}

/** As a part of a document: a document without any says nothing of them. */
export function withFields(fields: TypedFields): { readonly fields?: TypedFields } {
  return Object.keys(fields).length === 0 ? {} : { fields };
}

/** What an ERP would refuse of them, or cut: never sent. */
export function fieldErrors(known: readonly DocumentField[], fields: TypedFields = {}): FieldError[] {
  return Object.entries(fields).flatMap(([name, value]): FieldError[] => {
    const field = known.find((each) => each.name === name);
    // Named by an earlier setting, it stands there already.
    if (field === undefined) return [];
    const refused = (code: string, what: string) => {
      const message = `"${value}" was typed for ${field.key.replaceAll('_', ' ')}, ${what}: export it again with another value.`;
      return [{ field: `fields.${name}`, message, code }];
    };
    if (field.holds === 'date' && !isDate(value))
      return refused('date', `and ${name} holds a date such as 2026-08-31`);
    if (value.length <= field.maxLength) return [];
    return refused(
      'max-length',
      `which has ${value.length} characters, and ${name} holds ${field.maxLength}`,
    );
  });
}

/** The same of an operation, whose document may bear some. */
export function typedErrors(known: readonly DocumentField[], operation: Operation): FieldError[] {
  return 'body' in operation && 'fields' in operation.body ? fieldErrors(known, operation.body.fields) : [];
}

/** Fields in which what stands is another than what was wanted, in words; only those that are wanted count. */
export function fieldDifferences(wanted: TypedFields = {}, found: TypedFields): readonly string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => (found[name] ?? '') !== value)
    .map(([name, value]) => `${name} is ${shown(found[name])}, we left ${shown(value)}.`);
}

/**
 * The hash of a document by what of its fields is wanted: one that says something else is not what was approved. Others
 * are in no hash: daily lists do not know which were typed, and what people put into the rest is theirs.
 */
export function hashWithFields(hash: string, wanted: TypedFields = {}, found: TypedFields): string {
  if (fieldDifferences(wanted, found).length === 0) return hash;
  const named = Object.keys(wanted).map((name) => [name, found[name] ?? ''] as const);
  return contentHash({ form: hash, fields: Object.fromEntries(named) });
}

/** What a person put into fields that are to be written: what stands is neither what we left nor what is wanted. */
export function fieldChanges(
  left: TypedFields = {},
  wanted: TypedFields = {},
  found: TypedFields,
): readonly string[] {
  const others = Object.keys(wanted).filter((name) => (found[name] ?? '') !== wanted[name]);
  return fieldDifferences(Object.fromEntries(others.map((name) => [name, left[name] ?? ''])), found);
}

function shown(value = ''): string {
  return value === '' ? 'empty' : value;
}

function isDate(value: string): boolean {
  try {
    return calendarDate(value) === value;
  } catch {
    return false;
  }
}
