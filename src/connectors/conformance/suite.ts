import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import type { Bench } from './bench.ts';
import { promisesOfFiles } from './files.ts';
import type { Harness, Target } from './harness.ts';
import { promisesOfInvoices } from './invoices.ts';
import { promisesOfJournal } from './journal.ts';
import { promisesOfLists } from './lists.ts';
import { promisesOfMasters } from './masters.ts';
import { promisesOfPayments } from './payments.ts';
import { promisesOfReads } from './reads.ts';
import { promisesOfRequisitions } from './requisitions.ts';
import { promisesOfStandingOrders } from './standing-orders.ts';
import { type Opened, open } from './steps.ts';
import { promisesOfTrouble } from './trouble.ts';
import { promisesOfUpdates } from './updates.ts';
import { promisesOfWrites } from './writes.ts';

/** The promises that every connector keeps. They are all that the posting engine relies on. */
export function conformance<Config>(name: string, harness: Harness<Config>): void {
  describe(`${name} keeps the promises of a connector`, () => {
    let target: Target<Config> | undefined;
    let opened: Opened[] = [];

    beforeAll(async () => {
      target = await harness.start();
    });
    afterAll(async () => {
      await target?.stop();
    });
    beforeEach(async () => {
      await bench.target().reset();
      bench.another(bench.target().config);
    });
    afterEach(async () => {
      await Promise.all(opened.map(({ close }) => close()));
      opened = [];
    });

    const bench: Bench<Config> = {
      harness,
      target() {
        if (!target) throw new Error('the simulator did not start');
        return target;
      },
      connection() {
        const [first] = opened;
        if (!first) throw new Error('no connection is open');
        return first.connection;
      },
      another(config, writesAllowed = true) {
        const another = open(harness.connector, config, writesAllowed);
        opened.push(another);
        return another;
      },
    };

    promisesOfWrites(bench);
    promisesOfUpdates(bench);
    promisesOfTrouble(bench);
    promisesOfReads(bench);
    promisesOfLists(bench);
    promisesOfInvoices(bench);
    promisesOfFiles(bench);
    promisesOfJournal(bench);
    promisesOfPayments(bench);
    promisesOfMasters(bench);
    promisesOfStandingOrders(bench);
    promisesOfRequisitions(bench);
  });
}
