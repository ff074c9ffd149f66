/**
 * An answer with what no text of PostgreSQL holds (a NUL, half a surrogate) shown as U+FFFD: somebody's broken paste must
 * not be read again for ever. The answer as it came is kept beside it.
 */
export function storable(json: string): string {
  if (!/\\u(?:0000|d[89a-f])/i.test(json)) return json;
  // Every escape is taken whole, so that a backslash that is text begins none.
  return json.replace(ESCAPES, (written, high?: string, low?: string, lone?: string) => {
    const isBroken =
      written.toLowerCase() === '\\u0000' || lone !== undefined || (high !== undefined && low === undefined);
    return isBroken ? '\\ufffd' : written;
  });
}

const ESCAPES = /\\(?:u0000|u(d[89ab][0-9a-f]{2})(?:\\u(d[c-f][0-9a-f]{2}))?|u(d[c-f][0-9a-f]{2})|[\s\S])/gi;
