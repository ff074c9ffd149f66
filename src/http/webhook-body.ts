import { type JsonValue, parseWholeJson } from '../lib/decimal-json.ts';
import { isDeeperThan } from './json-depth.ts';

const MAX_DEPTH = 32;
// Procore sends one event per delivery; a batch beyond this is not its work.
const MAX_EVENTS = 1000;

/** What the door can say of a webhook body before anything in it is believed. */
export type WebhookBody =
  | { readonly kind: 'events'; readonly companyIds: ReadonlySet<string>; readonly content: JsonValue }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Reads the company ids a body names, and refuses what cannot be an event. */
export function readWebhookBody(body: string): WebhookBody {
  if (isDeeperThan(body, MAX_DEPTH)) return unreadable(`nests deeper than ${MAX_DEPTH} levels`);
  let parsed: JsonValue;
  try {
    parsed = parseWholeJson(body);
  } catch {
    return unreadable('is not JSON');
  }
  const events = Array.isArray(parsed) ? parsed : [parsed];
  if (events.length === 0 || events.length > MAX_EVENTS) return unreadable(`holds ${events.length} events`);
  const companyIds = new Set<string>();
  for (const event of events) {
    if (!isObject(event)) return unreadable('is not an object');
    // Null at the top when it stands in the metadata, and the other way round.
    const companyId =
      event.company_id ?? (isObject(event.metadata) ? event.metadata.source_company_id : null);
    if (typeof companyId !== 'string' || companyId === '') return unreadable('names no company');
    companyIds.add(companyId);
  }
  return { kind: 'events', companyIds, content: parsed };
}

function unreadable(reason: string): WebhookBody {
  return { kind: 'unreadable', reason };
}

function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
