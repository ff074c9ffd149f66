/** A value as JSON carries it, with every number kept as its source text: vendors' doubles stay exact. */
export type JsonValue =
  | string
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
type RawJson = { readonly rawJSON: (text: string) => object };

/**
 * Parses JSON with numbers as text (`12.50` becomes `"12.50"`, an id of 16 digits keeps them all) and without
 * `__proto__` keys. Throws a SyntaxError on anything that is not JSON.
 */
export function parseJson(text: string): JsonValue {
  const reviver: SourceReviver = (key, value, { source }) => {
    if (key === '__proto__') return undefined;
    return typeof value === 'number' ? (source ?? String(value)) : value;
  };
  return (JSON.parse as (text: string, reviver: SourceReviver) => JsonValue)(text, reviver);
}

/**
 * The same where only whole numbers are of interest, five times as fast: a reviver that asks for each number's source
 * is most of `parseJson`. A whole number comes without point or exponent (`1.0` as `"1"`). A text with any other
 * number, or one that a double cannot hold, is read by `parseJson`. Recurses as deep as the text nests.
 */
export function parseWholeJson(text: string): JsonValue {
  const parsed: unknown = JSON.parse(text);
  const read = wholeAsText(parsed);
  return read === NOT_WHOLE ? parseJson(text) : read;
}

const NOT_WHOLE = Symbol('not whole');

/** Changes the value in place: it was parsed a moment ago and nobody else has it. */
function wholeAsText(value: unknown): JsonValue | typeof NOT_WHOLE {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : NOT_WHOLE;
  if (typeof value !== 'object' || value === null) return value as JsonValue;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    const inner = holder[key];
    if (typeof inner !== 'number' && (typeof inner !== 'object' || inner === null)) continue;
    const read = key === '__proto__' ? NOT_WHOLE : wholeAsText(inner);
    if (read === NOT_WHOLE) return NOT_WHOLE;
    if (read !== inner) holder[key] = read;
  }
  return holder as JsonValue;
}

/** A decimal that leaves as a JSON number with exactly these digits. */
export function jsonNumber(decimal: string): object {
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(decimal))
    throw new RangeError(`"${decimal}" is not a plain decimal`);
  return (JSON as unknown as RawJson).rawJSON(decimal);
}
