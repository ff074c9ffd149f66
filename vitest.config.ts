import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/setup/longest-first.ts';

// Set by .ci/run, which counts the tests from a report and leaves the command `npm test` as it is.
const reportFile = process.env.TIEBEAM_TEST_REPORT;

// These count on the time that a busy machine does not have: they run alone, last.
const timed = [
  'test/attack/half-open.test.ts',
  'test/scenarios/acknowledged.test.ts',
  'test/scenarios/calls.test.ts',
];

// These start processes and servers of their own and use every core by themselves.
const attacks = [
  'test/attack/**/*.test.ts',
  'test/mutants/**/*.test.ts',
  'test/simulation/**/*.test.ts',
  'test/scenarios/demo-once.test.ts',
];

const common = {
  globalSetup: ['test/setup/postgres.ts'],
  // A machine that is shared may be several times slower than usual; what hangs is found out all the same.
  testTimeout: 120_000,
  hookTimeout: 180_000,
};

export default defineConfig({
  test: {
    reporters: reportFile === undefined ? ['default'] : ['default', ['json', { outputFile: reportFile }]],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...common,
          name: 'tests',
          include: ['src/**/*.test.ts', 'web/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...attacks, ...timed],
          // No module keeps state, so files share a process and what it has loaded: half of the time went into loading.
          isolate: false,
          // A story waits as long as it works: three of them keep two cores busy.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'attacks',
          include: attacks,
          exclude: timed,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...common,
          name: 'timed',
          include: timed,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
