import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Account } from './account.ts';
import { childEnvironment } from './child-environment.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { stopPostmaster } from './take-over.ts';

/** A started server that answers on 127.0.0.1. */
export interface Postmaster {
  pid: number;
  port: number;
  hasEnded(): boolean;
  stop(): Promise<void>;
}

export interface Launch {
  home: string;
  pgdata: string;
  runtime: string;
  account: Account | undefined;
  log: (line: string) => void;
}

// Another program can take the free port before the server binds it; five times is no accident.
const MAX_ATTEMPTS = 5;
// Recovery after a crash replays the log since the last checkpoint: minutes at most.
const READY_LIMIT_MS = 300_000;
const MAX_LOG_BYTES = 10 * 1024 * 1024;

/** Starts the server on a free loopback port and waits until it accepts connections. */
export async function launch(options: Launch): Promise<Postmaster> {
  const logFile = join(options.home, 'postgres.log');
  await rotate(logFile);
  let said = '';
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const port = await freePort();
    const from = await sizeOf(logFile);
    const child = await spawnServer(options, port, logFile);
    if (await becameReady(child, options.pgdata)) return runningServer(child, port, options.log);
    said = await tail(logFile, from);
    // Backends of a killed server hold its memory until they notice, within about a second, and it counts as running
    // until whoever started it has noticed as well.
    if (!/Address already in use|shared memory block|lock file "postmaster.pid" already exists/.test(said))
      break;
    await pause(500 * attempt);
  }
  throw new Error(
    `The embedded PostgreSQL did not start (log: ${logFile}).\n${said.trim()}\n` +
      'Set DATABASE_URL to use a PostgreSQL of your own.',
  );
}

function serverOptions(pgdata: string, port: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 120,
    // Level "log" leaves out ERROR, whose lines would carry statements with people's data.
    log_min_messages: 'log',
    log_checkpoints: 'off',
    // The shared memory of a container is 64 MB by default, which parallel hash joins exceed.
    max_parallel_workers_per_gather: 0,
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  return ['-D', pgdata, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

async function spawnServer(options: Launch, port: number, logFile: string): Promise<ChildProcess> {
  const output = await open(logFile, 'a', 0o600);
  try {
    const child = spawn(join(options.runtime, 'bin', 'postgres'), serverOptions(options.pgdata, port), {
      ...options.account,
      cwd: '/',
      env: childEnvironment(),
      // Its own session: Ctrl-C must stop the service first and the database after it.
      detached: true,
      // A file and no pipe: writing to the pipe of a dead service would break the server.
      stdio: ['ignore', output.fd, output.fd],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return child;
  } finally {
    await output.close();
  }
}

async function becameReady(child: ChildProcess, pgdata: string): Promise<boolean> {
  const pauseMs = 10;
  for (let waitedMs = 0; waitedMs < READY_LIMIT_MS; waitedMs += pauseMs) {
    if (hasEnded(child)) return false;
    const file = await readPostmasterFile(pgdata);
    if (file?.pid === child.pid && file?.state === 'ready') return true;
    await pause(pauseMs);
  }
  child.kill('SIGINT');
  return false;
}

function runningServer(child: ChildProcess, port: number, log: (line: string) => void): Postmaster {
  const pid = child.pid;
  if (pid === undefined) throw new Error('A started process has no id.');
  let stopping: Promise<void> | undefined;
  child.once('exit', (code, signal) => {
    if (stopping === undefined) log(`The embedded PostgreSQL ended by itself (${signal ?? `code ${code}`}).`);
  });
  return {
    pid,
    port,
    hasEnded: () => hasEnded(child),
    stop() {
      stopping ??= hasEnded(child) ? Promise.resolve() : stopPostmaster(pid, async () => !hasEnded(child));
      return stopping;
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('No free port on 127.0.0.1.');
  return address.port;
}

async function rotate(logFile: string): Promise<void> {
  if ((await sizeOf(logFile)) > MAX_LOG_BYTES) await rename(logFile, `${logFile}.1`);
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function tail(path: string, from: number): Promise<string> {
  const text = (await readFile(path)).subarray(from).toString('utf8');
  return text.slice(-4000);
}
