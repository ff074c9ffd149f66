import { type FieldError, Stop, type StopKind } from '../../domain/posting/outcomes.ts';
import type { WireResponse } from '../../domain/posting/writes.ts';
import { type JsonValue, parseJson } from '../../lib/decimal-json.ts';
import type { DoorError } from '../../lib/door.ts';
import { retryAfterMs } from './rate-window.ts';

/** Name under which Procore appears in messages. */
export const PROCORE = 'Procore';

const MAX_ERRORS = 50;
const MAX_TEXT = 500;

type Tree = { readonly [key: string]: JsonValue };

/**
 * Reads every error body that Procore's routes are known to send side by side: generic with code and reason,
 * messages per field, access texts, the finance routes' message and exception, and the two nested forms.
 */
export function readErrors(body: string): FieldError[] {
  let parsed: JsonValue;
  try {
    parsed = parseJson(body);
  } catch {
    return [{ field: '', message: clip(body.trim()) || 'no reason was given' }];
  }
  const found = fromBody(parsed).slice(0, MAX_ERRORS);
  return found.length > 0 ? found : [{ field: '', message: clip(body) || 'no reason was given' }];
}

function fromBody(body: JsonValue): FieldError[] {
  if (typeof body === 'string') return [{ field: '', message: clip(body) }];
  const tree = asTree(body);
  if (!tree) return [];
  if (tree.errors !== undefined && tree.errors !== null) return fromErrors(tree.errors, '');
  const nested = asTree(tree.error);
  if (nested) return fromNested(nested);
  const message = textOf(tree.message) ?? textOf(tree.error_description) ?? textOf(tree.error);
  if (message === null) return [];
  const code = textOf(tree.reason) ?? textOf(tree.exception) ?? textOf(tree.error) ?? textOf(tree.code);
  return [fieldError(textOf(tree.fields) ?? '', message, code === message ? null : code)];
}

/** Messages per field, nested per sub-object, or a bare text or list of texts. */
function fromErrors(errors: JsonValue, field: string): FieldError[] {
  if (typeof errors === 'string') return [fieldError(field, errors, null)];
  if (Array.isArray(errors)) return errors.flatMap((entry: JsonValue) => fromErrors(entry, field));
  const tree = asTree(errors);
  if (!tree) return [];
  return Object.entries(tree).flatMap(([name, entry]) =>
    fromErrors(entry, name === 'base' ? field : field === '' ? name : `${field}.${name}`),
  );
}

/** The new v1 form names `code`, the v2 form names `reason_code`; both put the field into `source`. */
function fromNested(error: Tree): FieldError[] {
  const details = Array.isArray(error.details) ? error.details : [];
  const listed = details.flatMap((entry: JsonValue): FieldError[] => {
    const row = asTree(entry);
    const message = row ? textOf(row.message) : null;
    if (!row || message === null) return [];
    return [fieldError(textOf(row.source) ?? '', message, textOf(row.reason_code) ?? textOf(row.code))];
  });
  if (listed.length > 0) return listed;
  const message = textOf(error.message) ?? textOf(error.code);
  return message === null ? [] : [fieldError('', message, textOf(error.code))];
}

/** Row errors of a sync call, which Procore reports inside HTTP 200; each names the row it belongs to. */
export function rowErrors(rows: readonly JsonValue[]): FieldError[] {
  return rows.slice(0, MAX_ERRORS).flatMap((row) => {
    const tree = asTree(row) ?? {};
    const key = textOf(tree.item_id) ?? textOf(tree.id) ?? textOf(tree.origin_id);
    const found = fromErrors(tree.errors ?? tree.error ?? tree.message ?? 'the row was refused', '');
    const rowName = key === null ? '' : `${textOf(tree.item_type) ?? 'row'} ${key}: `;
    return found.map((error) => ({ ...error, message: rowName + error.message }));
  });
}

const CLOSED_TOOL =
  'Give the service account the tool permission that this call needs, and permit the project to it in ' +
  'App Management (both are lost when the app is updated or installed again).';
const CLOSED_PROJECT = 'Permit the project to the service account in App Management, or correct the id.';

/** Whether Procore knows who asks and does not show it. Credentials that are refused are something else. */
export function isNotShown(error: unknown): boolean {
  return error instanceof Stop && (error.remedy === CLOSED_TOOL || error.remedy === CLOSED_PROJECT);
}

/** What an answer that is not a success means for a read: a stop, with what to do about it. */
export function stopFor(response: WireResponse, asked: string, now: Date | null): Stop {
  const errors = readErrors(response.body);
  const said = errors
    .map((error) => (error.field ? `${error.field}: ${error.message}` : error.message))
    .join('; ');
  const { kind, remedy } = verdict(response.status, said);
  const wait = retryAfterMs(response.headers, now);
  return new Stop(kind, PROCORE, `${asked} was answered with ${response.status}: ${said}`, {
    ...(remedy === null ? {} : { remedy }),
    ...(kind === 'retry-later' && wait !== null ? { retryAfterMs: wait } : {}),
  });
}

function verdict(status: number, said: string): { kind: StopKind; remedy: string | null } {
  if (status === 401)
    return { kind: 'unauthorised', remedy: 'Check the client id and secret of the service account.' };
  if (status === 403 && /not connected/i.test(said))
    return {
      kind: 'unauthorised',
      remedy: 'Ask a Procore company administrator to install or reconnect the app under App Management.',
    };
  if (status === 403)
    return {
      kind: 'unauthorised',
      remedy: CLOSED_TOOL,
    };
  if (status === 404)
    return {
      kind: 'unauthorised',
      remedy: CLOSED_PROJECT,
    };
  if (status === 408 || status === 429 || status >= 500) return { kind: 'retry-later', remedy: null };
  return { kind: 'bug', remedy: null };
}

/** A connection that did not bring an answer at all. */
export function stopForDoor(error: DoorError, host: string): Stop {
  if (error.trouble === 'tls')
    return new Stop('unauthorised', PROCORE, error.message, {
      cause: error,
      remedy: certificateRemedy(error.message, host),
    });
  if (error.trouble === 'unreachable')
    return new Stop('retry-later', PROCORE, error.message, {
      cause: error,
      remedy: `Check that ${host} is spelt right and that this machine may reach it (DNS, proxy, firewall).`,
    });
  const kind = error.trouble === 'not-a-read' ? 'bug' : 'retry-later';
  return new Stop(kind, PROCORE, error.message, { cause: error });
}

function certificateRemedy(message: string, host: string): string {
  if (message.includes('ALTNAME'))
    return `Use the host name that the certificate was issued for, or have one issued for ${host}.`;
  if (message.includes('EXPIRED')) return `Have the certificate of ${host} renewed.`;
  return `Put the certificate authority that signed ${host} into this connection's settings (field ca); a self-signed certificate is never accepted by itself.`;
}

export function asTree(value: JsonValue | undefined): Tree | null {
  return value !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Tree)
    : null;
}

/** The text of a scalar; empty text counts as absent. */
export function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function fieldError(field: string, message: string, code: string | null): FieldError {
  return { field, message: clip(message), ...(code === null ? {} : { code }) };
}

function clip(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text;
}
