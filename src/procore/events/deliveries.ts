import { z } from 'zod';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { asTree, PROCORE } from '../http/errors.ts';
import { readList } from '../http/paging.ts';
import type { WebhookEvent } from '../hub.ts';
import { parsed } from '../wire.ts';
import { webhookEvents } from './webhooks.ts';

/** A hook of the company as either generation of routes shows it. */
export type StandingHook = {
  readonly id: string;
  readonly routes: '1.0' | '2.0';
  readonly destinationUrl: string;
  readonly isActive: boolean;
};

/** What Procore says of the webhooks that it did not bring to their destination. */
export type Deliveries = {
  /** Every hook that our app may see; `isWhole` is false where only one generation of routes let us look. */
  readonly hooks: () => Promise<{ readonly hooks: readonly StandingHook[]; readonly isWhole: boolean }>;
  /** Events since then that were given up, or whose delivery fails until now. */
  readonly undelivered: (hook: StandingHook, since: Date) => Promise<readonly WebhookEvent[]>;
};

// A page of the older routes; how many they give at most is not published.
const OLDER_PAGE = 500;
const NEWER_PAGE = 100;
// A queue that was down for long holds more; the regular looks find what is beyond.
const MAX_OLDER_PAGES = 20;
const DAY_MS = 86_400_000;

const id = z.string().regex(/^\d{1,20}$/);
const olderHook = z.object({ id, destination_url: z.string() });
const newerHook = z.object({ id, destination_url: z.string(), status: z.string() });

export function deliveriesOf(reading: Reading): Deliveries {
  return {
    hooks: () => standingHooks(reading),
    undelivered: async (hook, since) => {
      const rows =
        hook.routes === '1.0' ? await olderRows(reading, hook.id) : await newerRows(reading, hook.id, since);
      return rows.flatMap((row) => eventIn(row, reading.config.companyId, since));
    },
  };
}

async function standingHooks(reading: Reading): Promise<Awaited<ReturnType<Deliveries['hooks']>>> {
  const { client, config } = reading;
  const path = `${newerBase(config.companyId)}/hooks`;
  const found = await Promise.allSettled([
    older(reading, `/rest/v1.0/webhooks/hooks?company_id=${config.companyId}`),
    readList(client.read, { path, query: {}, pageSize: NEWER_PAGE }),
  ]);
  const [first, second] = found.map((look) => {
    if (look.status === 'fulfilled') return look.value;
    // An app may be permitted to one generation of routes only.
    if (look.reason instanceof Stop && look.reason.kind === 'unauthorised') return null;
    throw look.reason;
  });
  if (!first && !second)
    throw new Stop('unauthorised', PROCORE, 'the webhooks of the company cannot be read', {
      remedy: 'Let the service account read webhooks, or losses are found by the regular looks alone.',
    });
  const hooks = new Map<string, StandingHook>();
  for (const row of first ?? []) {
    const hook = parsed(olderHook, row, 'a webhook');
    hooks.set(hook.id, { id: hook.id, routes: '1.0', destinationUrl: hook.destination_url, isActive: true });
  }
  // A hook that both show: only the newer routes tell whether it is active.
  for (const row of second ?? []) {
    const hook = parsed(newerHook, row, 'a webhook');
    const isActive = hook.status !== 'disabled';
    hooks.set(hook.id, { id: hook.id, routes: '2.0', destinationUrl: hook.destination_url, isActive });
  }
  return { hooks: [...hooks.values()], isWhole: Boolean(first && second) };
}

/** The older list has no filter by time, so that all of what was given up is read. */
async function olderRows(reading: Reading, hook: string): Promise<JsonValue[]> {
  const all: JsonValue[] = [];
  for (const status of ['discarded', 'failing']) {
    for (let page = 0; page < MAX_OLDER_PAGES; page += 1) {
      const query = new URLSearchParams({
        company_id: reading.config.companyId,
        'filters[status]': status,
        page_size: String(OLDER_PAGE),
        page_start: String(page * OLDER_PAGE),
      });
      const rows = await older(reading, `/rest/v1.0/webhooks/hooks/${hook}/deliveries?${query}`);
      all.push(...rows);
      if (rows.length < OLDER_PAGE) break;
    }
  }
  return all;
}

async function newerRows({ client, config }: Reading, hook: string, since: Date): Promise<JsonValue[]> {
  const path = `${newerBase(config.companyId)}/hooks/${hook}/deliveries`;
  // Whether its day is that of the event or of the delivery, and in which zone, is not published.
  const start = new Date(since.getTime() - DAY_MS).toISOString().slice(0, 10);
  const all: JsonValue[] = [];
  for (const status of ['discarded', 'failed', 'retrying']) {
    const query = { 'filter[status]': status, 'filter[start]': start };
    all.push(...(await readList(client.read, { path, query, pageSize: NEWER_PAGE })));
  }
  return all;
}

const newerBase = (companyId: string) => `/rest/v2.0/companies/${companyId}/webhooks`;

async function older({ client }: Reading, path: string): Promise<readonly JsonValue[]> {
  const found = await client.find(path);
  if (found === null) throw new Stop('unauthorised', PROCORE, 'the webhooks of the company are not shown');
  return Array.isArray(found.value) ? found.value : [];
}

/** Rows name the event `event` or `payload`. One of another company, or that cannot be read, is not for us. */
function eventIn(row: JsonValue, companyId: string, since: Date): readonly WebhookEvent[] {
  const tree = asTree(row);
  if (!tree || tree.outcome === 'ok' || tree.status === 'delivered') return [];
  const event = asTree(tree.event) ?? asTree(tree.payload);
  if (!event) return [];
  const at = Date.parse(String(event.timestamp ?? ''));
  if (at < since.getTime()) return [];
  return webhookEvents(event).filter((heard) => heard.companyId === companyId);
}
