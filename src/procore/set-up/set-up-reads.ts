import { z } from 'zod';
import type { JsonValue } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { parsed } from '../wire.ts';

/** A hook of ours as the company shows it. */
export type SeenHook = {
  readonly id: string;
  readonly destinationUrl: string;
  /** The header that it presents. Procore shows it in clear: it goes into no log, and no answer of ours. */
  readonly authorization: string | null;
  readonly triggers: readonly { readonly resource: string; readonly event: string }[];
};

/** How one delivery ended, by Procore's word. */
export type SeenDelivery = {
  readonly outcome: 'delivered' | 'retried' | 'lost';
  readonly why: string | null;
};

const MAX_HOOKS = 50;
const DELIVERIES = 1_000;

const id = z.string().regex(/^\d{1,20}$/);
const hookRow = z.object({
  id,
  namespace: z.string().nullish(),
  destination_url: z.string(),
  destination_headers: z.object({ Authorization: z.string().nullish() }).nullish(),
});
const triggerRow = z.object({ resource_name: z.string(), event_type: z.string() });
const deliveryRow = z.object({
  outcome: z.string(),
  response_status: z.string().nullish(),
  response_error: z.string().nullish(),
  completed_at: z.string().nullish(),
});

/** The hooks of the company in a namespace, each with its triggers. */
export async function seenHooks(reading: Reading, namespace: string): Promise<SeenHook[]> {
  const { companyId } = reading.config;
  const path = `/rest/v1.0/webhooks/hooks`;
  const rows = await rowsOf(reading, `${path}?company_id=${companyId}&namespace=${namespace}`);
  const hooks: SeenHook[] = [];
  for (const row of rows.slice(0, MAX_HOOKS)) {
    const hook = parsed(hookRow, row, 'a webhook');
    if (hook.namespace !== namespace) continue;
    const triggers = await rowsOf(reading, `${path}/${hook.id}/triggers?company_id=${companyId}`);
    hooks.push({
      id: hook.id,
      destinationUrl: hook.destination_url,
      authorization: hook.destination_headers?.Authorization ?? null,
      triggers: triggers.map((each) => {
        const { resource_name, event_type } = parsed(triggerRow, each, 'a trigger');
        return { resource: resource_name, event: event_type.toLowerCase() };
      }),
    });
  }
  return hooks;
}

export async function deliveredSince(reading: Reading, hookId: string, since: Date): Promise<SeenDelivery[]> {
  const query = `company_id=${reading.config.companyId}&page_size=${DELIVERIES}&page_start=0`;
  const rows = await rowsOf(reading, `/rest/v1.0/webhooks/hooks/${hookId}/deliveries?${query}`);
  return rows
    .map((row) => parsed(deliveryRow, row, 'a delivery'))
    .filter(({ completed_at }) => completed_at != null && new Date(completed_at) > since)
    .map(({ outcome, response_status, response_error }) => ({
      outcome: outcome === 'ok' ? 'delivered' : outcome === 'retried' ? 'retried' : 'lost',
      why: response_error || (response_status ? `answered with ${response_status}` : null),
    }));
}

async function rowsOf(reading: Reading, path: string): Promise<readonly JsonValue[]> {
  const found = await reading.client.find(path);
  return Array.isArray(found?.value) ? found.value : [];
}
