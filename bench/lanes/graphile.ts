import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { batches, ENQUEUED_AT_ONCE, type Queue, workLog } from './queue.ts';

const silent = new Logger(() => () => {});

/**
 * What its page on performance says: 24 jobs at once, prepared statements; for jobs without order a local queue and
 * completions in batches. Named queues are faster without those: a local queue takes one job of each and then waits
 * for the next poll.
 */
const settings = (connectionString: string, ordered: boolean) => ({
  worker: {
    connectionString,
    concurrentJobs: 24,
    maxPoolSize: 25,
    pollInterval: 1_000,
    preparedStatements: true,
    ...(ordered ? {} : { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }),
    // One line for each job would be most of what is measured.
    logger: silent,
  },
});

/** graphile-worker; jobs of one key are kept in order by a named queue, distinct keys need none. */
export async function graphileWorker(connectionString: string, ordered: boolean): Promise<Queue> {
  let log = workLog(0);
  const utils = await makeWorkerUtils({ connectionString, logger: silent });
  await utils.migrate();
  const runner = await run({
    preset: settings(connectionString, ordered),
    noHandleSignals: true,
    taskList: {
      async job(payload) {
        log.note(payload as { key: string; seq: number });
      },
    },
  });
  return {
    name: 'graphile-worker',
    async carry(jobs) {
      log = workLog(jobs.length);
      const startedMs = performance.now();
      for (const batch of batches(jobs, ENQUEUED_AT_ONCE))
        await utils.addJobs(
          batch.map((payload) => ({
            identifier: 'job',
            payload,
            ...(ordered ? { queueName: payload.key } : {}),
          })),
        );
      await log.whenAll;
      await utils.withPgClient(async (client) => {
        for (;;) {
          const { rows } = await client.query('select 1 from graphile_worker.jobs limit 1');
          if (rows.length === 0) return;
        }
      });
      return { seconds: (performance.now() - startedMs) / 1_000, order: log.order };
    },
    async stop() {
      await runner.stop();
      await utils.release();
    },
  };
}
