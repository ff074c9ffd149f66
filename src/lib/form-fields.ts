import { z } from 'zod';

/** One field of a form, derived from a schema. Every value travels as text, as people type it. */
export type FormField = {
  readonly name: string;
  readonly label: string;
  /** The schema's own sentence on it. */
  readonly help: string;
  readonly kind: 'text' | 'long-text' | 'number' | 'flag' | 'list';
  readonly required: boolean;
  /** Never shown again: left empty it stays as it is. */
  readonly secret: boolean;
  /** What counts when nothing is typed. */
  readonly fallback: string;
};

export type FormValues = Readonly<Record<string, string>>;

type Described = {
  readonly type?: string;
  readonly description?: string;
  readonly maxLength?: number;
  readonly contains?: unknown;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly anyOf?: readonly Described[];
};

// Longer than this is no line of text: a certificate.
const LINE_CHARACTERS = 1_000;

/** The fields of an object schema in its order. */
export function formFields(schema: z.ZodType, secrets: readonly string[]): FormField[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  }) as {
    readonly properties?: Readonly<Record<string, Described>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, described]) => ({
    name,
    label: labelOf(name),
    help: described.description ?? '',
    kind: kindOf(described),
    required: required.includes(name),
    secret: secrets.includes(name),
    fallback: textOf(described.default),
  }));
}

/** A configuration as the form shows it; of a secret nothing. */
export function valuesOf(
  fields: readonly FormField[],
  config: Readonly<Record<string, unknown>>,
): FormValues {
  return Object.fromEntries(
    fields.map(({ name, secret }): [string, string] => [name, secret ? '' : textOf(config[name])]),
  );
}

/** What was typed, in the types of the schema. An empty field is one that nobody filled in. */
export function configOf(fields: readonly FormField[], values: FormValues): Record<string, unknown> {
  const filled = fields.flatMap(({ name, kind }): [string, unknown][] => {
    const text = (values[name] ?? '').trim();
    return text === '' ? [] : [[name, typed(kind, text)]];
  });
  return Object.fromEntries(filled);
}

function typed(kind: FormField['kind'], text: string): unknown {
  if (kind === 'number') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (kind === 'flag') return text === 'true';
  return kind === 'list' ? text.split(/[\s,]+/).filter(Boolean) : text;
}

function kindOf({ type, anyOf, maxLength, pattern }: Described): FormField['kind'] {
  const inner = anyOf?.find((each) => each.type !== 'null');
  if (inner !== undefined) return kindOf(inner);
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'boolean') return 'flag';
  if (type === 'array') return 'list';
  const isLong = (maxLength ?? 0) > LINE_CHARACTERS || (pattern ?? '').includes('BEGIN');
  return isLong ? 'long-text' : 'text';
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.join('\n') : String(value);
}

const SHORT_WORDS: Readonly<Record<string, string>> = {
  api: 'API',
  ca: 'certificate authority',
  db: 'database',
  id: 'ID',
  ms: '(ms)',
  url: 'URL',
  vat: 'VAT',
};

/** `companyDb` reads "Company database". */
function labelOf(name: string): string {
  const words = name
    .replace(/([A-Z])/g, ' $1')
    .toLowerCase()
    .split(' ');
  const label = words.map((word) => SHORT_WORDS[word] ?? word).join(' ');
  return label.charAt(0).toUpperCase() + label.slice(1);
}
