import type { Actor, ErpRequest, ErpRequestDetail } from '../records.ts';
import type { Settings } from '../settings.ts';
import type { World } from '../state.ts';
import { ERP_EVENTS, type ErpEventName } from './erp-events.ts';

export type Raised = {
  /** Taken before the details are opened, which name it. */
  id: number;
  name: ErpEventName;
  company_id: number;
  /** The status row that the payload names, for events that have one. */
  detail?: ErpRequestDetail | undefined;
  fields: Record<string, unknown> | readonly unknown[];
  /** Where the detail's id stands, for an event that has a setting of its own. */
  placement?: Settings['requisition_detail_id_placement'];
};

/** Stores one event and tells the webhooks, which carry its id and nothing else. */
export function raise(world: World, actor: Actor, raised: Raised): ErpRequest {
  const { id, company_id, name, detail, fields } = raised;
  const placement = raised.placement ?? placementOf(world, name);
  const detailId = detail ? { request_detail_id: detail.id } : {};
  const inside = placement === 'inside' || placement === 'both';
  const beside = placement === 'beside' || placement === 'both';
  const request: ErpRequest = {
    id,
    company_id,
    request_name: name,
    request_data: inside && !Array.isArray(fields) ? { ...fields, ...detailId } : fields,
    beside: beside ? detailId : {},
    ...world.stamps(),
  };
  world.requests.set(request.id, request);
  world.announce('ERP Requests', 'create', { id: request.id, company_id }, actor);
  return request;
}

/** Published samples put the id in different places, some nowhere; a setting can move all of them. */
function placementOf(world: World, name: ErpEventName): Settings['request_detail_id_placement'] | 'rows' {
  const documented = ERP_EVENTS[name].detail;
  if (documented === 'rows' || documented === 'none') return 'rows';
  const chosen = world.settings.request_detail_id_placement;
  if (chosen !== 'documented') return chosen;
  return documented;
}

type Item = { id: number; company_id: number; kind: string };

/** The status row of one exported or refreshed thing, which the integrator closes. */
export function openDetail(world: World, item: Item, requestId: number): ErpRequestDetail {
  const detail: ErpRequestDetail = {
    id: world.nextId(),
    company_id: item.company_id,
    erp_request_id: requestId,
    item_type: item.kind,
    item_id: item.id,
    status: 'in_progress',
    messages: [],
    times_written: 0,
    ...world.stamps(),
  };
  world.details.set(detail.id, detail);
  return detail;
}

/** An event about one thing whose payload names its one status row. */
export function raiseFor(
  world: World,
  actor: Actor,
  item: Item,
  event: Pick<Raised, 'name' | 'fields'>,
): ErpRequest {
  const id = world.nextId();
  const detail = ERP_EVENTS[event.name].detail === 'none' ? undefined : openDetail(world, item, id);
  return raise(world, actor, { id, company_id: item.company_id, detail, ...event });
}

/** What an act answers about the events that it raised. */
export function requestsMade(world: World, requests: readonly { id: number }[]): Record<string, unknown> {
  const ids = new Set(requests.map((request) => request.id));
  const details = [...world.details.values()].filter((detail) => ids.has(detail.erp_request_id));
  return { erp_request_ids: [...ids], request_detail_ids: details.map((detail) => detail.id) };
}
