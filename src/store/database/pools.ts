import pg from 'pg';
import { type ServiceRole, urlFor } from './role-passwords.ts';
import { valueTypes } from './value-types.ts';

/** One pool per role: rows of one tenant (app), lane keys (dispatch), definer functions (door). */
export interface Pools {
  app: pg.Pool;
  dispatch: pg.Pool;
  door: pg.Pool;
  close(): Promise<void>;
}

export interface PoolOptions {
  sizes?: { app: number; dispatch: number; door: number };
  statementTimeoutMs?: number;
  idleInTransactionTimeoutMs?: number;
  /** The server itself then refuses every write. */
  readOnly?: boolean;
  /** Told when a resting connection breaks (failover, restart); the pool has dropped it already. */
  onConnectionLost?: (role: ServiceRole, error: Error) => void;
}

// Together well below the 100 connections of a stock server, leaving room for three processes.
const DEFAULT_SIZES = { app: 16, dispatch: 6, door: 6 };

// A statement that the server itself cancelled is told well within this.
const ANSWER_MARGIN_MS = 2_000;

// Statements are parsed once per connection, but planned for what the tables hold now: a plan kept from when they were
// empty reads them from end to end, which cost a third more CPU after a thousand documents.
const PLANNED_ANEW = '-c plan_cache_mode=force_custom_plan';
const READ_ONLY = '-c default_transaction_read_only=on';

/** Opens the pools of the service; connections are made at first use. */
export function openPools(ownerUrl: string, secret: string, options: PoolOptions = {}): Pools {
  const { sizes = DEFAULT_SIZES, statementTimeoutMs = 60_000 } = options;
  const open = (role: ServiceRole, size: number): pg.Pool => {
    const pool = new pg.Pool({
      connectionString: urlFor(ownerUrl, role, secret),
      application_name: role,
      max: size,
      // No call to an outside system runs inside a transaction, so resting in one is a fault.
      idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 30_000,
      statement_timeout: statementTimeoutMs,
      // A server that was lost without a word (a firewall forgot the connection) cancels nothing and answers
      // nothing: without a limit of our own a worker would wait until the system's keep-alive, two hours later.
      query_timeout: statementTimeoutMs + ANSWER_MARGIN_MS,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      types: valueTypes,
      options: options.readOnly ? `${PLANNED_ANEW} ${READ_ONLY}` : PLANNED_ANEW,
      // Statements that do not need each other's answers travel together; they run one after the other all the same.
      pipeline: true,
    });
    // Without a listener a broken resting connection would end the process. A pool that is closing tells nobody:
    // the embedded server stops right after it and ends the last connections itself.
    pool.on('error', (error) => {
      if (closed === undefined) options.onConnectionLost?.(role, error);
    });
    // The pool stops listening when it hands a connection out, and whoever gets it hears of it a moment later: one
    // that is cut in between would end the process.
    pool.on('connect', (client) => client.on('error', () => {}));
    return pool;
  };
  let closed: Promise<unknown> | undefined;
  const app = open('tiebeam_app', sizes.app);
  const dispatch = open('tiebeam_dispatch', sizes.dispatch);
  const door = open('tiebeam_door', sizes.door);
  return {
    app,
    dispatch,
    door,
    async close() {
      closed ??= Promise.all([app.end(), dispatch.end(), door.end()]);
      await closed;
    },
  };
}
