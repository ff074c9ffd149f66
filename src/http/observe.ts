import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Histogram, type Registry } from 'prom-client';
import { tokenHash } from './auth/tokens.ts';
import type { HttpDeps, HttpOptions } from './deps.ts';
import { notFound, sendProblem } from './problems.ts';

const READY_WITHIN_MS = 2000;
const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** /healthz: the process answers. /readyz: the database does too. /metrics: for Prometheus. */
export function observe(
  app: FastifyInstance,
  deps: HttpDeps,
  options: HttpOptions & { readonly metrics: Registry },
): void {
  const registry = options.metrics;
  measureRequests(app, registry);
  const config = { access: 'open' as const };
  const schema = { hide: true };

  app.get('/healthz', { config, schema }, async () => ({ status: 'ok' }));

  app.get('/readyz', { config, schema }, async (_request, reply) => {
    const done = new AbortController();
    const late = deps.clock.sleep(READY_WITHIN_MS, done.signal).then(() => false);
    const answered = deps.pools.app.query('select 1').then(
      () => true,
      () => false,
    );
    const isReady = await Promise.race([answered, late]);
    done.abort();
    if (isReady) return { status: 'ready' };
    return sendProblem(reply, {
      title: 'Not ready',
      status: 503,
      detail: 'The database does not answer. Nothing is posted until it does.',
    });
  });

  app.get('/metrics', { config, schema }, async (request, reply) => {
    if (!mayScrape(request, options)) throw notFound('page');
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

function measureRequests(app: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: 'tiebeam_http_request_duration_seconds',
    help: 'Time to answer a request, by route pattern.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 10],
    registers: [registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    // The pattern and not the address: ids would make a series each.
    const route = request.routeOptions.url ?? 'none';
    duration.observe(
      { method: request.method, route, status: `${reply.statusCode}` },
      reply.elapsedTime / 1000,
    );
    done();
  });
}

/** With a token: whoever has it. Without: this machine, unless a proxy forwarded the request. */
function mayScrape(request: FastifyRequest, options: HttpOptions): boolean {
  if (options.metricsToken !== undefined) {
    const given = tokenHash(request.headers.authorization ?? '');
    return timingSafeEqual(given, tokenHash(`Bearer ${options.metricsToken}`));
  }
  const isForwarded =
    request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
  return LOOPBACK.has(request.socket.remoteAddress ?? '') && !isForwarded;
}
