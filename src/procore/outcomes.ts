import type { FieldError, Outcome } from '../domain/posting/outcomes.ts';
import { ROW_REFUSED } from '../domain/posting/outcomes.ts';
import type { WireResponse } from '../domain/posting/writes.ts';
import { type JsonValue, parseJson } from '../lib/decimal-json.ts';
import { asTree, readErrors, rowErrors, textOf } from './http/errors.ts';
import { retryAfterMs } from './http/rate-window.ts';
import { syncAnswer } from './wire.ts';

// Documented answers that precede any effect. 408 (too slow) and 5xx prove nothing and stay unknown.
const REFUSALS: ReadonlySet<number> = new Set([400, 403, 404, 405, 406, 409, 413, 415, 422]);

/** A sync call: row errors come inside HTTP 200, and a row that no list mentions has an unknown fate. */
export function classifySync(response: WireResponse, rowsSent: number, id: string): Outcome {
  if (!isSuccess(response.status)) return classifyFailure(response);
  const answer = syncAnswer.safeParse(safely(response.body));
  if (!answer.success)
    return { kind: 'unknown', why: 'the answer of the sync call is not in its documented form' };
  const { entities, errors } = answer.data;
  if (errors.length > 0) return { kind: 'refused', errors: rowErrors(errors as readonly JsonValue[]) };
  if (entities.length < rowsSent)
    return { kind: 'unknown', why: `the answer speaks of ${entities.length} of ${rowsSent} rows` };
  return { kind: 'posted', id };
}

/**
 * A sync call whose rows stand for themselves: each that was refused is named, and the others of that answer stand.
 * A row is named by its origin id, or by the ids of its coding where it has none.
 */
export function classifyRows(response: WireResponse, rowsSent: number, id: string): Outcome {
  const outcome = classifySync(response, 0, id);
  if (!isSuccess(response.status) || outcome.kind === 'unknown') return outcome;
  const { entities, errors } = syncAnswer.parse(safely(response.body));
  const refused = (errors as readonly JsonValue[]).map((row) => {
    // Without its attributes: the row is named by the field of the refusal.
    const message = rowErrors([{ errors: asTree(row)?.errors ?? null }]).map((error) =>
      error.field ? `${error.field}: ${error.message}` : error.message,
    );
    return { field: rowName(row), message: message.join(', '), code: ROW_REFUSED };
  });
  const silent = rowsSent - entities.length - errors.length;
  if (silent > 0) return { kind: 'unknown', why: `the answer says nothing of ${silent} of ${rowsSent} rows` };
  return refused.length > 0 ? { kind: 'refused', errors: refused } : { kind: 'posted', id };
}

function rowName(row: JsonValue): string {
  const tree = asTree(row) ?? {};
  return (
    textOf(tree.origin_id) ?? `${textOf(tree.cost_code_id) ?? ''}/${textOf(tree.line_item_type_id) ?? ''}`
  );
}

/** A plain write whose answer carries nothing that we need. */
export function classifyPlain(response: WireResponse, id: string): Outcome {
  if (!isSuccess(response.status)) return classifyFailure(response);
  if (response.body.trim() !== '' && safely(response.body) === undefined)
    return { kind: 'unknown', why: 'the answer broke off or is not JSON' };
  return { kind: 'posted', id };
}

function classifyFailure(response: WireResponse): Outcome {
  const { status } = response;
  if (status === 401)
    return { kind: 'not-sent', why: 'Procore refused the sign-in before it read the request' };
  if (status === 429) {
    const wait = retryAfterMs(response.headers, null);
    return {
      kind: 'not-sent',
      why: 'the rate limit was used up',
      ...(wait === null ? {} : { retryAfterMs: wait }),
    };
  }
  if (REFUSALS.has(status)) return { kind: 'refused', errors: withAdvice(status, readErrors(response.body)) };
  return { kind: 'unknown', why: `the write was answered with ${status}` };
}

function withAdvice(status: number, errors: readonly FieldError[]): readonly FieldError[] {
  if (status !== 403) return errors;
  const advice =
    'Check that the app is connected to the company and that its service account has the permission.';
  return errors.map((error) => ({ ...error, message: `${error.message} (${advice})` }));
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Undefined stands for text that is not JSON. */
function safely(body: string): JsonValue | undefined {
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}
