/** A small reader of the published response schemas: types, enumerations, undeclared fields, silent nulls. */
export type PublishedSchema = {
  type?: string;
  format?: string;
  enum?: readonly unknown[];
  nullable?: boolean;
  properties?: Record<string, PublishedSchema>;
  items?: PublishedSchema;
  oneOf?: readonly PublishedSchema[];
  anyOf?: readonly PublishedSchema[];
  required?: readonly string[];
};

export type Findings = { wrong: string[]; undeclared: string[]; silentNulls: number; checked: number };

const FORMATS: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/,
  float: /^-?\d+\.\d+$/,
};

/** Compares a value with its published schema and collects what does not fit. */
export function compare(schema: PublishedSchema, value: unknown, path: string, findings: Findings): void {
  findings.checked += 1;
  if (value === null) {
    if (schema.nullable !== true && !schema.enum?.includes(null)) findings.silentNulls += 1;
    return;
  }
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) {
    compareChoice(choices, value, path, findings);
    return;
  }
  if (schema.enum && !schema.enum.includes(value) && !isAnnotation(schema.enum)) {
    findings.wrong.push(`${path}: ${JSON.stringify(value)} is not one of ${JSON.stringify(schema.enum)}`);
  }
  if (!hasType(schema, value)) {
    findings.wrong.push(`${path}: ${JSON.stringify(value)} is not ${schema.type} ${schema.format ?? ''}`);
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      compare(schema.items ?? {}, item, `${path}[${index}]`, findings);
  } else if (typeof value === 'object') {
    compareObject(schema, value, path, findings);
  }
}

function compareObject(schema: PublishedSchema, value: object, path: string, findings: Findings): void {
  if (!schema.properties) return;
  for (const name of schema.required ?? []) {
    if (!(name in value)) findings.wrong.push(`${path}.${name} is missing`);
  }
  for (const [name, member] of Object.entries(value)) {
    // The catalogue writes a map from field to messages as one property called field_name.
    const published = schema.properties[name] ?? schema.properties.field_name;
    if (published) compare(published, member, `${path}.${name}`, findings);
    else findings.undeclared.push(`${path}.${name}`.replace(/\[\d+\]/g, '[]'));
  }
}

function compareChoice(
  choices: readonly PublishedSchema[],
  value: unknown,
  path: string,
  findings: Findings,
): void {
  const tries = choices.map((choice) => {
    const attempt: Findings = { wrong: [], undeclared: [], silentNulls: 0, checked: 0 };
    compare(choice, value, path, attempt);
    return attempt;
  });
  const best = tries.toSorted((a, b) => misfits(a) - misfits(b))[0];
  if (!best) return;
  findings.wrong.push(...best.wrong);
  findings.undeclared.push(...best.undeclared);
  findings.silentNulls += best.silentNulls;
  findings.checked += best.checked;
}

function misfits({ wrong, undeclared }: Findings): number {
  return wrong.length * 1_000 + undeclared.length;
}

/** Some enumerations of the source hold a sentence instead of values. */
function isAnnotation(values: readonly unknown[]): boolean {
  return values.length === 1 && typeof values[0] === 'string' && values[0].includes(' list of ');
}

function hasType(schema: PublishedSchema, value: unknown): boolean {
  switch (schema.type) {
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string' && (FORMATS[schema.format ?? '']?.test(value) ?? true);
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && !Array.isArray(value);
    default:
      return true;
  }
}
