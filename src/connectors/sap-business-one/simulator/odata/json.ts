import { type Decimal, parseDecimal } from './decimal.ts';

type SourceReviver = (key: string, value: unknown, context: { source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver: SourceReviver) => unknown;
// Up to nine digits an integer is the same as a JavaScript number, and most of them are keys, not amounts.
const SMALL_INTEGER = /^-?\d{1,9}$/;

/** Parses JSON so that every number with a fraction, an exponent or many digits stays exact. */
export function parseExact(text: string): unknown {
  return parse(text, (_key, value, context) => {
    if (typeof value !== 'number') return value;
    const source = context.source ?? '';
    return SMALL_INTEGER.test(source) ? value : exact(source);
  });
}

function exact(source: string): Decimal {
  const value = parseDecimal(source);
  if (value === null) throw new SyntaxError(`number out of bounds: ${source.slice(0, 40)}`);
  return value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
