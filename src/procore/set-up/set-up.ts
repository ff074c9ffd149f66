import type { ContextObject } from '../../domain/context-record.ts';
import type { Outcome } from '../../domain/posting/outcomes.ts';
import type { WireRequest, WireResponse } from '../../domain/posting/writes.ts';
import { canonicalOf, contentHash } from '../../domain/values/canonical.ts';
import { jsonNumber } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { CONTEXT } from '../context/context-objects.ts';
import type { MetadataDocument } from '../erp-tool/metadata.ts';
import {
  accountingApprovers,
  originIds,
  procoreClock,
  type SeenOrigin,
  type Unseen,
} from '../masters/standing.ts';
import { classifyPlain } from '../outcomes.ts';
import { deliveredSince, type SeenDelivery, type SeenHook, seenHooks } from './set-up-reads.ts';

export type { SeenDelivery, SeenHook } from './set-up-reads.ts';

/** One integration has one namespace everywhere: hooks of other apps are neither seen nor touched. */
export const NAMESPACE = 'tiebeam';

export type Trigger = { readonly resource: string; readonly event: 'create' | 'update' | 'delete' };

/** The events that wake something here. Pay applications have none: the sweep notices them. */
export const TRIGGERS: readonly Trigger[] = [
  { resource: 'ERP Requests', event: 'create' },
  { resource: 'Work Order Contracts', event: 'update' },
  { resource: 'Work Order Contracts', event: 'delete' },
  { resource: 'Purchase Order Contracts', event: 'update' },
  { resource: 'Purchase Order Contracts', event: 'delete' },
  { resource: 'Change Order Packages', event: 'update' },
  { resource: 'Change Order Packages', event: 'delete' },
  { resource: 'Prime Contracts', event: 'create' },
  { resource: 'Prime Contracts', event: 'update' },
  { resource: 'Prime Contracts', event: 'delete' },
  { resource: 'Company Vendors', event: 'create' },
  { resource: 'Company Vendors', event: 'update' },
  { resource: 'Company Insurances', event: 'create' },
  { resource: 'Company Insurances', event: 'update' },
  { resource: 'Company Insurances', event: 'delete' },
  { resource: 'Project Insurances', event: 'create' },
  { resource: 'Project Insurances', event: 'update' },
  { resource: 'Project Insurances', event: 'delete' },
  { resource: 'Projects', event: 'create' },
  { resource: 'Projects', event: 'update' },
];

const EVENTS = ['create', 'update', 'delete'] as const;

/** All of them, with those of what the connection reads as evidence; no entry of the directory is told as deleted. */
export function triggersFor(context: readonly ContextObject[]): readonly Trigger[] {
  const more = context.flatMap((object) => {
    const { resource } = CONTEXT[object];
    if (resource === null) return [];
    return EVENTS.filter((event) => event !== 'delete' || object !== 'user').map((event) => ({
      resource,
      event,
    }));
  });
  return [...TRIGGERS, ...more];
}

/** One call that sets something up in the company, as data: whoever sends it writes its intent down first. */
export type SetUpWrite = {
  readonly name: string;
  /** Names what is said, without the secret in it. */
  readonly hash: string;
  readonly request: WireRequest;
  readonly classify: (response: WireResponse) => Outcome;
};

/** Where Procore delivers to, and what it presents there. */
export type Destination = { readonly url: string; readonly secret: string };

/** What a company needs before the first record travels: how it stands, and the calls that complete it. */
export type CompanySetUp = {
  readonly companyId: string;
  /** What a hook of ours has to be told. */
  readonly triggers: readonly Trigger[];
  readonly hooks: () => Promise<readonly SeenHook[]>;
  /** The newest deliveries of a hook that ended after an instant. */
  readonly deliveries: (hookId: string, since: Date) => Promise<readonly SeenDelivery[]>;
  readonly clock: () => Promise<Date | null>;
  readonly approvers: () => Promise<readonly string[]>;
  readonly originIds: () => AsyncIterable<SeenOrigin | Unseen>;
  readonly createErpConnection: (serviceUrl: string, metadata: MetadataDocument) => SetUpWrite;
  readonly updateMetadata: (metadata: MetadataDocument) => SetUpWrite;
  readonly createHook: (destination: Destination) => SetUpWrite;
  readonly redirectHook: (hookId: string, destination: Destination) => SetUpWrite;
  readonly enableHook: (hookId: string) => SetUpWrite;
  readonly addTriggers: (hookId: string, triggers: readonly Trigger[]) => SetUpWrite;
};

export function companySetUp(reading: Reading): CompanySetUp {
  const { config } = reading;
  const erp = `/rest/v1.0/companies/${config.companyId}/erp_connections`;
  const hooks = '/rest/v1.0/webhooks/hooks';
  const owned = (body: object) => ({ company_id: jsonNumber(config.companyId), ...body });
  return {
    companyId: config.companyId,
    triggers: triggersFor(config.context ?? []),
    hooks: () => seenHooks(reading, NAMESPACE),
    deliveries: (hookId, since) => deliveredSince(reading, hookId, since),
    clock: () => procoreClock(reading),
    approvers: () => accountingApprovers(reading),
    originIds: () => originIds(reading),
    createErpConnection: (service_url, metadata) =>
      write('erp-connection', 'POST', erp, { connection: { service_url, metadata } }),
    // The page of this call is public and its path and body are not (inferred).
    updateMetadata: (metadata) => write('metadata', 'PATCH', `${erp}/metadata`, { metadata }),
    createHook: (destination) =>
      write(
        'hook',
        'POST',
        hooks,
        owned({ hook: { api_version: 'v2', namespace: NAMESPACE, ...destined(destination) } }),
      ),
    redirectHook: (id, destination) =>
      write('hook-redirected', 'PATCH', `${hooks}/${id}`, owned({ hook: destined(destination) })),
    // Only the newer routes know of a hook that is switched off.
    enableHook: (id) =>
      write('hook-enabled', 'PATCH', `/rest/v2.0/companies/${config.companyId}/webhooks/hooks/${id}`, {
        status: 'active',
      }),
    addTriggers: (id, triggers) =>
      write(
        'triggers',
        'POST',
        `${hooks}/${id}/triggers/bulk`,
        owned({
          api_version: 'v2',
          triggers: triggers.map(({ resource, event }) => ({ resource_name: resource, event_type: event })),
        }),
      ),
  };
}

function destined({ url, secret }: Destination) {
  return { destination_url: url, destination_headers: { Authorization: `Bearer ${secret}` } };
}

function write(name: string, method: 'POST' | 'PATCH', path: string, content: object): SetUpWrite {
  const body = JSON.stringify(content);
  return {
    name,
    hash: contentHash(canonicalOf({ method, path, body: withoutSecret(body) })),
    request: { method, path, body },
    classify: (response) => classifyPlain(response, name),
  };
}

/** A hash of a secret that a person chose would be as good as the secret. */
function withoutSecret(body: string): unknown {
  return JSON.parse(body, (key, value: unknown) => (key === 'destination_headers' ? undefined : value));
}

/** The triggers that a hook lacks. */
export function missingTriggers({ triggers }: SeenHook, wanted: readonly Trigger[]): readonly Trigger[] {
  return wanted.filter(
    ({ resource, event }) => !triggers.some((each) => each.resource === resource && each.event === event),
  );
}
