import { defineConfig } from 'vitest/config';

// Set by .ci/run, which counts the tests from a report and leaves the command `npm test` as it is.
const reportFile = process.env.TIEBEAM_TEST_REPORT;

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'web/src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/setup/postgres.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    reporters: reportFile === undefined ? ['default'] : ['default', ['json', { outputFile: reportFile }]],
  },
});
