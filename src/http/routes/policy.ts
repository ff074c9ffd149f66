import { z } from 'zod';
import { defaultPolicy } from '../../domain/approval/gate.ts';
import { inTenant } from '../../store/database/transaction.ts';
import { listUsers } from '../../store/people/users.ts';
import { currentPolicy } from '../../store/settings/policy.ts';
import { listPolicyVersions, openPolicyProposal } from '../../store/views/policy-view.ts';
import { callerOf } from '../access.ts';
import { type Api, answers } from '../api.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { granted } from '../problems.ts';
import { POLICY_PROPOSERS } from '../roles.ts';
import { Done } from '../schemas/answers.ts';
import {
  PolicyChanges,
  PolicyPage,
  PolicyVersions,
  PreviewPolicy,
  ProposePolicy,
} from '../schemas/policy.ts';
import { toPolicyPage, toPolicyVersion } from '../views/policy-page.ts';

const VersionsQuery = z.object({
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** Who is asked about what. A change is only ever proposed here: it is approved and rejected in Review. */
export async function policyRoutes(app: Api, deps: HttpDeps): Promise<void> {
  app.get(
    '/policy',
    { config: { access: 'signed-in' }, schema: { response: answers(PolicyPage) } },
    async (request) => {
      const { tenant, person } = callerOf(request);
      return inTenant(deps.pools.app, tenant, async (tx) =>
        toPolicyPage(await currentPolicy(tx), await openPolicyProposal(tx), {
          person,
          users: await listUsers(tx),
        }),
      );
    },
  );

  app.get(
    '/policy/versions',
    {
      config: { access: 'signed-in' },
      schema: { querystring: VersionsQuery, response: answers(PolicyVersions) },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const before = decodeCursor(cursor);
      // One more than is shown: each is compared with the one before it.
      const found = await inTenant(deps.pools.app, callerOf(request).tenant, (tx) =>
        listPolicyVersions(tx, { before, limit: limit + 1 }),
      );
      const rows = found.slice(0, limit).map((row, place) => {
        const earlier = found[place + 1];
        const base = earlier === undefined ? defaultPolicy : { ...earlier.body, version: earlier.version };
        return toPolicyVersion(row, base);
      });
      return { rows, next: found.length > limit ? encodeCursor(String(rows.at(-1)!.version)) : null };
    },
  );

  app.post(
    '/policy/preview',
    {
      config: { access: POLICY_PROPOSERS },
      schema: { body: PreviewPolicy, response: answers(PolicyChanges) },
    },
    async (request) => {
      const { changes } = granted(
        await deps.previewPolicy({ tenant: callerOf(request).tenant, ...request.body }),
      );
      return { changes: [...changes] };
    },
  );

  app.post(
    '/policy/proposals',
    { config: { access: POLICY_PROPOSERS }, schema: { body: ProposePolicy, response: answers(Done) } },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      granted(await deps.proposePolicy({ tenant, user, ...request.body }));
      return { ok: true as const };
    },
  );
}
