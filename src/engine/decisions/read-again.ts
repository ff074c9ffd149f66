import { type JsonValue, parseWholeJson } from '../../lib/decimal-json.ts';
import { webhookEvents } from '../../procore/events/webhooks.ts';
import type { WebhookEvent } from '../../procore/hub.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { expireSubject } from '../../store/documents/review.ts';
import {
  type QuarantinedSignal,
  quarantinedSignals,
  releaseQuarantined,
} from '../../store/intake/quarantined-signal.ts';
import { readPayload } from '../../store/records/payload.ts';
import { hookCompanies } from '../../store/settings/connection.ts';
import type { Engine } from '../engine.ts';
import { hear, signalsOf } from '../intake/heard.ts';
import { unreadSubject } from '../intake/unread.ts';
import { step } from '../step.ts';

// One page of bodies is 25 MB at most; as many pages as any flood that was let in.
const PAGE = 100;
const MAX_PAGES = 10_000;

export type ReadAgain = { readonly read: number; readonly left: readonly QuarantinedSignal[] };

/**
 * Reads the webhook bodies once more that could not be read when they came: a newer version may know them. Their
 * events go the way of any other; what is still unreadable stays, and stays asked about.
 */
export async function readAgain(engine: Engine, tenant: string, by: string): Promise<ReadAgain> {
  const left: QuarantinedSignal[] = [];
  const settled = new Set<string>();
  let read = 0;
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const from: string | null = after;
    const rows: readonly QuarantinedSignal[] = await step(engine, tenant, (tx) =>
      quarantinedSignals(tx, from, PAGE),
    );
    for (const row of rows) {
      if (await step(engine, tenant, (tx) => readOne(engine, tx, tenant, row))) {
        read += 1;
        settled.add(subjectOf(row));
      } else left.push(row);
    }
    after = rows.at(-1)?.id ?? null;
    if (rows.length < PAGE) break;
  }
  for (const row of left) settled.delete(subjectOf(row));
  await step(engine, tenant, async (tx) => {
    for (const subject of settled) await expireSubject(tx, 'quarantined', subject);
    const body = { read: String(read), left: String(left.length) };
    if (read > 0)
      await appendAudit(tx, [{ kind: 'webhooks-read-again', actor: by, at: engine.clock.now(), body }]);
  });
  return { read, left };
}

/** The bodies that one question is about; it is closed when none of them is left. */
export async function readAgainFor(engine: Engine, tx: Tx, tenant: string, subject: string): Promise<void> {
  let isLeft = false;
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const rows: readonly QuarantinedSignal[] = await quarantinedSignals(tx, after, PAGE);
    for (const row of rows)
      if (subjectOf(row) === subject) isLeft = !(await readOne(engine, tx, tenant, row)) || isLeft;
    after = rows.at(-1)?.id ?? null;
    if (rows.length < PAGE) break;
  }
  if (!isLeft) await expireSubject(tx, 'quarantined', subject);
}

function subjectOf({ connection, hook, receivedAt }: QuarantinedSignal): string {
  return unreadSubject({ connection, hook: hook ?? '', receivedAt });
}

async function readOne(engine: Engine, tx: Tx, tenant: string, row: QuarantinedSignal): Promise<boolean> {
  const body = await readPayload(tx, row.payload);
  const events = body === null ? null : eventsOf(body);
  if (events === null) return false;
  // Nobody compared the company when the body could not be read.
  const companies = await hookCompanies(tx, row.connection);
  if (!events.every(({ companyId }) => companies.has(companyId))) return false;
  if (!(await releaseQuarantined(tx, row.id))) return true;
  const at = await engine.systems.get(tenant, row.connection);
  await hear(tx, at, signalsOf(at, events));
  return true;
}

/** The events of a body, or null while any of it cannot be read or stored. */
function eventsOf(body: string): readonly WebhookEvent[] | null {
  let content: JsonValue;
  try {
    content = parseWholeJson(body);
  } catch {
    return null;
  }
  const said = Array.isArray(content) ? content.length : 1;
  const events = webhookEvents(content);
  return said > 0 && events.length === said && events.every(isStorable) ? events : null;
}

/** PostgreSQL has no text with a NUL or half a surrogate in it. */
function isStorable({ dedupeKey }: WebhookEvent): boolean {
  return dedupeKey.isWellFormed() && !dedupeKey.includes('\0');
}
