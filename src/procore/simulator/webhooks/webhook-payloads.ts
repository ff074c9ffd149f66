import { randomBytes } from 'node:crypto';
import { isoSeconds } from '../iso-seconds.ts';
import type { Change, ContractKind } from '../records.ts';
import type { World } from '../state.ts';

export const PAYLOAD_VERSIONS = ['v2.0', 'v3.0', 'v4.0'] as const;
export type PayloadVersion = (typeof PAYLOAD_VERSIONS)[number];

/** One thing that happened, before any hook's version gives it a shape: all of them tell it under one ulid. */
export type Happening = { id: number; ulid: string; at: number; change: Change };
export type EventBody = Record<string, unknown> & { id: number | string };

const ULID_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CONTRACT_RESOURCE: Readonly<Record<ContractKind, string>> = {
  work_order_contract: 'Work Order Contracts',
  purchase_order_contract: 'Purchase Order Contracts',
};

export function happening(world: World, change: Change): Happening {
  const at = world.clock.now();
  return { id: world.nextId(), ulid: ulid(at), at, change };
}

/** The body of a delivery in the version that its hook asked for. */
export function eventBody(world: World, version: PayloadVersion, told: Happening): EventBody {
  if (version === 'v4.0') return newest(told);
  const { change } = told;
  return {
    id: told.id,
    ulid: told.ulid,
    timestamp: microseconds(told.at),
    metadata: {
      source_user_id: change.actor.user_id,
      source_project_id: change.project_id,
      source_operation_id: null,
      source_company_id: change.company_id,
      source_application_id: change.actor.client_id,
    },
    user_id: change.actor.user_id,
    company_id: change.company_id,
    project_id: change.project_id,
    api_version: version === 'v2.0' ? 'v2' : version,
    event_type: change.event_type,
    resource_name: change.resource_name,
    resource_id: change.resource_id,
    ...(version === 'v3.0' ? { related_resources: relatedTo(world, change) } : {}),
  };
}

/** Ids are text, the ulid is the id, and nothing says which application made the change. */
function newest({ ulid: id, at, change }: Happening): EventBody {
  return {
    id,
    timestamp: microseconds(at),
    reason: change.event_type,
    company_id: String(change.company_id),
    project_id: change.project_id === null ? null : String(change.project_id),
    user_id: String(change.actor.user_id),
    resource_type: change.resource_name,
    resource_id: String(change.resource_id),
    data: {},
  };
}

/** The contract above a change order or a payment. */
function relatedTo(world: World, { resource_name, resource_id }: Change): { id: number; name: string }[] {
  const child =
    resource_name === 'Change Order Packages'
      ? world.changeOrders.get(resource_id)
      : resource_name === 'Contract Payments'
        ? world.payments.get(resource_id)
        : undefined;
  const contract = child && world.contracts.get(child.contract_id);
  return contract ? [{ id: contract.id, name: CONTRACT_RESOURCE[contract.kind] }] : [];
}

function microseconds(at: number): string {
  return `${isoSeconds(at).slice(0, -1)}.${String(at % 1_000).padStart(3, '0')}000Z`;
}

function ulid(now: number): string {
  let time = '';
  let rest = now;
  for (let index = 0; index < 10; index += 1) {
    time = `${ULID_ALPHABET[rest % 32]}${time}`;
    rest = Math.floor(rest / 32);
  }
  const random = [...randomBytes(16)].map((byte) => ULID_ALPHABET[byte % 32]).join('');
  return `${time}${random}`;
}
