import { billingPeriodRoutes } from '../routes/billing-periods.ts';
import { budgetViewRoutes } from '../routes/budget-views.ts';
import { budgetRoutes } from '../routes/budgets.ts';
import { changeOrderRoutes } from '../routes/change-orders.ts';
import { companyRoutes } from '../routes/company.ts';
import { complianceRoutes } from '../routes/compliance.ts';
import { contractPaymentRoutes } from '../routes/contract-payments.ts';
import { contractRoutes } from '../routes/contracts.ts';
import { costCodeRoutes } from '../routes/cost-codes.ts';
import { costTypeAssignmentRoutes } from '../routes/cost-type-assignments.ts';
import { directCostRoutes } from '../routes/direct-costs.ts';
import { erpConnectionRoutes } from '../routes/erp-connections.ts';
import { erpRequestRoutes } from '../routes/erp-requests.ts';
import { externalDataRoutes } from '../routes/external-data.ts';
import { forecastRoutes } from '../routes/forecasts.ts';
import { insuranceRoutes } from '../routes/insurances.ts';
import { invoicePaymentRoutes } from '../routes/invoice-payments.ts';
import { jobCostRoutes } from '../routes/job-costs.ts';
import { newerChangeOrderRoutes } from '../routes/newer-change-orders.ts';
import { ownerInvoiceRoutes } from '../routes/owner-invoices.ts';
import { paymentReadinessRoutes } from '../routes/payment-readiness.ts';
import { permissionRoutes } from '../routes/permissions.ts';
import { primeContractRoutes } from '../routes/prime-contracts.ts';
import { projectObjectRoutes } from '../routes/project-objects.ts';
import { projectRoutes } from '../routes/projects.ts';
import { requisitionItemRoutes } from '../routes/requisition-items.ts';
import { requisitionRoutes } from '../routes/requisitions.ts';
import { stagedRecordRoutes } from '../routes/staged-records.ts';
import { standardCostCodeRoutes } from '../routes/standard-cost-codes.ts';
import { subJobRoutes } from '../routes/sub-jobs.ts';
import { taxCodeRoutes } from '../routes/tax-codes.ts';
import { unitAndCurrencyRoutes } from '../routes/units-and-currencies.ts';
import { userRoutes } from '../routes/users.ts';
import { vendorRoutes } from '../routes/vendors.ts';
import { wbsCodeRoutes } from '../routes/wbs-codes.ts';
import { webhookRoutes } from '../routes/webhooks.ts';
import { workflowInstanceRoutes } from '../routes/workflow-instances.ts';
import type { World } from '../state.ts';
import type { WebhookDesk } from '../webhooks/webhooks.ts';
import {
  assertSameCompany,
  bearerOf,
  companyIdFrom,
  connectionTo,
  invalidToken,
  type Tokens,
} from './auth.ts';
import { ApiError, accessError, notFound } from './errors.ts';
import { type Answer, type Context, Router } from './router.ts';

export type RestCall = {
  method: string;
  path: string;
  /** Scheme and host that the caller used, for the addresses of files. */
  origin: string;
  query: URLSearchParams;
  authorization: string | undefined;
  companyHeader: string | undefined;
  contentType: string;
  body: Buffer;
};

/** Every route this simulator serves under /rest. */
export function restRouter(): Router {
  return new Router([
    ...companyRoutes,
    ...projectRoutes,
    ...userRoutes,
    ...vendorRoutes,
    ...insuranceRoutes,
    ...complianceRoutes,
    ...paymentReadinessRoutes,
    ...costCodeRoutes,
    ...costTypeAssignmentRoutes,
    ...standardCostCodeRoutes,
    ...subJobRoutes,
    ...taxCodeRoutes,
    ...contractRoutes,
    ...changeOrderRoutes,
    ...newerChangeOrderRoutes,
    ...primeContractRoutes,
    ...ownerInvoiceRoutes,
    ...billingPeriodRoutes,
    ...requisitionRoutes,
    ...requisitionItemRoutes,
    ...contractPaymentRoutes,
    ...invoicePaymentRoutes,
    ...directCostRoutes,
    ...jobCostRoutes,
    ...budgetRoutes,
    ...budgetViewRoutes,
    ...forecastRoutes,
    ...wbsCodeRoutes,
    ...erpConnectionRoutes,
    ...erpRequestRoutes,
    ...externalDataRoutes,
    ...stagedRecordRoutes,
    ...projectObjectRoutes,
    ...workflowInstanceRoutes,
    ...unitAndCurrencyRoutes,
    ...permissionRoutes,
    ...webhookRoutes,
  ]);
}

/** Token, route, company header and connection are checked in this order; then the route answers. */
export function restAnswer(
  room: { world: World; tokens: Tokens; webhooks: WebhookDesk; router: Router },
  call: RestCall,
): Answer {
  const { world, tokens, webhooks, router } = room;
  const token = tokens.valid(bearerOf(call.authorization), world.clock.now());
  const app = token ? world.apps.get(token.client_id) : undefined;
  if (!app) throw invalidToken();
  const match = router.find(call.method, call.path);
  if (!match) throw notFound();
  const companyId = companyIdFrom(call.companyHeader);
  const body = bodyOf(call);
  if (match.route.worksDisconnected && !app.connections.has(companyId)) {
    const [connection] = app.connections.values();
    const company = connection && world.companies.get(connection.company_id);
    if (!connection || !company) return { status: 200, body: [] };
    return match.route.handle(contextOf({ company, connection }));
  }
  const identity = connectionTo(world, app, companyId);
  assertSameCompany(companyId, match.params.company_id);
  assertSameCompany(companyId, call.query.get('company_id'));
  assertSameCompany(
    companyId,
    typeof body === 'object' && body !== null ? Reflect.get(body, 'company_id') : null,
  );
  return match.route.handle(contextOf(identity));

  function contextOf(identity: Pick<Context, 'company' | 'connection'>): Context {
    if (!app || !match) throw new Error('the call was not identified');
    return {
      world,
      tokens,
      webhooks,
      method: call.method,
      path: call.path,
      origin: call.origin,
      params: match.params,
      query: call.query,
      body,
      app,
      ...identity,
      actor: { user_id: identity.connection.user_id, client_id: app.client_id },
    };
  }
}

function bodyOf(call: RestCall): unknown {
  if (call.body.length === 0) return undefined;
  if (!call.contentType.startsWith('application/json')) {
    throw new ApiError(406, { errors: ['The body must be application/json.'] });
  }
  try {
    return JSON.parse(call.body.toString('utf8'));
  } catch {
    throw accessError(400, 'There was a problem in the JSON you submitted');
  }
}
