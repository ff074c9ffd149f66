import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { Declined } from './deps.ts';
import type { Problem } from './schemas/answers.ts';

export type ProblemBody = z.infer<typeof Problem>;

/** Thrown where a request ends early; the error handler turns it into problem+json. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly retryAfterSeconds: number | undefined;
  readonly fields: ProblemBody['fields'];

  constructor(
    status: number,
    title: string,
    detail: string,
    { retryAfterSeconds, fields }: { retryAfterSeconds?: number; fields?: ProblemBody['fields'] } = {},
  ) {
    super(title);
    this.name = 'HttpProblem';
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.retryAfterSeconds = retryAfterSeconds;
    this.fields = fields;
  }
}

export function notFound(what: string): HttpProblem {
  return new HttpProblem(404, `No such ${what}`, `There is no ${what} under this address in your company.`);
}

export function sendProblem(
  reply: FastifyReply,
  problem: Omit<ProblemBody, 'type'> & { type?: string },
): FastifyReply {
  const body = { type: 'about:blank', ...problem } satisfies ProblemBody;
  // Sent as text: the serialiser of the route's schema is for answers, not for problems.
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(body));
}

/** The answer of a decision, or the problem it names. */
export function granted<Answer extends object>(
  decision: ({ readonly ok: true } & Answer) | Declined,
): { readonly ok: true } & Answer {
  if (decision.ok) return decision;
  const { status, title, detail, fields } = decision;
  throw new HttpProblem(status, title, detail, fields === undefined ? {} : { fields: [...fields] });
}
