import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Log } from '../lib/log.ts';
import { HttpProblem, sendProblem } from './problems.ts';

const PLAIN: Readonly<Record<string, { status: number; title: string; detail: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    title: 'Too large',
    detail: 'The request body is larger than 256 KB. Nothing was changed; send less at once.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    title: 'Wrong content type',
    detail: 'Send the body as application/json. Nothing was changed.',
  },
  FST_ERR_BAD_URL: { status: 400, title: 'Bad address', detail: 'The address cannot be read.' },
};

// 08: connection exception, 53: out of resources, 57P: shutdown, 58: system error (PostgreSQL appendix A).
const UNAVAILABLE_SQLSTATE = /^(08|53|57P|58)/;
const UNAVAILABLE_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);

/** Whether the database could not be reached, as opposed to a fault of ours. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const seen = new Set<unknown>();
  let current: unknown = error;
  while (current instanceof Error && !seen.has(current)) {
    seen.add(current);
    const code = 'code' in current ? String(current.code) : '';
    if (UNAVAILABLE_CODES.has(code) || UNAVAILABLE_SQLSTATE.test(code)) return true;
    // The driver throws these without a code.
    if (/timeout exceeded when trying to connect|Connection terminated/.test(current.message)) return true;
    current = current.cause;
  }
  return false;
}

/** Answers every error as problem+json; only expected ones say more than that something went wrong. */
export function answerError(
  log: Log,
): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    if (error instanceof HttpProblem) {
      if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
      const { title, status, detail, fields } = error;
      sendProblem(reply, { title, status, detail, ...(fields === undefined ? {} : { fields }) });
      return;
    }
    if (hasZodFastifySchemaValidationErrors(error)) {
      sendInvalid(reply, error.validation);
      return;
    }
    const code = codeOf(error);
    const plain = PLAIN[code];
    if (plain) {
      sendProblem(reply, plain);
      return;
    }
    const status = statusOf(error);
    if (status >= 400 && status < 500) {
      sendProblem(reply, {
        title: 'Unreadable request',
        status,
        detail: 'The request cannot be read as JSON of the described shape. Nothing was changed.',
      });
      return;
    }
    log.error({ err: error, requestId: request.id, route: request.routeOptions?.url }, 'request failed');
    if (isDatabaseUnavailable(error)) sendUnavailable(reply);
    else sendInternal(reply, request.id);
  };
}

function sendInvalid(
  reply: FastifyReply,
  issues: readonly { instancePath: string; message?: string | undefined; params?: unknown }[],
): void {
  const fields = issues.slice(0, 50).map((issue) => ({
    field: issue.instancePath.replace(/^\//, '').replaceAll('/', '.'),
    message: issue.message ?? 'is not valid',
  }));
  sendProblem(reply, {
    title: 'Not valid',
    status: 400,
    detail: 'One or more fields are not valid. Nothing was changed.',
    fields,
  });
}

function sendUnavailable(reply: FastifyReply): void {
  reply.header('retry-after', '5');
  sendProblem(reply, {
    title: 'Database not available',
    status: 503,
    detail:
      'The database does not answer. Posting is paused; repeat the request with the same Idempotency-Key.',
  });
}

function sendInternal(reply: FastifyReply, requestId: string): void {
  sendProblem(reply, {
    title: 'Something went wrong',
    status: 500,
    detail: `The fault is ours and was logged as ${requestId}. No document is posted twice by repeating the request.`,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : 500;
}
