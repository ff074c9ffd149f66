import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from './schemas/answers.ts';

/** The server with bodies, parameters and answers typed by their schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** The answers a route documents: its own, and problem+json for everything else. */
export function answers<Answer extends z.ZodType>(answer: Answer) {
  return { 200: answer, '4xx': Problem, '5xx': Problem };
}

export const Uuid = z.uuid();
export const ById = z.object({ id: Uuid });
