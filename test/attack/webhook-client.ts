import { randomUUID } from 'node:crypto';
import { COMPANY, PROJECT } from '../scenarios/seeds.ts';
import { HOOK_SECRET } from './move-in.ts';
import type { World } from './world.ts';

/**
 * A sender of webhooks that writes down what was answered. A 2xx is a promise: the event is durable, whatever
 * happens to the process that said so in the next moment.
 */
export class WebhookClient {
  readonly sent = { total: 0, accepted: 0 };
  private readonly promised: string[] = [];
  private readonly url: string;

  constructor({ servicePort, party }: World) {
    this.url = `http://127.0.0.1:${servicePort}/webhooks/procore/${party.hook}`;
  }

  /** Events about commitments that exist, several at once. */
  async burst(contracts: readonly number[], times: number): Promise<void> {
    await Promise.all(
      Array.from({ length: times }, (_, index) => this.deliver(contracts[index % contracts.length]!)),
    );
  }

  private async deliver(contract: number): Promise<void> {
    const ulid = `attack-${randomUUID()}`;
    this.sent.total += 1;
    const event = {
      ulid,
      id: ulid,
      resource_name: 'Work Order Contracts',
      event_type: 'update',
      resource_id: contract,
      company_id: COMPANY,
      project_id: PROJECT,
      timestamp: new Date().toISOString(),
      metadata: { source_application_id: null, source_company_id: COMPANY },
    };
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${HOOK_SECRET}` },
      body: JSON.stringify(event),
    }).catch(() => null);
    if (!response?.ok) return;
    this.sent.accepted += 1;
    this.promised.push(ulid);
  }

  /** Events that were answered 2xx and are not in the table. */
  async broken({ read }: World): Promise<string[]> {
    const kept = await read<{ dedupe_key: string }>(
      "select dedupe_key from signal where dedupe_key like 'attack-%'",
    );
    const known = new Set(kept.map(({ dedupe_key }) => dedupe_key));
    return this.promised
      .filter((ulid) => !known.has(ulid))
      .map((ulid) => `webhook ${ulid} was answered 2xx and is not stored`);
  }
}
