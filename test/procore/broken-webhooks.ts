import { createHash } from 'node:crypto';
import { Pool } from 'undici';
import { parseJson } from '../../src/lib/decimal-json.ts';
import { webhookEvents } from '../../src/procore/events/webhooks.ts';
import { COMPANY, type World } from '../scenarios/world.ts';
import { Mangler } from './mangle.ts';
import { webhook } from './payloads.ts';

const AT_ONCE = 64;
const PLACE = '/webhooks/procore/hook-1';

/** What became of broken deliveries: how each was answered, and what of it stands in the database. */
export type Delivered = {
  readonly sent: number;
  /** By status: 200 stored, 202 kept as it came, 403 of another company. */
  readonly answers: Readonly<Record<string, number>>;
  readonly signals: number;
  readonly unread: number;
  /** How many unread deliveries the engineer is told of. */
  readonly told: number;
  /** Refusals that the audit trail gives a reason for. */
  readonly refusals: number;
  /** Acknowledged, and neither its events nor its text are there. */
  readonly lost: readonly string[];
  /** Rows that no delivery accounts for. */
  readonly invented: readonly string[];
};

/** Sends broken webhooks to the service over connections that stay open, many at once, and counts what it kept. */
export async function deliverBroken(
  world: World,
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<Delivered> {
  const mangler = new Mangler(seed);
  const pool = new Pool(world.url, { connections: AT_ONCE });
  const answers: Record<string, number> = {};
  const books = { stored: new Set<string>(), perhaps: new Set<string>(), unread: new Set<string>() };
  let sent = 0;
  const sender = async () => {
    while (sent < count) {
      sent += 1;
      const body = broken(mangler, sent);
      const answer = await pool.request({ method: 'POST', path: PLACE, headers: HEADERS, body });
      await answer.body.dump();
      const status = answer.statusCode;
      answers[status] = (answers[status] ?? 0) + 1;
      if (status === 200) for (const key of keysIn(body)) books.stored.add(key);
      if (status !== 202) continue;
      books.unread.add(`unreadable:${createHash('sha256').update(body).digest('hex')}`);
      // Of a batch the events that can be read are kept beside the whole of it.
      for (const key of keysIn(body)) books.perhaps.add(key);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  await pool.close();
  return { sent, answers, ...(await kept(world, books)) };
}

const HEADERS = { authorization: 'Bearer hook-secret', 'content-type': 'application/json' };

function broken(mangler: Mangler, serial: number): string {
  const whole = { ...webhook(mangler, serial), company_id: COMPANY };
  const text = JSON.stringify(mangler.mangled(whole)) ?? '';
  return mangler.below(10) === 0 ? text.slice(0, mangler.below(text.length + 1)) : text;
}

function keysIn(body: string): string[] {
  try {
    return webhookEvents(parseJson(body)).map(({ dedupeKey }) => dedupeKey);
  } catch {
    return [];
  }
}

type Books = Readonly<Record<'stored' | 'perhaps' | 'unread', ReadonlySet<string>>>;

async function kept(world: World, { stored, perhaps, unread }: Books) {
  // Text of a webhook without its payload would be a name and nothing behind it.
  const rows = await world.query<{ key: string; whole: boolean }>(
    `select dedupe_key as key, state <> 'quarantined' or exists (select from payload p
       where p.tenant = s.tenant and p.hash = hint ->> 'payload' and p.body is not null) as whole
     from signal s`,
  );
  const there = new Set(rows.flatMap(({ key, whole }) => (whole ? [key] : [])));
  const [told] = await world.query<{ count: string | null }>(
    "select sum((evidence ->> 'count')::int) as count from review_item where subject like 'unread:%'",
  );
  const [refusals] = await world.query<{ count: string }>(
    "select count(*) from audit where kind = 'webhook-company-mismatch'",
  );
  const isOurs = (key: string) => stored.has(key) || perhaps.has(key) || unread.has(key);
  return {
    signals: rows.filter(({ key }) => !unread.has(key)).length,
    unread: rows.filter(({ key }) => unread.has(key)).length,
    told: Number(told?.count ?? 0),
    refusals: Number(refusals?.count ?? 0),
    lost: [...stored, ...unread].filter((key) => !there.has(key)),
    invented: rows.map(({ key }) => key).filter((key) => !isOurs(key)),
  };
}
