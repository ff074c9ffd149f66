import cookie from '@fastify/cookie';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { Registry } from 'prom-client';
import { type Access, checkAccess, requireDeclaredAccess } from './access.ts';
import type { Api } from './api.ts';
import { checkSameOrigin, isMutating } from './auth/same-origin.ts';
import { findCaller } from './auth/sessions.ts';
import type { HttpDeps, HttpOptions } from './deps.ts';
import { answerError } from './error-answers.ts';
import { honourIdempotencyKeys } from './idempotent-requests.ts';
import { observe } from './observe.ts';
import { describeApi, serveOpenApi } from './openapi.ts';
import { notFound } from './problems.ts';
import { auditRoutes } from './routes/audit.ts';
import { businessEventRoutes } from './routes/business-events.ts';
import { connectionRoutes } from './routes/connections.ts';
import { documentRoutes } from './routes/documents.ts';
import { mailRoutes } from './routes/mail.ts';
import { mappingRoutes } from './routes/mappings.ts';
import { overviewRoutes } from './routes/overview.ts';
import { pointOfViewRoutes } from './routes/point-of-view.ts';
import { policyRoutes } from './routes/policy.ts';
import { reviewRoutes } from './routes/review.ts';
import { setUpRoutes } from './routes/set-up.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { supportBundleRoutes } from './routes/support-bundle.ts';
import { targetRoutes } from './routes/targets.ts';
import { tieOutRoutes } from './routes/tie-out.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { webFiles } from './web-files.ts';

const BODY_LIMIT_BYTES = 256 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_PARAMETER_CHARACTERS = 200;

/** Builds the HTTP service: every route is registered, nothing listens yet. */
export async function buildServer(deps: HttpDeps, options: HttpOptions): Promise<FastifyInstance> {
  const onError = answerError(deps.log);
  const app = fastify({
    // Addresses may hold one-time tokens, so requests are measured and not logged.
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAMETER_CHARACTERS },
    trustProxy: options.trustProxy ? [...options.trustProxy] : false,
    frameworkErrors: (error, request, reply) => {
      setSecurityHeaders(reply, options.https);
      onError(error, request, reply);
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(onError);
  app.setNotFoundHandler(() => {
    throw notFound('page');
  });

  requireDeclaredAccess(app);
  await app.register(cookie);
  guardRequests(app, deps, options);
  honourIdempotencyKeys(app, deps);
  await describeApi(app);
  const metrics = options.metrics ?? new Registry();
  observe(app, deps, { ...options, metrics });
  serveOpenApi(app);
  await app.register(apiRoutes(deps, options, metrics), { prefix: '/api/v1' });
  await app.register((scope: FastifyInstance) => webhookRoutes(scope, deps), { prefix: '/webhooks' });
  await webFiles(app, options.webRoot);
  return app;
}

function guardRequests(app: FastifyInstance, deps: HttpDeps, options: HttpOptions): void {
  app.decorateRequest('caller', null);
  app.addHook('onRequest', (request, reply, done) => {
    const access = request.routeOptions.config.access;
    // A hook proves itself in its own route. Its answers have no body and no browser to protect: headers for one were
    // a tenth of what a webhook costs, and webhooks come by the thousand.
    if (access !== 'hook') setSecurityHeaders(reply, options.https);
    // Only the not-found handler has none.
    if (access === undefined || access === 'hook') done();
    else admit(access, request).then(() => done(), done);
  });

  async function admit(access: Access, request: FastifyRequest): Promise<void> {
    if (access !== 'open') {
      request.caller = await findCaller(request, deps, options.https);
      checkAccess(access, request.caller);
    }
    if (isMutating(request.method)) checkSameOrigin(request, options);
  }
}

function apiRoutes(
  deps: HttpDeps,
  options: HttpOptions,
  metrics: Registry,
): (scope: FastifyInstance) => Promise<void> {
  return async (scope) => {
    const app: Api = scope.withTypeProvider<ZodTypeProvider>();
    await signInRoutes(app, deps, options);
    await overviewRoutes(app, deps);
    await documentRoutes(app, deps);
    await reviewRoutes(app, deps);
    await mappingRoutes(app, deps);
    await targetRoutes(app, deps);
    await tieOutRoutes(app, deps);
    await auditRoutes(app, deps);
    await businessEventRoutes(app, deps);
    await connectionRoutes(app, deps);
    await pointOfViewRoutes(app, deps);
    await mailRoutes(app, deps);
    await policyRoutes(app, deps);
    await setUpRoutes(app, deps);
    await supportBundleRoutes(app, deps, () => metrics.metrics());
  };
}
