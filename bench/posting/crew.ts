import { setTimeout as wait } from 'node:timers/promises';
import type { Stage, WorkerProcess } from './stage.ts';

type Settings = NonNullable<Parameters<Stage['startWorker']>[0]>;

export type Crew = {
  /** Kills whoever serves the ERP, so many times with that pause; `ended` tells how many it were. */
  readonly killEvery: (gapMs: number, times: number) => { readonly ended: () => Promise<number> };
  readonly stop: () => Promise<void>;
};

/** Two workers on one database, as an installation runs them that must not stand still: one works, one waits. */
export async function startCrew(stage: Stage, settings: Settings): Promise<Crew> {
  const workers: WorkerProcess[] = [await stage.startWorker(settings)];
  await wait(settings.leaseMs);
  workers.push(await stage.startWorker(settings));

  async function killFirst(): Promise<void> {
    // The one that has worked longest holds the accounts: the others only wait for its leases.
    await workers.shift()!.kill();
    workers.push(await stage.startWorker(settings));
  }

  return {
    killEvery(gapMs, times) {
      const storm = (async () => {
        for (let kill = 0; kill < times; kill += 1) {
          await wait(gapMs);
          await killFirst();
        }
        return times;
      })();
      return { ended: () => storm };
    },
    async stop() {
      for (const worker of workers) await worker.stop();
    },
  };
}
