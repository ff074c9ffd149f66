import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onSendAsyncHookHandler,
  preHandlerAsyncHookHandler,
} from 'fastify';
import { inTenant } from '../store/database/transaction.ts';
import { type IdempotentRequest, releaseKey, reserveKey, saveAnswer } from '../store/people/idempotency.ts';
import { isMutating } from './auth/same-origin.ts';
import type { HttpDeps } from './deps.ts';
import { HttpProblem } from './problems.ts';

// Longer than any request of ours lives: statements end after 60 s.
const STALE_MS = 120_000;
const MAX_KEY_CHARACTERS = 200;

declare module 'fastify' {
  interface FastifyRequest {
    reservation: IdempotentRequest | null;
  }
}

/**
 * Honours Idempotency-Key on every mutating route of a signed-in person: the same request is answered from
 * what was stored, another request under the same key is refused. Our own failures are not stored.
 */
export function honourIdempotencyKeys(app: FastifyInstance, deps: HttpDeps): void {
  app.decorateRequest('reservation', null);
  const before: preHandlerAsyncHookHandler = (request, reply) => reserve(deps, request, reply);
  const after: onSendAsyncHookHandler = async (request, reply, payload) => {
    await keep(deps, request, reply, payload);
    return payload;
  };
  // Only where somebody is signed in: a webhook, of which thousands come, would pay for both in vain.
  app.addHook('onRoute', (route) => {
    const access = route.config?.access;
    if (access === 'hook' || access === 'open' || ![route.method].flat().some(isMutating)) return;
    route.preHandler = [before, ...[route.preHandler ?? []].flat()];
    route.onSend = [...[route.onSend ?? []].flat(), after];
  });
}

async function reserve(deps: HttpDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const key = request.headers['idempotency-key'];
  const { caller } = request;
  if (key === undefined || !caller || !isMutating(request.method)) return undefined;
  if (typeof key !== 'string' || key === '' || key.length > MAX_KEY_CHARACTERS) {
    throw new HttpProblem(
      400,
      'Not valid',
      'Idempotency-Key must have 1 to 200 characters. Nothing was changed.',
    );
  }
  const wanted = {
    userId: caller.person.id,
    key,
    requestHash: deps.fingerprint(caller.tenant, wordsOf(request)),
  };
  const now = deps.clock.now();
  const times = { at: now, staleBefore: new Date(now.getTime() - STALE_MS) };
  const reservation = await inTenant(deps.pools.app, caller.tenant, (tx) =>
    reserveKey(tx, caller.tenant, wanted, times),
  );
  switch (reservation.kind) {
    case 'reserved':
      request.reservation = wanted;
      return undefined;
    case 'running':
      throw new HttpProblem(
        409,
        'Still running',
        'The first request with this Idempotency-Key has no answer yet.',
        { retryAfterSeconds: 2 },
      );
    case 'other-request':
      throw new HttpProblem(
        422,
        'Key used before',
        'This Idempotency-Key belongs to another request. Nothing was changed.',
      );
    case 'answered': {
      const isProblem = reservation.status >= 400;
      reply.code(reservation.status).header('idempotent-replay', 'true');
      if (reservation.answer === null) return reply.send();
      return reply
        .type(isProblem ? 'application/problem+json' : 'application/json; charset=utf-8')
        .send(JSON.stringify(reservation.answer));
    }
  }
}

async function keep(
  deps: HttpDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<void> {
  const { caller, reservation } = request;
  if (!caller || !reservation) return;
  request.reservation = null;
  const body: unknown = typeof payload === 'string' && payload !== '' ? JSON.parse(payload) : null;
  await inTenant(deps.pools.app, caller.tenant, (tx) =>
    reply.statusCode >= 500
      ? releaseKey(tx, reservation)
      : saveAnswer(tx, reservation, { status: reply.statusCode, body }),
  ).catch((error: unknown) => {
    // The effect stands either way; the key frees itself when it is stale.
    deps.log.warn({ err: error, requestId: request.id }, 'answer of an idempotent request was not kept');
  });
}

function wordsOf({ method, url, body }: FastifyRequest): string {
  return JSON.stringify([method, url, body ?? null]);
}
