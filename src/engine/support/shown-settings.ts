import type { FormField } from '../../lib/form-fields.ts';

/**
 * The settings of a connection as a stranger may see them: those that its form has and nothing else, of secrets and
 * certificates whether they are there, of addresses no sign-in and no query.
 */
export function shownSettings(
  fields: readonly FormField[],
  config: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field.name, shownValue(field, config[field.name])]));
}

function shownValue({ secret, kind }: FormField, value: unknown): unknown {
  if (secret) return 'never shown';
  if (value === undefined || value === null || value === '') return 'not set';
  if (kind === 'long-text') return 'set';
  return Array.isArray(value) ? value.map(withoutSignIn) : withoutSignIn(value);
}

function withoutSignIn(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  const text = String(value);
  if (!text.includes('//') && !text.includes('@')) return text;
  if (!URL.canParse(text)) return 'set';
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname}`;
}
