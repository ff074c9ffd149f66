import pg from 'pg';
import { Deadlines } from '../../lib/deadlines.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';
import { endOfTurn } from '../../lib/end-of-turn.ts';
import { webhookEvents } from '../../procore/events/webhooks.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { type HeardGroup, type HeardSignal, receiveGroups } from '../../store/intake/hook-door.ts';
import { receiveFoundSignals } from '../../store/intake/signal.ts';
import { wakeLanes } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { sourceLane } from '../lanes.ts';
import { GroupCommit } from './group-commit.ts';
import { signalsOf } from './heard.ts';
import { type KeepUnread, openUnread } from './unread.ts';

/** One webhook body under a hook that proved itself by the secret of this SHA-256 (hex). */
export type Delivery = {
  readonly tenant: string;
  readonly connection: string;
  readonly hook: string;
  readonly secretHash: string;
  readonly body: string;
  /** The body as it was read. */
  readonly content: JsonValue;
};

/**
 * What became of a delivery: stored with its signals; kept apart for a person, because not all of it can be read or
 * held; refused, because the hook was disabled meanwhile; or not taken in, because too much waits already.
 */
export type Received = 'stored' | 'kept-apart' | 'refused' | 'too-busy';

// Some hundred rows are written in the time of one flush; the bytes keep one statement small, and memory flat.
const BOUNDS = {
  items: 500,
  bytes: 8 * 1024 * 1024,
  waitingItems: 20_000,
  waitingBytes: 64 * 1024 * 1024,
} as const;
// Waiting for a database that does not answer helps nobody: every sender was answered 503 by then.
const WRITE_WITHIN_MS = 5_000;
const MAX_TRIES = 5;
const DATA_EXCEPTION = /^22/;
const TRANSIENT = new Set(['40001', '40P01']);

/** The way in for webhooks. The answer resolves when everything is committed, and not before. */
export function openIntake(
  engine: Engine,
  keepUnread: KeepUnread = openUnread(engine),
): (delivery: Delivery) => Promise<Received> {
  const deadlines = new Deadlines(engine.clock, WRITE_WITHIN_MS);
  const commits = new GroupCommit<Heard, Received>({
    bounds: BOUNDS,
    bytesOf: ({ delivery }) => delivery.body.length,
    write: (heard) => inTime(deadlines, write(engine, heard)),
    heardAll: endOfTurn,
    isOneAtFault: isDataException,
  });
  return async (delivery) => {
    const { tenant, connection } = delivery;
    const at = engine.systems.peek(tenant, connection) ?? (await engine.systems.get(tenant, connection));
    const heard = heardOf(at, delivery);
    try {
      const received = await (commits.add(heard) ?? 'too-busy');
      if (received !== 'stored') return received;
      engine.failPoint('after-signal');
    } catch (error) {
      if (!isDataException(error)) throw error;
      // Such an id (a NUL, half a surrogate) would come again for twelve hours and block what follows.
      return keepApart(keepUnread, delivery, 'The ids in the body cannot be stored.');
    }
    return heard.isUnderstood
      ? 'stored'
      : keepApart(keepUnread, delivery, 'The body does not hold only events that are known.');
  };
}

type Heard = {
  readonly delivery: Delivery;
  readonly account: string;
  readonly signals: readonly HeardSignal[];
  readonly isUnderstood: boolean;
};

function heardOf(at: OpenConnection, delivery: Delivery): Heard {
  const { content } = delivery;
  const events = webhookEvents(content);
  const isUnderstood = events.length === (Array.isArray(content) ? content.length : 1);
  return { delivery, account: at.account, signals: signalsOf(at, events), isUnderstood };
}

/** A connection that hangs must not hold up those who come after: what it was writing counts as not written. */
function inTime<Answer>(deadlines: Deadlines, work: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const deadline = deadlines.start(() =>
      reject(new Error('the database did not take in webhooks in time')),
    );
    void work.then(resolve, reject).finally(() => deadlines.lift(deadline));
  });
}

async function write(engine: Engine, heard: readonly Heard[]): Promise<Received[]> {
  const groups = new Map<string, HeardGroup>();
  const groupOfEach = heard.map(({ delivery, account, signals, isUnderstood }) => {
    const key = `${delivery.hook}|${delivery.secretHash}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { hook: delivery.hook, secret: delivery.secretHash, account, bodies: [], signals: [] };
      groups.set(key, group);
    }
    if (!isUnderstood) group.bodies.push(delivery.body);
    group.signals.push(...signals);
    return group;
  });
  const admitted = await again(() => receiveGroups(engine.pools.door, groups.values()));
  return groupOfEach.map((group) => (admitted.has(group) ? 'stored' : 'refused'));
}

/** All of it once more after a deadlock: what is written down already is a duplicate. */
async function again<T>(run: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await run();
    } catch (error) {
      if (tried >= MAX_TRIES || !(error instanceof pg.DatabaseError && TRANSIENT.has(error.code ?? '')))
        throw error;
    }
  }
}

function isDataException(error: unknown): boolean {
  return error instanceof pg.DatabaseError && DATA_EXCEPTION.test(error.code ?? '');
}

async function keepApart(keepUnread: KeepUnread, delivery: Delivery, reason: string): Promise<Received> {
  const { tenant, connection, hook, body } = delivery;
  await keepUnread({ tenant, connection, hook, body, reason });
  return 'kept-apart';
}

/** Requests that a sweep found: the same signals as those of webhooks, once each. */
export async function receiveFound(tx: Tx, at: OpenConnection, requests: readonly string[]): Promise<void> {
  // Each look finds again what is not answered yet, hundreds of them where somebody exports a whole list.
  const found = requests.map((nativeId) => ({ nativeId, dedupeKey: `request:${nativeId}` }));
  const fresh = await receiveFoundSignals(tx, at.id, 'erp-request', found);
  // All of them in one go, which takes their rows in the order that the door takes them in.
  if (fresh.length > 0)
    await wakeLanes(
      tx,
      fresh.map((nativeId) => sourceLane(at, 'erp-request', nativeId)),
    );
}
