import { inTenant } from '../../store/database/transaction.ts';
import { listCurrentMappings, type MappingViewRow } from '../../store/views/mapping-view.ts';
import { callerOf } from '../access.ts';
import { type Api, answers } from '../api.ts';
import type { HttpDeps } from '../deps.ts';
import { granted } from '../problems.ts';
import { ANSWERERS } from '../roles.ts';
import { Done } from '../schemas/answers.ts';
import { Mapping, MappingPage, SetMapping } from '../schemas/mappings.ts';
import { instant } from '../views/amounts.ts';

export async function mappingRoutes(app: Api, deps: HttpDeps): Promise<void> {
  app.get(
    '/mappings',
    { config: { access: 'signed-in' }, schema: { response: answers(MappingPage) } },
    async (request) => {
      const rows = await inTenant(deps.pools.app, callerOf(request).tenant, listCurrentMappings);
      return { rows: rows.map(toMapping) };
    },
  );

  app.post(
    '/mappings',
    { config: { access: ANSWERERS }, schema: { body: SetMapping, response: answers(Done) } },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      granted(await deps.setMapping({ tenant, user, mapping: request.body }));
      return { ok: true as const };
    },
  );
}

function toMapping(row: MappingViewRow) {
  return {
    kind: Mapping.shape.kind.parse(row.kind),
    scope: row.scope,
    key: row.key,
    value: Mapping.shape.value.parse(row.value),
    version: row.version,
    setBy: row.set_by,
    setAt: instant(row.set_at),
  };
}
