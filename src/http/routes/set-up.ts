import { Readable } from 'node:stream';
import { z } from 'zod';
import { callerOf } from '../access.ts';
import { type Api, answers } from '../api.ts';
import type { HttpDeps } from '../deps.ts';
import { granted } from '../problems.ts';
import { CONNECTORS } from '../roles.ts';
import { FindingLines } from '../schemas/connections.ts';
import { RunSetUp, SetUpPlan, SetUpResults } from '../schemas/set-up.ts';

const ConnectionId = z.object({ id: z.string().min(1).max(100) });
const SetUpQuery = z.object({
  address: z.string().max(500).optional(),
  freshSecret: z.enum(['true', 'false']).optional(),
});

/** Trying a connection and completing what the company needs: both speak with the outside while somebody waits. */
export async function setUpRoutes(app: Api, deps: HttpDeps): Promise<void> {
  app.get(
    '/connections/:id/check',
    {
      config: { access: CONNECTORS },
      schema: {
        params: ConnectionId,
        produces: ['application/x-ndjson'],
        response: answers(FindingLines),
      },
    },
    async (request, reply) => {
      const findings = deps.checkConnection(callerOf(request).tenant, request.params.id);
      reply.type('application/x-ndjson; charset=utf-8');
      // What is described as text leaves as a stream: each finding is seen when it is found.
      return Readable.from(lines(findings)) as unknown as string;
    },
  );

  app.get(
    '/set-up',
    {
      config: { access: CONNECTORS },
      schema: { querystring: SetUpQuery, response: answers(SetUpPlan) },
    },
    async (request) => {
      const { address, freshSecret } = request.query;
      const wish = { tenant: callerOf(request).tenant, address, freshSecret: freshSecret === 'true' };
      return granted(await deps.planSetUp(wish)).plan;
    },
  );

  app.post(
    '/set-up',
    { config: { access: CONNECTORS }, schema: { body: RunSetUp, response: answers(SetUpResults) } },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      return { rows: granted(await deps.runSetUp({ tenant, user, ...request.body })).results };
    },
  );
}

async function* lines(findings: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const finding of findings) yield `${JSON.stringify(finding)}\n`;
}
