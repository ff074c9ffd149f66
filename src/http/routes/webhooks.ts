import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Received } from '../../engine/intake.ts';
import type { Hook } from '../../store/hook-door.ts';
import { quarantineBody } from '../../store/quarantined-signal.ts';
import { inTenant } from '../../store/transaction.ts';
import type { HttpDeps } from '../deps.ts';
import { readWebhookBody } from '../webhook-body.ts';
import { type Deadline, Deadlines } from '../webhook-deadline.ts';
import { RememberedHooks } from '../webhook-hooks.ts';

export const WEBHOOK_BODY_LIMIT_BYTES = 256 * 1024;

declare module 'fastify' {
  interface FastifyRequest {
    hook: Hook | null;
    deadline: Deadline | null;
  }
}

type Request = FastifyRequest<{ Params: { hook: string }; Body: string | undefined }>;

/**
 * Takes Procore's webhooks. The answer is 2xx only after the signals are committed, so what was acknowledged
 * survives a crash; every failure is a 5xx, which Procore sends again. No answer has a body.
 */
export async function webhookRoutes(app: FastifyInstance, deps: HttpDeps): Promise<void> {
  const hooks = new RememberedHooks(deps.pools.door, deps.clock);
  const deadlines = new Deadlines(deps.clock);
  app.decorateRequest('hook', null);
  app.decorateRequest('deadline', null);
  app.addHook('onResponse', (request, _reply, done) => {
    request.deadline?.lift();
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
      // Before the body is read: a stranger's bytes are not even received.
      async onRequest(request: Request, reply) {
        request.deadline = deadlines.start();
        const { authorization } = request.headers;
        const { hook: id } = request.params;
        const hook =
          hooks.remembered(id, authorization) ??
          (await request.deadline.race(hooks.prove(id, authorization)));
        if (hook === 503) return reply.code(503).send();
        request.hook = hook;
        return hook === null ? refuse(deps, request, reply) : undefined;
      },
    },
    async (request, reply) => {
      const { hook, deadline, params } = request;
      if (!hook || !deadline) return reply.code(401).send();
      const status = await deadline.race(take(deps, hook, params.hook, request.body ?? ''));
      if (status !== 401) return reply.code(status).send();
      hooks.forget(params.hook);
      return refuse(deps, request, reply);
    },
  );
}

function refuse(deps: HttpDeps, request: Request, reply: FastifyReply): FastifyReply {
  deps.log.warn({ event: 'webhook-refused', address: request.ip }, 'webhook without a valid secret');
  return reply.code(401).send();
}

const STATUS: Readonly<Record<Received, number>> = {
  stored: 200,
  'kept-apart': 202,
  refused: 401,
  'too-busy': 503,
};

async function take(deps: HttpDeps, hook: Hook, hookId: string, body: string): Promise<number> {
  const { tenant, connection } = hook;
  const read = readWebhookBody(body);
  if (read.kind === 'unreadable') {
    const reason = `The body ${read.reason}.`;
    await inTenant(deps.pools.app, tenant, (tx) => quarantineBody(tx, { connection, body, reason }));
    deps.log.warn(
      { event: 'webhook-quarantined', tenant, connection, reason: read.reason },
      'webhook quarantined',
    );
    return 202;
  }
  const foreign = [...read.companyIds].find((id) => id !== hook.companyId);
  if (foreign !== undefined) {
    deps.log.error(
      { event: 'webhook-company-mismatch', tenant, connection },
      'webhook names another company',
    );
    await inTenant(deps.pools.app, tenant, (tx) =>
      deps.audit(tx, {
        tenant,
        kind: 'webhook-company-mismatch',
        actor: `hook ${hookId}`,
        facts: { connection, expected: hook.companyId, named: foreign.slice(0, 100) },
      }),
    );
    return 403;
  }
  const secretHash = hook.secretHash.toString('hex');
  const { content } = read;
  return STATUS[await deps.receiveWebhook({ tenant, connection, hook: hookId, secretHash, body, content })];
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
