import { z } from 'zod';
import { concludeRequest } from '../erp-tool/erp-closing.ts';
import { settleExport } from '../erp-tool/erp-flow.ts';
import { exportable, findErpItem } from '../erp-tool/erp-items.ts';
import { attachmentView } from '../files.ts';
import { idField, parsedBody } from '../http/body.ts';
import { accessError, fieldErrors } from '../http/errors.ts';
import { assertParameters, idFilter, paged, pagingParameters, stampedFilter } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { ErpRequest, ErpRequestDetail } from '../records.ts';
import type { World } from '../state.ts';
import { assertRowCount } from './vendors.ts';

const COMPANY = '/rest/v1.0/companies/:company_id';

/** The documentation uses these two to close a detail; "rejected" is only seen in one client's code. */
const closing = z.enum(['success', 'failed']);
const messages = z.array(z.string().max(10_000)).max(100);
const closeBody = z.strictObject({
  request_detail: z.strictObject({ status: closing, messages: messages.optional() }),
});
const closeRow = z.strictObject({ id: idField, status: closing, messages: messages.optional() });
const closeMany = z.strictObject({ updates: z.array(closeRow) });

export const erpRequestRoutes: readonly Route[] = [
  { method: 'GET', pattern: `${COMPANY}/erp_requests`, handle: listRequests },
  { method: 'GET', pattern: `${COMPANY}/erp_requests/:id`, handle: showRequest },
  { method: 'GET', pattern: `${COMPANY}/erp_request_details`, handle: listDetails },
  { method: 'PATCH', pattern: `${COMPANY}/erp_request_details/sync`, handle: closeDetails },
  { method: 'PATCH', pattern: `${COMPANY}/erp_request_details/:id`, handle: closeDetail },
  { method: 'PUT', pattern: `${COMPANY}/erp_request_details/:id`, handle: closeDetail },
];

function listRequests(context: Context): Answer {
  assertParameters(context.query, [...pagingParameters, 'filters[created_at]']);
  const keep = stampedFilter(context.query);
  const rows = [...context.world.requests.values()].filter(
    (request) => request.company_id === context.company.id && keep(request),
  );
  return paged(context, rows, requestView);
}

function showRequest(context: Context): Answer {
  const request = context.world.requests.get(Number(context.params.id));
  if (request?.company_id !== context.company.id) throw accessError(404, 'ERP Request not found');
  const bare =
    request.request_name === 'reset_prime_contract_change_order' &&
    context.world.settings.prime_reset_envelope === 'absent';
  const shown = { ...request, request_data: withLink(context, request.request_data) };
  return { status: 200, body: bare ? request.request_data : requestView(shown) };
}

const withFile = z.looseObject({
  direct_cost: z.looseObject({ direct_cost_attachment: z.looseObject({ id: z.number() }) }),
});

/** A file of an export is shown with a link that works now. */
function withLink({ world, origin }: Context, data: unknown): unknown {
  const found = withFile.safeParse(data);
  if (!found.success) return data;
  const { direct_cost: cost } = found.data;
  const { url } = attachmentView(world, cost.direct_cost_attachment.id, origin);
  const direct_cost_attachment = { ...cost.direct_cost_attachment, url };
  return { ...found.data, direct_cost: { ...cost, direct_cost_attachment } };
}

function requestView(request: ErpRequest): Record<string, unknown> {
  return {
    id: request.id,
    company_id: request.company_id,
    request_name: request.request_name,
    request_data: request.request_data,
    ...request.beside,
    created_at: isoSeconds(request.created_at),
    updated_at: isoSeconds(request.updated_at),
    integration_app_name: null,
  };
}

function listDetails(context: Context): Answer {
  const { world, query, company } = context;
  assertParameters(query, [...pagingParameters, 'filters[item_id]']);
  const items = idFilter(query, 'filters[item_id]');
  const rows = [...world.details.values()].filter(
    (detail) => detail.company_id === company.id && (items?.has(detail.item_id) ?? true),
  );
  return paged(context, rows, detailView);
}

function detailView(detail: ErpRequestDetail): Record<string, unknown> {
  return {
    id: detail.id,
    erp_request_id: detail.erp_request_id,
    item_type: detail.item_type,
    item_id: detail.item_id,
    status: detail.status,
    messages: detail.messages,
    created_at: isoSeconds(detail.created_at),
    updated_at: isoSeconds(detail.updated_at),
  };
}

function closeDetail(context: Context): Answer {
  const body = parsedBody(closeBody, context.body);
  const detail = context.world.details.get(Number(context.params.id));
  if (detail?.company_id !== context.company.id) throw accessError(404, 'ERP Request Detail not found');
  const errors = close(context.world, detail, body.request_detail);
  if (errors) throw fieldErrors(422, errors);
  return { status: 200, body: detailView(detail) };
}

function closeDetails(context: Context): Answer {
  // The guides show a bare array in one place and updates in another, so both pass.
  const wrapped = Array.isArray(context.body) ? { updates: context.body } : context.body;
  assertRowCount(wrapped);
  const body = parsedBody(closeMany, wrapped);
  const entities: unknown[] = [];
  const errors: unknown[] = [];
  for (const row of body.updates) {
    const detail = context.world.details.get(row.id);
    if (detail?.company_id !== context.company.id) {
      errors.push({ ...row, errors: { id: ['Entity with this ID not found'] } });
      continue;
    }
    const refused = close(context.world, detail, row);
    if (refused) errors.push({ ...row, errors: refused });
    else entities.push(detailView(detail));
  }
  return { status: 200, body: { entities, errors } };
}

type Closing = { status: 'success' | 'failed'; messages?: string[] | undefined };

/** Closing again with the same status passes, so that a lost reply can be repeated; anything else is refused. */
function close(world: World, detail: ErpRequestDetail, closing: Closing): Record<string, string[]> | null {
  if (detail.status !== 'in_progress' && detail.status !== closing.status) {
    return { status: ['cannot be changed once the request detail is closed'] };
  }
  const first = detail.status === 'in_progress';
  detail.status = closing.status;
  detail.messages = closing.messages ?? [];
  detail.times_written += 1;
  detail.updated_at = world.clock.now();
  const item = findErpItem(world, detail.company_id, detail.item_type, detail.item_id);
  const thing = item && exportable(item);
  if (first && thing) settleExport(thing, closing.status);
  if (first && closing.status === 'success') concludeRequest(world, detail);
  return null;
}
