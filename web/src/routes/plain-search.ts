/** Addresses people can read and write: ?state=posted,confirmed, not JSON in percent signs. All values are text. */

export function plainParse(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function plainStringify(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  if (pairs.length === 0) return '';
  // A comma may stand bare in a query and keeps lists of states legible.
  return `?${new URLSearchParams(pairs).toString().replaceAll('%2C', ',')}`;
}
