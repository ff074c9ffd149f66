import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { COMPILED } from '../setup/compiled.ts';
import type { Order } from './attacked-process.ts';

/** A process of the product under attack. */
export type Attacked = {
  readonly pid: number;
  readonly begin: (order: Omit<Extract<Order, { do: 'begin' }>, 'do'>) => Promise<void>;
  readonly dieAt: (point: string) => void;
  readonly signal: (signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT') => void;
  /** What it wrote into its log so far, line by line. */
  readonly logged: () => readonly string[];
  readonly hasEnded: () => boolean;
  /** How it ended, with what it said on its way. */
  readonly ended: Promise<{ readonly by: string | number | null; readonly said: string }>;
};

const START_LIMIT_MS = 60_000;

/** Starts one that has loaded the product and waits to be told to begin: starting is the slow part of a kill. */
export function startAttacked(): Attacked {
  const child = fork(join(import.meta.dirname, 'attacked-process.ts'), {
    // What a test runner gave its own process is none of the product's business.
    execArgv: [],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, TIEBEAM_TEST_LOG: 'info' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  child.stdout?.on('data', (part) => {
    said += String(part);
  });
  const logged = heardFrom(child.stderr!);
  // A child that was killed takes no more orders; that it is dead is told by `ended`.
  child.on('error', () => undefined);
  const ready = word(child, 'ready');
  ready.catch(() => undefined);
  // After 'close' and not after 'exit': only then everything it said has been read.
  const ended = once(child, 'close').then(([code, signal]) => ({
    by: (signal ?? code) as string | number | null,
    said,
  }));
  const tell = (order: Order) => {
    if (child.connected) child.send(order, () => undefined);
  };
  return {
    pid: child.pid!,
    async begin(order) {
      await ready;
      const begun = word(child, 'begun');
      tell({ do: 'begin', ...order });
      await begun;
    },
    dieAt: (point) => tell({ do: 'die-at', point }),
    signal: (signal) => void child.kill(signal),
    logged: () => logged,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    ended,
  };
}

/** Keeps the lines of a log; what is none, such as the last words of a process that broke, is shown. */
function heardFrom(output: NodeJS.ReadableStream): readonly string[] {
  const lines: string[] = [];
  createInterface({ input: output }).on('line', (line) => {
    if (line.startsWith('{')) lines.push(line);
    else process.stderr.write(`${line}\n`);
  });
  return lines;
}

function word(child: ChildProcess, wanted: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(new Error(`no "${wanted}" was heard`)), START_LIMIT_MS);
    const heard = (message: unknown) => {
      if (message === wanted) settle(null);
    };
    const left = () => settle(new Error(`it ended before "${wanted}"`));
    const settle = (error: Error | null) => {
      clearTimeout(timer);
      child.off('message', heard);
      child.off('exit', left);
      if (error === null) resolve();
      else reject(error);
    };
    child.on('message', heard);
    child.once('exit', left);
  });
}
