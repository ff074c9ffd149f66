import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Received } from '../../engine/intake/intake.ts';
import { type Deadline, Deadlines } from '../../lib/deadlines.ts';
import { inTenant } from '../../store/database/transaction.ts';
import type { Hook } from '../../store/intake/hook-door.ts';
import type { HttpDeps } from '../deps.ts';
import { readWebhookBody } from '../webhook-body.ts';
import { RememberedHooks } from '../webhook-hooks.ts';

export const WEBHOOK_BODY_LIMIT_BYTES = 256 * 1024;
/** Procore gives up after 5 s and pauses its queue: one second is left for the network. */
const ANSWER_WITHIN_MS = 4_000;

declare module 'fastify' {
  interface FastifyRequest {
    hook: Hook | null;
    deadline: Deadline | null;
  }
}

type Request = FastifyRequest<{ Params: { hook: string }; Body: string | undefined }>;

/**
 * Takes Procore's webhooks. The answer is 2xx only after the signals are committed, so what was acknowledged
 * survives a crash; every failure is a 5xx, which Procore sends again. No answer has a body. Webhooks come by the
 * thousand: one whose hook is known waits for its commit and for nothing else.
 */
export async function webhookRoutes(app: FastifyInstance, deps: HttpDeps): Promise<void> {
  const hooks = new RememberedHooks(deps.pools.door, deps.clock);
  const deadlines = new Deadlines(deps.clock, ANSWER_WITHIN_MS);
  app.decorateRequest('hook', null);
  app.decorateRequest('deadline', null);
  app.addHook('onResponse', ({ deadline }, _reply, done) => {
    if (deadline !== null) deadlines.lift(deadline);
    done();
  });
  app.addHook('onClose', async () => deadlines.close());
  app.removeAllContentTypeParsers();
  // Whatever the content type says: the body is kept as the text it came as.
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.setErrorHandler(answerWebhookError(deps));

  app.post<{ Params: { hook: string }; Body: string | undefined }>(
    '/procore/:hook',
    {
      config: { access: 'hook' },
      schema: { hide: true },
      bodyLimit: WEBHOOK_BODY_LIMIT_BYTES,
      onRequest: admit,
    },
    receive,
  );

  /** Before the body is read: a stranger's bytes are not even received. */
  function admit(request: Request, reply: FastifyReply, done: (error?: Error) => void): void {
    // The work may still commit: the next delivery is a duplicate then.
    request.deadline = deadlines.start(() => answer(reply, 503));
    const { authorization } = request.headers;
    request.hook = hooks.remembered(request.params.hook, authorization);
    if (request.hook !== null) done();
    else
      hooks.prove(request.params.hook, authorization).then((proven) => {
        request.hook = proven;
        if (proven === null) refuse(deps, request, reply);
        else done();
      }, done);
  }

  function receive(request: Request, reply: FastifyReply): void {
    const { body, params } = request;
    // Nobody comes here without a hook.
    const hook = request.hook!;
    take(deps, hook, params.hook, body ?? '').then(
      (status) => {
        if (status === 401) {
          hooks.forget(params.hook);
          refuse(deps, request, reply);
        } else answer(reply, status);
      },
      (error: unknown) => {
        if (!reply.sent) reply.send(error);
      },
    );
  }
}

/** Whoever was told that time is up is told nothing else. */
function answer(reply: FastifyReply, status: number): void {
  if (!reply.sent) reply.code(status).send();
}

function refuse(deps: HttpDeps, request: Request, reply: FastifyReply): void {
  deps.log.warn({ event: 'webhook-refused', address: request.ip }, 'webhook without a valid secret');
  answer(reply, 401);
}

const STATUS: Readonly<Record<Received, number>> = {
  stored: 200,
  'kept-apart': 202,
  refused: 401,
  'too-busy': 503,
};

async function take(deps: HttpDeps, hook: Hook, hookId: string, body: string): Promise<number> {
  const read = readWebhookBody(body);
  if (read.kind === 'unreadable') return quarantine(deps, hook, hookId, body, read.reason);
  for (const named of read.companyIds)
    if (named !== hook.companyId) return refuseCompany(deps, hook, hookId, named);
  const { tenant, connection } = hook;
  const secretHash = hook.secretHash.toString('hex');
  const { content } = read;
  return STATUS[await deps.receiveWebhook({ tenant, connection, hook: hookId, secretHash, body, content })];
}

async function quarantine(
  deps: HttpDeps,
  { tenant, connection }: Hook,
  hook: string,
  body: string,
  why: string,
): Promise<number> {
  await deps.keepUnread({ tenant, connection, hook, body, reason: `The body ${why}.` });
  deps.log.warn({ event: 'webhook-quarantined', tenant, connection, reason: why }, 'webhook quarantined');
  return 202;
}

async function refuseCompany(deps: HttpDeps, hook: Hook, hookId: string, named: string): Promise<number> {
  const { tenant, connection, companyId } = hook;
  deps.log.error({ event: 'webhook-company-mismatch', tenant, connection }, 'webhook names another company');
  await inTenant(deps.pools.app, tenant, (tx) =>
    deps.audit(tx, {
      tenant,
      kind: 'webhook-company-mismatch',
      actor: `hook ${hookId}`,
      facts: { connection, expected: companyId, named: named.slice(0, 100) },
    }),
  );
  return 403;
}

function answerWebhookError(deps: HttpDeps) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 500;
    if (status === 413) {
      reply.code(413).send();
      return;
    }
    deps.log.error({ err: error, requestId: request.id }, 'webhook was not stored');
    reply.code(503).send();
  };
}
