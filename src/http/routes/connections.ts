import { z } from 'zod';
import { inTenant } from '../../store/database/transaction.ts';
import { listConnections } from '../../store/views/connection-view.ts';
import { callerOf } from '../access.ts';
import { type Api, answers } from '../api.ts';
import type { HttpDeps } from '../deps.ts';
import { granted } from '../problems.ts';
import { CONNECTORS, COST_KEEPERS, PHASE_KEEPERS } from '../roles.ts';
import { Done } from '../schemas/answers.ts';
import {
  AllowJobCosts,
  ConnectionForm,
  ConnectionPage,
  NewConnection,
  SaveConnection,
  SetPhase,
  SystemPage,
} from '../schemas/connections.ts';
import { toConnectionRow } from '../views/connection-row.ts';

const ConnectionId = z.object({ id: z.string().min(1).max(100) });
const done = { ok: true as const };

export async function connectionRoutes(app: Api, deps: HttpDeps): Promise<void> {
  app.get(
    '/connections',
    { config: { access: 'signed-in' }, schema: { response: answers(ConnectionPage) } },
    async (request) => {
      const rows = await inTenant(deps.pools.app, callerOf(request).tenant, listConnections);
      return { rows: rows.map(toConnectionRow) };
    },
  );

  app.get(
    '/systems',
    { config: { access: 'signed-in' }, schema: { response: answers(SystemPage) } },
    async () => ({ rows: deps.systems.map((system) => ({ ...system, fields: [...system.fields] })) }),
  );

  app.get(
    '/connections/:id',
    { config: { access: CONNECTORS }, schema: { params: ConnectionId, response: answers(ConnectionForm) } },
    async (request) =>
      granted(await deps.connectionForm({ tenant: callerOf(request).tenant, id: request.params.id })),
  );

  app.post(
    '/connections',
    { config: { access: CONNECTORS }, schema: { body: NewConnection, response: answers(Done) } },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      const { id, name, values, ...fresh } = request.body;
      granted(await deps.saveConnection({ tenant, user, id, name, values, fresh }));
      return done;
    },
  );

  app.post(
    '/connections/:id',
    {
      config: { access: CONNECTORS },
      schema: { params: ConnectionId, body: SaveConnection, response: answers(Done) },
    },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      granted(await deps.saveConnection({ tenant, user, id: request.params.id, ...request.body }));
      return done;
    },
  );

  app.post(
    '/connections/:id/phase',
    {
      config: { access: PHASE_KEEPERS },
      schema: { params: ConnectionId, body: SetPhase, response: answers(Done) },
    },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      const { phase, projectId } = request.body;
      const wish = { tenant, user, connectionId: request.params.id, phase };
      granted(await deps.setPhase(projectId === undefined ? wish : { ...wish, projectId }));
      return done;
    },
  );

  app.post(
    '/job-costs',
    { config: { access: COST_KEEPERS }, schema: { body: AllowJobCosts, response: answers(Done) } },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      granted(await deps.allowJobCosts({ tenant, user, allowed: request.body.allowed }));
      return done;
    },
  );

  app.post(
    '/job-costs/now',
    { config: { access: COST_KEEPERS }, schema: { response: answers(Done) } },
    async (request) => {
      await deps.askForActuals(callerOf(request).tenant);
      return done;
    },
  );
}
