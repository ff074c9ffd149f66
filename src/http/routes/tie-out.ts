import { callerOf } from '../access.ts';
import { type Api, answers } from '../api.ts';
import type { HttpDeps } from '../deps.ts';
import { granted } from '../problems.ts';
import { COMPARERS } from '../roles.ts';
import { TieOut } from '../schemas/tie-out.ts';

export async function tieOutRoutes(app: Api, deps: HttpDeps): Promise<void> {
  app.get(
    '/tie-out',
    { config: { access: 'signed-in' }, schema: { response: answers(TieOut) } },
    async (request) => granted(await deps.tieOut(callerOf(request).tenant, { refresh: false })).tieOut,
  );

  app.get(
    '/tie-out/budgets',
    { config: { access: 'signed-in' }, schema: { response: answers(TieOut) } },
    async (request) => granted(await deps.tieOutBudgets(callerOf(request).tenant, { refresh: false })).tieOut,
  );

  app.post(
    '/tie-out/budgets/refresh',
    { config: { access: COMPARERS }, schema: { response: answers(TieOut) } },
    async (request) => granted(await deps.tieOutBudgets(callerOf(request).tenant, { refresh: true })).tieOut,
  );

  app.get(
    '/tie-out/direct-costs',
    { config: { access: 'signed-in' }, schema: { response: answers(TieOut) } },
    async (request) =>
      granted(await deps.tieOutDirectCosts(callerOf(request).tenant, { refresh: false })).tieOut,
  );

  app.post(
    '/tie-out/direct-costs/refresh',
    { config: { access: COMPARERS }, schema: { response: answers(TieOut) } },
    async (request) =>
      granted(await deps.tieOutDirectCosts(callerOf(request).tenant, { refresh: true })).tieOut,
  );

  app.post(
    '/tie-out/refresh',
    { config: { access: COMPARERS }, schema: { response: answers(TieOut) } },
    async (request) => granted(await deps.tieOut(callerOf(request).tenant, { refresh: true })).tieOut,
  );
}
