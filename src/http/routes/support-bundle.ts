import { inTenant } from '../../store/database/transaction.ts';
import { callerOf } from '../access.ts';
import { type Api, answers } from '../api.ts';
import type { HttpDeps } from '../deps.ts';
import { SUPPORTERS } from '../roles.ts';
import { MakeSupportBundle, SupportBundle } from '../schemas/support-bundle.ts';

/** What whoever helps this company needs, as a file. Who took one, and whether with names, stands in the audit trail. */
export async function supportBundleRoutes(
  app: Api,
  deps: HttpDeps,
  metrics: () => Promise<string>,
): Promise<void> {
  app.post(
    '/support-bundle',
    {
      config: { access: SUPPORTERS },
      schema: {
        body: MakeSupportBundle,
        produces: ['application/gzip'],
        response: answers(SupportBundle),
      },
    },
    async (request, reply) => {
      const { tenant, person } = callerOf(request);
      const { days, withNames } = request.body;
      await inTenant(deps.pools.app, tenant, (tx) => {
        const facts = { days: String(days), withNames: String(withNames) };
        return deps.audit(tx, { tenant, kind: 'support-bundle-made', actor: person.email, facts });
      });
      const bundle = await deps.supportBundle({ tenant, days, withNames, metrics: await metrics() });
      reply.type('application/gzip');
      reply.header('content-disposition', 'attachment; filename="tiebeam-support.tar.gz"');
      // Described as text, because a schema knows no bytes.
      return bundle as unknown as string;
    },
  );
}
