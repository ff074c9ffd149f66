import type { Clock } from '../lib/clock.ts';

/** Procore gives up after 5 s and pauses its queue: one second is left for the network. */
export const WEBHOOK_DEADLINE_MS = 4000;

/** One deadline for the whole delivery, from its first header to its answer. */
export interface Deadline {
  /** The work's answer, or 503 when time is up. The work may still commit: the next delivery is a duplicate. */
  race<Answer>(work: Promise<Answer>): Promise<Answer | 503>;
  lift(): void;
}

export function startDeadline(clock: Clock): Deadline {
  const lifted = new AbortController();
  const late = clock.sleep(WEBHOOK_DEADLINE_MS, lifted.signal).then(() => 503 as const);
  late.catch(() => undefined);
  return {
    race(work) {
      // After the deadline nobody waits for the work, and its failure must not end the process.
      work.catch(() => undefined);
      return Promise.race([work, late]);
    },
    lift() {
      lifted.abort();
    },
  };
}
