import { inTenant } from '../../store/database/transaction.ts';
import { setPointOfView } from '../../store/people/tenant.ts';
import { callerOf } from '../access.ts';
import { type Api, answers } from '../api.ts';
import type { HttpDeps } from '../deps.ts';
import { WORD_KEEPERS } from '../roles.ts';
import { Done } from '../schemas/answers.ts';
import { SetPointOfView } from '../schemas/people.ts';

/** Whose words are spoken to this company. It is read with the signed-in person, and no plan or posting knows of it. */
export async function pointOfViewRoutes(app: Api, deps: HttpDeps): Promise<void> {
  app.put(
    '/point-of-view',
    { config: { access: WORD_KEEPERS }, schema: { body: SetPointOfView, response: answers(Done) } },
    async (request) => {
      const { tenant, person } = callerOf(request);
      const { pointOfView } = request.body;
      await inTenant(deps.pools.app, tenant, async (tx) => {
        await setPointOfView(tx, pointOfView);
        const facts = { pointOfView };
        await deps.audit(tx, { tenant, kind: 'point-of-view-set', actor: person.email, facts });
      });
      return { ok: true as const };
    },
  );
}
