import { z } from 'zod';
import type { WireResponse } from '../../../domain/posting/writes.ts';
import { parseJson } from '../../../lib/decimal-json.ts';

export const SYSTEM = 'SAP Business One';

export type VendorError = { readonly code: string; readonly message: string };

// OData 3 wraps the text ({lang, value}) and sends numeric codes, OData 4 sends plain strings, SQL queries mix both.
const errorBody = z.object({
  error: z.object({
    code: z.string().nullish(),
    message: z.union([z.string(), z.object({ value: z.string() })]).nullish(),
  }),
});

/** The error that an answer carries, or null when the body is not one of the Service Layer's (a proxy's page). */
export function vendorError(response: Pick<WireResponse, 'body'>): VendorError | null {
  let body: unknown;
  try {
    body = parseJson(response.body);
  } catch {
    return null;
  }
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) return null;
  const { code, message } = parsed.data.error;
  const text = typeof message === 'string' ? message : (message?.value ?? '');
  return { code: code ?? '', message: text.slice(0, 500) };
}

/**
 * Whether the server refused the session before it looked at the request: 401 or code 301 in the field. One
 * published integration names -5002, which otherwise is any business error: it counts only when its text
 * speaks of the session.
 */
export function isSessionLoss(response: Pick<WireResponse, 'status' | 'body'>): boolean {
  if (response.status === 401) return true;
  if (response.status < 400 || response.status >= 500) return false;
  const error = vendorError(response);
  if (error === null) return false;
  return error.code === '301' || (error.code === '-5002' && SESSION_TEXT.test(error.message));
}

const SESSION_TEXT =
  /\bsession\b.*\b(invalid|expired|timeout|timed out)\b|\b(invalid|expired)\b.*\bsession\b/i;
