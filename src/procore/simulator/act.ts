import { z } from 'zod';
import { billingActs, isBillingAct, performBilling } from './acts/act-billing.ts';
import { budgetActs, isBudgetAct, performBudget } from './acts/act-budget.ts';
import { changeOrderActs, isChangeOrderAct, performChangeOrder } from './acts/act-change-orders.ts';
import { commitmentActs, performCommitment } from './acts/act-commitments.ts';
import { exportActs, isExportAct, performExport } from './acts/act-erp-exports.ts';
import { isStaffAct, performStaff, staffActs } from './acts/act-erp-staff.ts';
import { isOwnerSideAct, ownerSideActs, performOwnerSide } from './acts/act-owner-side.ts';
import { isReadinessAct, performReadiness, readinessActs } from './acts/act-payment-readiness.ts';
import { isProjectLifeAct, performProjectLife, projectLifeActs } from './acts/act-project-life.ts';
import { isRefreshAct, performRefresh, refreshActs } from './acts/act-refresh.ts';
import { isStagingAct, performStaging, stagingActs } from './acts/act-staging.ts';
import { fieldErrors } from './http/errors.ts';
import type { Actor } from './records.ts';
import type { World } from './state.ts';

/** What a person in the Procore web application does; the body of POST /_sim/act. */
export const actSchema = z.discriminatedUnion('action', [
  ...commitmentActs,
  ...billingActs,
  ...changeOrderActs,
  ...refreshActs,
  ...exportActs,
  ...staffActs,
  ...budgetActs,
  ...ownerSideActs,
  ...stagingActs,
  ...projectLifeActs,
  ...readinessActs,
]);
export type ProcoreAct = z.input<typeof actSchema>;
type Act = z.output<typeof actSchema>;

/** Plays one act and answers what it made. */
export function perform(world: World, act: Act): Record<string, unknown> {
  const user = world.users.get(act.as);
  if (!user) throw fieldErrors(422, { as: [`${act.as} is not a user`] });
  const actor: Actor = { user_id: user.id, client_id: null };
  if (isBillingAct(act)) return performBilling(world, act, actor);
  if (isChangeOrderAct(act)) return performChangeOrder(world, act, actor);
  if (isRefreshAct(act)) return performRefresh(world, act, actor);
  if (isExportAct(act)) return performExport(world, act, actor);
  if (isBudgetAct(act)) return performBudget(world, act, actor);
  if (isOwnerSideAct(act)) return performOwnerSide(world, act, actor);
  if (isStagingAct(act)) return performStaging(world, act, actor);
  if (isReadinessAct(act)) return performReadiness(world, act, actor);
  if (isProjectLifeAct(act)) return performProjectLife(world, act, actor);
  if (isStaffAct(act)) return performStaff(world, act, actor);
  return performCommitment(world, act, actor);
}
