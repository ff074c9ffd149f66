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

/** A decimal that leaves as a JSON number with exactly these digits. */
export function jsonNumber(decimal: string): object {
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(decimal))
    throw new RangeError(`"${decimal}" is not a plain decimal`);
  return (JSON as unknown as RawJson).rawJSON(decimal);
}
