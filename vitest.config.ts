import { defineConfig } from 'vitest/config';

// Set by .ci/run, which counts the tests from a report and leaves the command `npm test` as it is.
const reportFile = process.env.TIEBEAM_TEST_REPORT;

// These use every core by themselves, or count on the time that a busy machine does not have: they run alone, last.
const attacks = [
  'test/attack/**/*.test.ts',
  'test/mutants/**/*.test.ts',
  'test/simulation/**/*.test.ts',
  'test/scenarios/acknowledged.test.ts',
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
    projects: [
      {
        test: {
          ...common,
          name: 'tests',
          include: ['src/**/*.test.ts', 'web/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: attacks,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'attacks',
          include: attacks,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
