import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FailPointName } from '../../src/lib/fail-point.ts';
import { COMPILED } from '../setup/compiled.ts';
import type { Deed } from './worker-process.ts';
import type { World } from './world.ts';

export type Child = {
  /** How the process ended (the signal that killed it, else its exit code), and what it said last. */
  readonly ended: Promise<{ readonly by: string | number | null; readonly said: string }>;
  readonly said: () => string;
  readonly signal: (signal: 'SIGTERM' | 'SIGCONT' | 'SIGKILL') => void;
};

type ChildWish = {
  readonly failAt?: FailPointName;
  /** It is paused there, as a machine that swaps or a long garbage collection would, and not killed. */
  readonly sleeps?: boolean;
  readonly deed?: Deed;
};

/** Starts a worker in a process of its own; it dies at the fail-point, or does one deed and ends. */
export function startChild(world: World, { failAt, sleeps = false, deed }: ChildWish = {}): Child {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'worker-process.ts')], {
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: COMPILED,
      TEST_OWNER_URL: world.db.ownerUrl,
      ...(failAt === undefined ? {} : { TIEBEAM_FAIL_AT: failAt }),
      ...(sleeps ? { TEST_SLEEPS: '1' } : {}),
      ...(deed === undefined ? {} : { TEST_DEED: JSON.stringify(deed) }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (part) => {
    said += String(part);
  });
  // After 'close' and not after 'exit': only then everything it said has been read.
  const ended = once(child, 'close').then(([code, signal]) => ({
    by: (signal ?? code) as string | number | null,
    said,
  }));
  return { ended, said: () => said, signal: (signal) => child.kill(signal) };
}

/** Waits for the end of a child. One that lives longer than it may is ended with another signal than its own. */
export async function endOf(child: Child, timeoutMs = 60_000): ReturnType<() => Child['ended']> {
  const timer = setTimeout(() => child.signal('SIGTERM'), timeoutMs);
  const end = await child.ended;
  clearTimeout(timer);
  return end;
}
