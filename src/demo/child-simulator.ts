import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

const SOURCE = resolve(import.meta.dirname, '..');
const START_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 3_000;

export type ChildSimulator = { readonly url: string; readonly stop: () => Promise<void> };

/** Starts a simulator's main as a process of its own and waits until it says where it listens. */
export async function startChild(main: string, port = 0): Promise<ChildSimulator> {
  const args = [resolve(SOURCE, main), '--port', String(port), '--exit-with-parent'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
  const stop = async () => {
    child.stdin.end();
    child.kill('SIGTERM');
    const giveUp = new AbortController();
    await Promise.race([ended, wait(STOP_DEADLINE_MS, undefined, { signal: giveUp.signal }).catch(() => {})]);
    giveUp.abort();
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  };
  // A parent that is leaving must not fail on the pipe of a child that left first.
  child.stdin.on('error', () => {});
  try {
    return { url: await addressOf(child.stdout, ended, main), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function addressOf(output: NodeJS.ReadableStream, ended: Promise<void>, main: string): Promise<string> {
  const lines = createInterface({ input: output });
  const giveUp = new AbortController();
  const first = new Promise<string>((done) => lines.once('line', done));
  const line = await Promise.race([
    first,
    ended.then(() => null),
    wait(START_DEADLINE_MS, null, { signal: giveUp.signal }).catch(() => null),
  ]);
  giveUp.abort();
  if (line === null) throw new Error(`${main} did not start within ${START_DEADLINE_MS} ms`);
  const said: unknown = JSON.parse(line);
  const url = said !== null && typeof said === 'object' ? Reflect.get(said, 'listening') : null;
  if (typeof url !== 'string') throw new Error(`${main} did not say where it listens`);
  return url;
}
