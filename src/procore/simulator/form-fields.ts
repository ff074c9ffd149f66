/** Reads the flat fields of an OAuth request: form, multipart or JSON, as the documentation's examples differ. */
export function formFields(contentType: string, body: Buffer): Record<string, string> | null {
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  }
  if (contentType.startsWith('multipart/form-data'))
    return multipartFields(contentType, body.toString('utf8'));
  if (contentType.startsWith('application/json')) return jsonFields(body.toString('utf8'));
  return null;
}

function jsonFields(text: string): Record<string, string> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return null;
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
  } catch {
    return null;
  }
}

function multipartFields(contentType: string, text: string): Record<string, string> | null {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return null;
  const fields: Record<string, string> = {};
  for (const part of text.split(`--${boundary}`)) {
    const split = part.indexOf('\r\n\r\n');
    const name = /name="([^"]*)"/.exec(part.slice(0, Math.max(0, split)))?.[1];
    if (name !== undefined) fields[name] = part.slice(split + 4).replace(/\r\n$/, '');
  }
  return fields;
}
