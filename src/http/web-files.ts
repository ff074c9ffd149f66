import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from './problems.ts';

const NOT_BUILT = 'The web app is not built: run "npm run build:web". The API answers under /api/v1.\n';
const OURS = /^\/(api|webhooks|metrics|healthz|readyz)(\/|$)/;

/** Serves the built web app; an address without a file opens the app, which routes by itself. */
export async function webFiles(app: FastifyInstance, webRoot: string | undefined): Promise<void> {
  const root = webRoot === undefined ? undefined : resolve(webRoot);
  const isBuilt = root !== undefined && existsSync(join(root, 'index.html'));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root,
      // Our own route serves, so that it declares its access like every other.
      serve: false,
      cacheControl: false,
      dotfiles: 'deny',
    });
  }
  app.get<{ Params: { '*': string } }>(
    '/*',
    { config: { access: 'open' }, schema: { hide: true } },
    (request, reply) => (isBuilt ? serve(request, reply, root) : serveNothing(request, reply)),
  );
}

function serve(
  request: FastifyRequest<{ Params: { '*': string } }>,
  reply: FastifyReply,
  root: string,
): FastifyReply {
  const path = request.params['*'];
  if (OURS.test(`/${path}`)) throw notFound('page');
  const isFile = /\.[a-z0-9]{1,8}$/i.test(path);
  if (!isFile) return reply.sendFile('index.html', root);
  // Vite puts a content hash into the names below assets/: those never change.
  if (path.startsWith('assets/')) reply.header('cache-control', 'public, max-age=31536000, immutable');
  return reply.sendFile(path, root);
}

function serveNothing(
  request: FastifyRequest<{ Params: { '*': string } }>,
  reply: FastifyReply,
): FastifyReply {
  if (OURS.test(`/${request.params['*']}`)) throw notFound('page');
  return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
}
