import { createHash } from 'node:crypto';
import pg from 'pg';

const lastStatements: unique symbol = Symbol('statements that go with the commit');

/** An open transaction. Only this file makes one, so a store function can't be given a bare pool. */
export type Tx = Pick<pg.ClientBase, 'query'> & { readonly [lastStatements]: string[] };

/**
 * Has a statement run right before the commit and in the same round trip: what it locks is held no longer than the
 * server itself needs. Whatever the transaction still does runs before it, and does not see what it wrote.
 */
export function atCommit(tx: Tx, statement: string): void {
  tx[lastStatements].push(statement);
}

export interface TransactionOptions {
  /** Runs the whole function again, up to 5 times in all, after a deadlock or serialization failure. */
  retry?: boolean;
}

const MAX_ATTEMPTS = 5;
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
const IN_FAILED_TRANSACTION = '25P02';

/** Runs fn in a transaction that sees the rows of this tenant only. */
export function inTenant<T>(
  pool: pg.Pool,
  tenantId: string,
  fn: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  if (tenantId === '') throw new Error('A transaction in a tenant needs the id of the tenant.');
  return transact(pool, fn, options, tenantId);
}

/** Runs fn in a transaction without tenant: for dispatch and door, whose grants need none. */
export function inTransaction<T>(
  pool: pg.Pool,
  fn: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  return transact(pool, fn, options, undefined);
}

/** Runs fn with its one statement, which is a transaction by itself: no BEGIN and COMMIT travel around it. */
export async function inStatement<T>(pool: pg.Pool, fn: (tx: Tx) => Promise<T>): Promise<T> {
  let statements = 0;
  const query = (text: string, values?: unknown[]) => {
    statements += 1;
    if (statements > 1) throw new Error('More than one statement needs a transaction around them.');
    return pool.query(text, values);
  };
  return fn({ query } as unknown as Tx);
}

async function transact<T>(
  pool: pg.Pool,
  fn: (tx: Tx) => Promise<T>,
  options: TransactionOptions,
  tenantId: string | undefined,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(pool, fn, tenantId);
    } catch (error) {
      if (!options.retry || attempt >= MAX_ATTEMPTS || !isTransient(error)) throw error;
    }
  }
}

async function once<T>(pool: pg.Pool, fn: (tx: Tx) => Promise<T>, tenantId: string | undefined): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  const talk = new Talk();
  const lost = () => {
    broken = true;
  };
  // A connection cut between two queries reports here; unheard it would end the process.
  client.on('error', lost);
  try {
    const last: string[] = [];
    const speaks = inOnePacket(client, tenantId === undefined ? spoken(client) : prepared(client));
    // It travels with the first statement. What that one gets to see if this one fails is thrown away.
    const begun = speaks(tenantId === undefined ? 'BEGIN' : beginIn(tenantId));
    const tx = { query: talk.through(speaks), [lastStatements]: last };
    const [result] = await Promise.all([fn(tx as unknown as Tx), begun]);
    talk.isOver = true;
    // PostgreSQL answers COMMIT of a failed transaction with a silent ROLLBACK.
    if ((await lastAnswer(client, [...last, 'COMMIT'])).command !== 'COMMIT') {
      throw new Error(
        'The transaction was rolled back: a statement in it failed and the error was swallowed.',
      );
    }
    return result;
  } catch (error) {
    talk.isOver = true;
    // A server that fell silent would let the ROLLBACK wait as long again: its connection is dropped instead.
    if (isSilence(error)) lost();
    else await client.query('ROLLBACK').catch(lost);
    throw talk.causeOf(error);
  } finally {
    client.off('error', lost);
    client.release(broken);
  }
}

/** Several statements in one text are answered by a list. */
async function lastAnswer(client: pg.PoolClient, statements: readonly string[]): Promise<pg.QueryResult> {
  const answered: pg.QueryResult | pg.QueryResult[] = await client.query(statements.join('; '));
  return Array.isArray(answered) ? answered.at(-1) : answered;
}

/**
 * One statement for both: a document takes eight transactions to post and confirm. The tenant is local to the transaction, so a
 * pooled connection carries none to its next user.
 */
function beginIn(tenantId: string): string {
  return `BEGIN; SELECT set_config('tiebeam.tenant', ${pg.escapeLiteral(tenantId)}, true)`;
}

/**
 * Statements with parameters are parsed and checked once per connection, under a name made from their text: their
 * policies of row-level security cost more to expand than most of them to run.
 */
function prepared(client: pg.PoolClient): Speak {
  return (text, values) =>
    values === undefined
      ? client.query(text)
      : client.query({ name: createHash('sha1').update(text).digest('base64url'), text, values });
}

/** What is said in one go leaves in one packet: half of what a statement costs this process is handing it over. */
function inOnePacket(client: pg.PoolClient, speak: Speak): Speak {
  const { stream } = client.connection;
  let isGathering = false;
  return (text, values) => {
    if (!isGathering) {
      isGathering = true;
      stream.cork();
      process.nextTick(() => {
        isGathering = false;
        stream.uncork();
      });
    }
    return speak(text, values);
  };
}

function spoken(client: pg.PoolClient): Speak {
  return (text, values) => client.query(text, values);
}

type Speak = (text: string, values?: unknown[]) => Promise<pg.QueryResult>;

/** What one transaction says. Several of its statements may be under way at once, and any of them may fail. */
class Talk {
  isOver = false;
  private failure: unknown;

  /**
   * When one failed, the others may be about to go on: what they say then must not reach the connection, which has
   * a new user by now.
   */
  through(speak: Speak): Speak {
    return async (text, values) => {
      if (this.isOver) throw new Error('This transaction is over.');
      try {
        return await speak(text, values);
      } catch (error) {
        this.failure ??= error;
        throw error;
      }
    };
  }

  /** The others only say that the transaction is aborted; whether it may run again is told by the one that failed. */
  causeOf(error: unknown): unknown {
    const isAborted = error instanceof pg.DatabaseError && error.code === IN_FAILED_TRANSACTION;
    return isAborted ? this.failure : error;
  }
}

/** The driver has no type for it: a query that was not answered within `query_timeout`. */
function isSilence(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

function isTransient(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  return error.code === SERIALIZATION_FAILURE || error.code === DEADLOCK;
}

/** The tenant whose rows this transaction sees. */
export async function tenantOf(tx: Tx): Promise<string> {
  const { rows } = await tx.query<{ tenant: string | null }>('select current_tenant() as tenant');
  const tenant = rows[0]?.tenant ?? null;
  if (tenant === null) throw new Error('This transaction has no tenant.');
  return tenant;
}
