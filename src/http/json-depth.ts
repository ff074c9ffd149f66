/**
 * Whether a JSON text nests deeper than the limit, read without parsing it: the parser itself recurses, and
 * a body of 256 KB can nest 256,000 deep. Brackets inside strings do not count.
 */
export function isDeeperThan(text: string, limit: number): boolean {
  if (!holdsMoreThan(text, limit)) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') {
      depth += 1;
      if (depth > limit) return true;
    } else if (character === '}' || character === ']') depth -= 1;
  }
  return false;
}

/** What holds no more brackets than the limit cannot nest deeper: an event has three, and they are found at once. */
function holdsMoreThan(text: string, limit: number): boolean {
  let found = 0;
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      found += 1;
      if (found > limit) return true;
    }
  return false;
}
