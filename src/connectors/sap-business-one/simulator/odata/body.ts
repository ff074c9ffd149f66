import type { SimState } from '../company/state.ts';
import type { Row, Value } from '../documents/rows.ts';
import { Decimal, wholeNumber } from './decimal.ts';
import { isEnumName, isMember } from './enums.ts';
import { badRequest, businessError, invalidProperty, tooLong } from './errors.ts';
import { collectionOf, type Field, type TypeName } from './fields.ts';
import { isRecord, parseExact } from './json.ts';

export type WriteMode = 'create' | 'update';

const MAX_INT32 = 2_147_483_647;
const MAX_ROWS = 2_000;

/** Parses a request body that has to be one JSON object. */
export function parseRequestBody(requestText: string): Record<string, unknown> {
  let body: unknown;
  try {
    body = parseExact(requestText);
  } catch {
    throw badRequest('Invalid JSON in the request body');
  }
  if (!isRecord(body)) throw badRequest('The request body has to be one JSON object');
  return body;
}

/** Checks a sent record against the type's fields: unknown, read-only, mistyped or too long is refused. */
export function checkedRow(
  state: SimState,
  typeName: TypeName,
  sent: Record<string, unknown>,
  mode: WriteMode,
): Row {
  const table = state.fieldTables[typeName];
  const row: Row = {};
  for (const [name, value] of Object.entries(sent)) {
    const field = table.get(name);
    if (field === undefined) throw invalidProperty(name, typeName);
    if (field.write === 'never' || (field.write === 'on-create' && mode === 'update')) {
      throw badRequest(`Property '${name}' of '${typeName}' is read-only`);
    }
    row[name] = checkedValue(state, { typeName, name, field, mode }, value);
  }
  return row;
}

interface Place {
  typeName: TypeName;
  name: string;
  field: Field;
  mode: WriteMode;
}

function checkedValue(state: SimState, place: Place, value: unknown): Value {
  const inner = collectionOf(place.field.type);
  if (inner !== null) return checkedCollection(state, place, inner, value);
  if (value === null) return null;
  const checked = scalarOf(place.field.type, value);
  if (checked === undefined) {
    throw badRequest(`Value of property '${place.name}' of '${place.typeName}' is not a ${place.field.type}`);
  }
  const { maxChars } = place.field;
  if (maxChars !== undefined && typeof checked === 'string' && checked.length > maxChars) {
    throw tooLong(place.name, place.typeName);
  }
  return checked;
}

function checkedCollection(state: SimState, place: Place, inner: TypeName, value: unknown): Row[] {
  if (!Array.isArray(value)) throw badRequest(`Property '${place.name}' has to be a list`);
  if (value.length > MAX_ROWS) throw businessError(`More than ${MAX_ROWS} rows in '${place.name}'`);
  return value.map((entry: unknown) => {
    if (!isRecord(entry)) throw badRequest(`Every row of '${place.name}' has to be an object`);
    // A row of an existing document may be new, so rows are always checked as for a create.
    return checkedRow(state, inner, entry, 'create');
  });
}

function scalarOf(type: string, value: unknown): Value | undefined {
  if (type === 'Int32') return isInt32(value) ? value : undefined;
  if (type === 'Double') {
    if (value instanceof Decimal) return value;
    return typeof value === 'number' ? wholeNumber(value) : undefined;
  }
  if (typeof value !== 'string') return undefined;
  if (type === 'DateTimeOffset') return calendarDate(value) ?? undefined;
  if (isEnumName(type)) return isMember(type, value) ? value : undefined;
  return value;
}

function isInt32(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= MAX_INT32;
}

/** Reads '2026-08-31' or the same with the midnight time the service prints; null when it is no day. */
export function calendarDate(sent: string): string | null {
  const day = /^(\d{4}-\d{2}-\d{2})(?:T00:00:00Z?)?$/.exec(sent)?.[1];
  if (day === undefined) return null;
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().slice(0, 10) === day ? day : null;
}
