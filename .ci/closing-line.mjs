// Prints `N passed, N failed` from Vitest's JSON report and exits with 1 unless all is well.
// Runs on any Node, because it must speak even when the installation failed.
import { readFileSync } from 'node:fs';

const [reportFile, faults, testFaults] = process.argv.slice(2);
let passed = 0;
let failed = 0;

try {
  const report = JSON.parse(readFileSync(reportFile, 'utf8'));
  for (const file of report.testResults) {
    const failures = file.assertionResults.filter((test) => test.status === 'failed').length;
    passed += file.assertionResults.filter((test) => test.status === 'passed').length;
    // A file that could not be loaded, or whose hooks failed, has no failed test of its own.
    failed += file.status === 'failed' ? Math.max(1, failures) : failures;
  }
} catch (error) {
  console.log(`No test report: ${error.message}`);
}

// The run can fail although every test passed: no report, an error outside any test.
if (failed === 0 && (passed === 0 || testFaults !== '0')) failed = 1;
// Installation, lint and types count as one failure each.
failed += Number(faults);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
