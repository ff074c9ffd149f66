import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseJson } from '../../src/lib/decimal-json.ts';
import { webhookEvents } from '../../src/procore/webhooks.ts';
import { COMPANY, startWorld, type World } from '../scenarios/world.ts';
import { Mangler } from './mangle.ts';
import { webhook } from './payloads.ts';

const BODIES = 1_000;
const AT_ONCE = 16;

let world: World;
beforeAll(async () => {
  world = await startWorld({ mapped: false });
});
afterAll(() => world?.stop());

test('every broken webhook that was acknowledged is there: as its events, or as it came', async () => {
  const bodies = brokenBodies();
  const statuses = new Map<number, number>();
  const taken: string[] = [];
  const post = async (body: string) => {
    const { status } = await fetch(`${world.url}/webhooks/procore/hook-1`, {
      method: 'POST',
      headers: { authorization: 'Bearer hook-secret', 'content-type': 'application/json' },
      body,
    });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status < 300) taken.push(body);
  };
  for (let from = 0; from < bodies.length; from += AT_ONCE)
    await Promise.all(bodies.slice(from, from + AT_ONCE).map(post));
  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([]);
  expect(taken.length).toBeGreaterThan(BODIES * 0.9);
  const rows = await world.query<{ dedupe_key: string }>('select dedupe_key from signal');
  const kept = new Set(rows.map(({ dedupe_key: key }) => key));
  const lost = taken.filter((body) => !kept.has(`unreadable:${hashOf(body)}`) && !hasEvents(body, kept));
  expect(lost).toEqual([]);
});

function brokenBodies(): string[] {
  const mangler = new Mangler(20_261_123);
  return Array.from({ length: BODIES }, (_, serial) => {
    const whole = { ...webhook(mangler, serial + 1), company_id: COMPANY };
    const text = JSON.stringify(mangler.mangled(whole)) ?? '';
    return mangler.below(10) === 0 ? text.slice(0, mangler.below(text.length + 1)) : text;
  });
}

function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

function hasEvents(body: string, kept: ReadonlySet<string>): boolean {
  try {
    const events = webhookEvents(parseJson(body));
    return events.length > 0 && events.every(({ dedupeKey }) => kept.has(dedupeKey));
  } catch {
    return false;
  }
}
