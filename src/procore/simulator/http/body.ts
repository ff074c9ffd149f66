import { z } from 'zod';
import { scaledFrom } from './decimals.ts';
import { type ApiError, accessError, fieldErrors, unknownFields } from './errors.ts';

/** A date-time or date that cannot be read is stored as null and not refused, as the documentation warns. */
export const dateField = z
  .string()
  .nullable()
  .transform((text) => (text !== null && /^\d{4}-\d{2}-\d{2}/.test(text) ? text.slice(0, 10) : null));

export const textField = z.string().max(65_535).nullable();
export const idField = z.int().positive();

/** A decimal as text or number (the old endpoints take both) that fits the scale exactly. */
export function decimalField(scale: number) {
  return z.union([z.string(), z.number()]).transform((input, check) => {
    const value = scaledFrom(input, scale);
    if (value === null) {
      check.issues.push({ code: 'custom', message: 'is not a number', input });
      return z.NEVER;
    }
    return value;
  });
}

/**
 * The body as the schema reads it. Unknown fields answer 406, a wrong type or a missing field 400, a value
 * outside an enumeration or a number that does not fit 422.
 */
export function parsedBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  if (body === undefined) throw accessError(400, 'param is missing or the value is empty');
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw vendorError(result.error.issues);
}

function vendorError(issues: readonly z.core.$ZodIssue[]): ApiError {
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  if (unknown.length > 0) return unknownFields(unknown);
  const errors: Record<string, string[]> = {};
  let status: 400 | 422 = 422;
  for (const issue of issues) {
    const { text, malformed } = described(issue);
    if (malformed) status = 400;
    const field = issue.path.findLast((part) => typeof part === 'string') ?? 'base';
    const list = errors[field] ?? [];
    list.push(text);
    errors[field] = list;
  }
  return fieldErrors(status, errors);
}

function described(issue: z.core.$ZodIssue): { text: string; malformed: boolean } {
  if (issue.code === 'invalid_value') return { text: 'is not included in the list', malformed: false };
  if (issue.code === 'custom') return { text: issue.message, malformed: false };
  if (issue.code === 'invalid_type') {
    const missing = issue.input === undefined;
    return { text: missing ? 'is missing' : `must be of type ${issue.expected}`, malformed: true };
  }
  return { text: 'is invalid', malformed: true };
}
