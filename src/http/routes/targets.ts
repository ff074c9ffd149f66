import { z } from 'zod';
import { inTenant } from '../../store/database/transaction.ts';
import { listCompanies, listTargetChoices } from '../../store/views/target-view.ts';
import { callerOf } from '../access.ts';
import { type Api, answers } from '../api.ts';
import type { HttpDeps } from '../deps.ts';
import { CHOICE_READERS } from '../roles.ts';
import { TargetPage } from '../schemas/mappings.ts';

const MAX_CHOICES = 50;
const TargetQuery = z.object({
  kind: z.enum(['account', 'project', 'vendor', 'customer', 'company']),
  q: z.string().max(200).default(''),
  /** Where the answer counts: a project, an ERP company, or nothing. */
  scope: z.string().max(40).default(''),
});

export async function targetRoutes(app: Api, deps: HttpDeps): Promise<void> {
  app.get(
    '/targets',
    {
      config: { access: CHOICE_READERS },
      schema: { querystring: TargetQuery, response: answers(TargetPage) },
    },
    async (request) => ({
      rows: await inTenant(deps.pools.app, callerOf(request).tenant, (tx) =>
        request.query.kind === 'company'
          ? listCompanies(tx)
          : listTargetChoices(tx, { ...request.query, limit: MAX_CHOICES }),
      ),
    }),
  );
}
