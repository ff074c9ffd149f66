import { endOfTurn } from '../../lib/end-of-turn.ts';
import { lockSubject, openEvidence, openReview, type StoredReview } from '../../store/documents/review.ts';
import { quarantineBodies, type UnreadBody } from '../../store/intake/quarantined-signal.ts';
import type { Engine } from '../engine.ts';
import { step } from '../step.ts';
import { GroupCommit } from './group-commit.ts';

type Unread = UnreadBody & { readonly tenant: string };
type Keeping = Pick<Engine, 'pools' | 'clock' | 'newId'>;

/** Keeps a webhook body that cannot be read; resolves when that is committed. */
export type KeepUnread = (unread: Unread) => Promise<void>;

// Whoever sends what nobody can read sends a lot of it, and one question counts all of it.
const BOUNDS = {
  items: 500,
  bytes: 8 * 1024 * 1024,
  waitingItems: 20_000,
  waitingBytes: 64 * 1024 * 1024,
} as const;

/**
 * The way in for webhooks that cannot be read. They are acknowledged, because refusing one would pause the sender's
 * whole queue; so an engineer is asked instead, once a day for each hook, with how many came.
 */
export function openUnread(engine: Keeping): KeepUnread {
  const commits = new GroupCommit<Unread, { readonly failed: unknown } | null>({
    bounds: BOUNDS,
    bytesOf: ({ body }) => body.length,
    write: (unread) => keepAll(engine, unread),
    heardAll: endOfTurn,
    isOneAtFault: () => false,
  });
  return async (unread) => {
    const kept = commits.add(unread);
    if (kept === null) throw new Error('too many webhooks that cannot be read wait to be kept');
    const trouble = await kept;
    if (trouble !== null) throw trouble.failed;
  };
}

/** Those of one hook stand or fall together, and with no other's. */
async function keepAll(engine: Keeping, unread: readonly Unread[]) {
  const byHook = Map.groupBy(unread, ({ tenant, hook }) => `${tenant} ${hook}`);
  const troubles = new Map<Unread, { readonly failed: unknown }>();
  for (const bodies of byHook.values()) {
    try {
      await keepTogether(engine, bodies);
    } catch (failed) {
      for (const body of bodies) troubles.set(body, { failed });
    }
  }
  return unread.map((body) => troubles.get(body) ?? null);
}

async function keepTogether(engine: Keeping, bodies: readonly Unread[]): Promise<void> {
  const { tenant, connection, hook } = bodies[0]!;
  const subject = unreadSubject({ connection, hook, receivedAt: engine.clock.now() });
  await step(engine, tenant, async (tx) => {
    await lockSubject(tx, subject);
    const fresh = await quarantineBodies(tx, bodies);
    const last = fresh.at(-1);
    if (last === undefined) return;
    const { reason } = last;
    const asked = await openEvidence(tx, 'quarantined', subject);
    const count = Number(asked?.count ?? 0) + fresh.length;
    await openReview(tx, {
      id: engine.newId(),
      kind: 'quarantined',
      subject,
      document: null,
      title: count === 1 ? 'A webhook could not be read' : `${count} webhooks could not be read`,
      question: `They came under the hook ${hook} and are kept; nothing was done because of them. The last one: ${reason} Once a version is installed that reads them, try again; the regular looks find what they were about meanwhile.`,
      evidence: { connection, hook, count, reason },
      role: 'engineer',
    });
  });
}

const UNREAD = 'unread:';

export function isAboutUnread({ kind, subject }: Pick<StoredReview, 'kind' | 'subject'>): boolean {
  return kind === 'quarantined' && subject.startsWith(UNREAD);
}

/** One question for each hook and day. */
export function unreadSubject(row: {
  readonly connection: string;
  readonly hook: string;
  readonly receivedAt: Date;
}): string {
  return `${UNREAD}${row.connection}:${row.hook}:${row.receivedAt.toISOString().slice(0, 10)}`;
}
