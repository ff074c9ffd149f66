import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Shutdown } from './cluster.ts';
import type { Draw } from './draw.ts';
import type { FaultBook } from './fault-book.ts';
import type { Attacked } from './processes.ts';
import { OURS } from './tenants.ts';
import type { World } from './world.ts';

const LEASE_MS = 1_000;
// A rival that waits for its locks each time would hold up everything else of a batch.
const RIVAL_MS = 4_000;

/** What happens to machines while a batch runs: to the database, to its disk, to a worker. */
type MachineFault = {
  readonly id: string;
  readonly atMs: number;
  readonly play: (world: World, workers: readonly Attacked[], book: FaultBook) => Promise<void>;
};

/** Draws which of them this batch sees, and when. */
export function drawMachineFaults(draw: Draw, spanMs: number): readonly MachineFault[] {
  const atMs = () => draw.below(Math.floor(spanMs * 0.9));
  const faults: MachineFault[] = [];
  if (draw.chance(0.5)) faults.push(frozenWorker(atMs(), draw.below(2)));
  if (draw.chance(0.45)) faults.push(restart(atMs(), draw.one(['fast', 'immediate', 'kill'] as const)));
  if (draw.chance(0.4)) faults.push(fullDisk(atMs(), draw.between(400, 1_500)));
  if (draw.chance(0.4)) faults.push(noConnections(atMs(), draw.between(300, 1_200)));
  if (draw.chance(0.5)) faults.push(deadlocks(atMs(), draw.between(10, 25)));
  return faults.sort((a, b) => a.atMs - b.atMs);
}

/** Plays them one after the other: each finds the machine that it hurts standing. */
export async function playMachineFaults(
  faults: readonly MachineFault[],
  world: World,
  workers: readonly Attacked[],
  book: FaultBook,
): Promise<void> {
  const from = performance.now();
  for (const fault of faults) {
    book.planned(fault.id);
    await pause(Math.max(0, fault.atMs - (performance.now() - from)));
    await fault.play(world, workers, book);
  }
}

/** Paused for twice its lease, as a machine that swaps: it wakes with work in hand that another one has taken. */
function frozenWorker(atMs: number, which: number): MachineFault {
  const id = 'D6 frozen worker';
  return {
    id,
    atMs,
    async play({ read }, workers, book) {
      const worker = workers[which % workers.length]!;
      if (worker.hasEnded()) return;
      // With something in hand, if there is anything to have in hand.
      let before = await lanesHeld(read);
      for (let looks = 0; before === 0 && looks < 60; looks += 1) {
        await pause(20);
        before = await lanesHeld(read);
      }
      worker.signal('SIGSTOP');
      book.injected(id);
      await pause(2.2 * LEASE_MS);
      worker.signal('SIGCONT');
      if (before > 0) book.reached(id);
    },
  };
}

async function lanesHeld(read: World['read']): Promise<number> {
  return (await read('select 1 from lane where lease_until > now()')).length;
}

function restart(atMs: number, how: Shutdown): MachineFault {
  const id = `D5 PostgreSQL ended: ${how}`;
  return {
    id,
    atMs,
    async play({ cluster, read }, _workers, book) {
      // In the middle of something, if there is anything to be in the middle of.
      let inTransaction = 0;
      for (let looks = 0; inTransaction === 0 && looks < 60; looks += 1)
        inTransaction = await openTransactions(read).catch(() => 0);
      book.injected(id);
      await cluster.restart(how);
      if (inTransaction > 0) book.reached(id);
    },
  };
}

async function openTransactions(read: World['read']): Promise<number> {
  const rows = await read(
    "select 1 from pg_stat_activity where usename like 'tiebeam%' and state <> 'idle' and datname = current_database()",
  );
  return rows.length;
}

function fullDisk(atMs: number, forMs: number): MachineFault {
  const id = 'D4 disk full';
  return {
    id,
    atMs,
    async play({ cluster: { disk }, read }, _workers, book) {
      if (disk === null) return;
      await disk.fill();
      book.injected(id);
      await pause(forMs);
      // It was full when a table of the service wanted to grow: shown by one that wants to grow now.
      const refused = await read(
        'create table no_room as select repeat(md5(n::text), 100) from generate_series(1, 500) n',
      )
        .then(() => false)
        .catch((error: unknown) => error instanceof pg.DatabaseError && error.code === '53100');
      if (refused) book.reached(id);
      await disk.free();
      await read('drop table if exists no_room');
    },
  };
}

function noConnections(atMs: number, forMs: number): MachineFault {
  const id = 'D4 no connection left';
  return {
    id,
    atMs,
    async play({ database, read }, _workers, book) {
      await read(`alter database ${database.name} connection limit 2`);
      const cut = await read(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename like 'tiebeam%'",
      );
      book.injected(id);
      if (cut.length > 2) book.reached(id);
      await pause(forMs);
      await read(`alter database ${database.name} connection limit -1`);
    },
  };
}

/**
 * A rival takes the head of the audit chain, which the engine takes last, and then documents that the engine holds
 * already. It never gives way: the engine's transaction is the one that is rolled back.
 */
function deadlocks(atMs: number, rounds: number): MachineFault {
  const id = 'D3 deadlock';
  return {
    id,
    atMs,
    async play({ database }, _workers, book) {
      const rival = new pg.Client({ connectionString: database.directUrl() });
      rival.on('error', () => undefined);
      await rival.connect();
      try {
        await rival.query("set deadlock_timeout = '20s'; set lock_timeout = '1500ms'");
        await rival.query("select set_config('tiebeam.tenant', $1, false)", [OURS.tenant]);
        const before = await deadlocksSeen(rival);
        const end = performance.now() + RIVAL_MS;
        for (let round = 0; round < rounds && performance.now() < end; round += 1) {
          book.injected(id);
          await crossLocks(rival).catch(() => rival.query('rollback'));
        }
        // The server's own count, which each of its processes brings up to date at most once a second.
        await pause(1_500);
        book.reached(id, (await deadlocksSeen(rival)) - before);
      } catch {
        // The database was restarted under it; the deadlocks so far are not counted.
      } finally {
        await rival.end().catch(() => undefined);
      }
    },
  };
}

async function crossLocks(rival: pg.Client): Promise<void> {
  await rival.query('begin');
  await rival.query('select 1 from audit_head for update');
  // Until the engine stands behind it, with documents in hand.
  for (let look = 0; look < 20; look += 1) {
    await pause(10);
    const { rowCount } = await rival.query(
      'select 1 from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))',
    );
    if (rowCount !== 0) break;
  }
  await rival.query(
    "select 1 from document where state not in ('confirmed', 'withdrawn', 'detached') order by id for update",
  );
  await rival.query('commit');
}

async function deadlocksSeen(rival: pg.Client): Promise<number> {
  const { rows } = await rival.query<{ deadlocks: string }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  return Number(rows[0]?.deadlocks ?? 0);
}
