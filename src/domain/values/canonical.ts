import { createHash } from 'node:crypto';

/** Anything that has one canonical text. Amounts appear as decimal strings or bigint, never as numbers. */
export type Canonical =
  | string
  | boolean
  | null
  | bigint
  | readonly Canonical[]
  | { readonly [key: string]: Canonical | undefined };

/** Named in every stored hash, so that a later canonicaliser re-hashes from raw instead of seeing changes. */
export const CANONICAL_VERSION = 1;

/** JSON with sorted keys, no white space and absent keys dropped: the same value gives the same bytes for ever. */
export function canonicalText(value: Canonical): string {
  if (typeof value === 'bigint') return `"${value}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((entry: Canonical) => canonicalText(entry)).join(',')}]`;
  const record = value as { readonly [key: string]: Canonical | undefined };
  let text = '';
  for (const key of Object.keys(record).sort()) {
    const entry = record[key];
    if (entry === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalText(entry)}`;
  }
  return `{${text}}`;
}

/** `v1:<sha-256 hex>` of the canonical text. */
export function contentHash(value: Canonical): string {
  return `v${CANONICAL_VERSION}:${createHash('sha256').update(canonicalText(value)).digest('hex')}`;
}

/** A plain record or operation as canonical data. Its numbers are small counts, which have one text. */
export function canonicalOf(value: unknown): Canonical {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError('amounts are decimal strings, never numbers');
    return String(value);
  }
  if (Array.isArray(value)) return value.map(canonicalOf);
  if (value !== null && typeof value === 'object') {
    // A Date, a Map or the like has no entries of its own: every one of them would get the same text.
    if (!isPlain(value)) throw new TypeError('only plain records have a canonical text');
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
    return Object.fromEntries(entries.map(([key, entry]) => [key, canonicalOf(entry)]));
  }
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint' || value === null)
    return value;
  throw new TypeError(`a ${typeof value} has no canonical text`);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
