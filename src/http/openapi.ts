import swagger from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { Api } from './api.ts';

/** Describes every route below /api/v1 from its schemas. Registered before the routes it describes. */
export async function describeApi(app: Api): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tiebeam API',
        version: 'v1',
        description:
          'Amounts are decimal strings in major units. Mutating requests carry X-Tiebeam-Request: 1 and may carry ' +
          'an Idempotency-Key of up to 200 characters. Errors are application/problem+json.',
      },
      components: {
        securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'tiebeam' } },
      },
      security: [{ session: [] }],
    },
    transform: jsonSchemaTransform,
  });
}

export function serveOpenApi(app: Api): void {
  app.get(
    '/api/v1/openapi.json',
    { config: { access: 'open' }, schema: { hide: true } },
    async (_request, reply) =>
      reply.type('application/json; charset=utf-8').send(JSON.stringify(app.swagger())),
  );
}
