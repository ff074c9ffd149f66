import type { Connection } from '../connector.ts';
import type { Harness, Target } from './harness.ts';
import type { Opened } from './steps.ts';

/** What a group of promises works with: fresh for each test. */
export type Bench<Config> = {
  readonly harness: Harness<Config>;
  readonly target: () => Target<Config>;
  /** A connection of this test, writable; closed after it. */
  readonly connection: () => Connection;
  /** Another connection of this test, to other settings or through a read-only door. */
  readonly another: (config: Config, writesAllowed?: boolean) => Opened;
};
