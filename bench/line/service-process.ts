import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Connections } from './company.ts';
import type { Answers } from './service.ts';

const START_DEADLINE_MS = 60_000;
const ANSWER_DEADLINE_MS = 30_000;

export type ServiceProcess = {
  readonly hookUrl: string;
  readonly hookSecret: string;
  readonly ask: <What extends keyof Answers>(what: What) => Promise<Answers[What]>;
  readonly stop: () => Promise<void>;
};

/** Starts the service of the bench; with a folder for it, the process writes its CPU profile there. */
export async function startService(
  config: Connections,
  dataDir: string,
  profileDir: string | undefined,
): Promise<ServiceProcess> {
  const hookSecret = randomBytes(24).toString('base64url');
  const profile = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
  const args = [JSON.stringify(config), dataDir, hookSecret];
  const child = fork(resolve(import.meta.dirname, 'service.ts'), args, {
    execArgv: ['--expose-gc', ...profile],
  });
  const waiting = new Map<number, (answer: unknown) => void>();
  child.on('message', (message: { readonly id: number; readonly answer: unknown }) => {
    waiting.get(message.id)?.(message.answer);
    waiting.delete(message.id);
  });
  const ended = new Promise<never>((_resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
  });
  ended.catch(() => {});
  const answerTo = (id: number, deadlineMs: number) => {
    const late = AbortSignal.timeout(deadlineMs);
    return Promise.race([
      ended,
      new Promise<unknown>((done, fail) => {
        waiting.set(id, done);
        late.addEventListener('abort', () => fail(new Error('the service did not answer in time')));
      }),
    ]);
  };
  let asked = 0;
  const ask: ServiceProcess['ask'] = async (what) => {
    asked += 1;
    const answer = answerTo(asked, ANSWER_DEADLINE_MS);
    child.send({ id: asked, what });
    return (await answer) as never;
  };
  const hookUrl = String(await answerTo(0, START_DEADLINE_MS));
  return {
    hookUrl,
    hookSecret,
    ask,
    async stop() {
      await ask('stop').catch(() => child.kill('SIGKILL'));
      await ended.catch(() => {});
    },
  };
}
