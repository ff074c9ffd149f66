import { z } from 'zod';
import { listConnections } from '../../store/connection-view.ts';
import { inTenant } from '../../store/transaction.ts';
import { callerOf } from '../access.ts';
import { type Api, answers } from '../api.ts';
import type { HttpDeps } from '../deps.ts';
import { granted } from '../problems.ts';
import { PHASE_KEEPERS } from '../roles.ts';
import { ConnectionPage, Done, SetPhase } from '../schemas.ts';
import { toConnectionRow } from '../views/connection-row.ts';

const ConnectionId = z.object({ id: z.string().min(1).max(100) });

export async function connectionRoutes(app: Api, deps: HttpDeps): Promise<void> {
  app.get(
    '/connections',
    { config: { access: 'signed-in' }, schema: { response: answers(ConnectionPage) } },
    async (request) => {
      const rows = await inTenant(deps.pools.app, callerOf(request).tenant, listConnections);
      return { rows: rows.map(toConnectionRow) };
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
      return { ok: true as const };
    },
  );
}
