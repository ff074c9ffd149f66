import { PgBoss } from 'pg-boss';
import { batches, ENQUEUED_AT_ONCE, type Job, type Queue, workLog } from './queue.ts';

const FETCHED_AT_ONCE = 500;
const LOOPS = 4;
const PLAIN = 'plain';
const ORDERED = 'ordered';

/** pg-boss; jobs of one key are kept in order by its strict policy, distinct keys take its standard one. */
export async function pgBoss(connectionString: string): Promise<Queue> {
  const boss = new PgBoss({ connectionString, supervise: false, schedule: false, max: 12 });
  boss.on('error', () => {});
  await boss.start();
  await boss.createQueue(PLAIN);
  await boss.createQueue(ORDERED, { policy: 'key_strict_fifo' });
  return {
    name: 'pg-boss',
    async carry(jobs) {
      const log = workLog(jobs.length);
      const queue = jobs.some(({ seq }) => seq > 0) ? ORDERED : PLAIN;
      const startedMs = performance.now();
      for (const batch of batches(jobs, ENQUEUED_AT_ONCE))
        await boss.insert(
          queue,
          batch.map((data) => ({ data, singletonKey: data.key })),
        );
      let left = jobs.length;
      // Its own loop asks again only after half a second: asking at once is the most that it can do.
      const loop = async () => {
        while (left > 0) {
          const fetched = await boss.fetch<Job>(queue, { batchSize: FETCHED_AT_ONCE });
          for (const { data } of fetched) log.note(data);
          if (fetched.length > 0)
            await boss.complete(
              queue,
              fetched.map(({ id }) => id),
            );
          left -= fetched.length;
        }
      };
      await Promise.all(Array.from({ length: LOOPS }, loop));
      return { seconds: (performance.now() - startedMs) / 1_000, order: log.order };
    },
    stop: () => boss.stop({ graceful: false }),
  };
}
