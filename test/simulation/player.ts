import { parentPort } from 'node:worker_threads';
import { playSeeds } from './totals.ts';

/** One thread of a long run: plays the seeds it is given and answers with their totals. */
parentPort!.on('message', ({ from, count }: { from: number; count: number }) => {
  parentPort!.postMessage(playSeeds(from, count));
});
