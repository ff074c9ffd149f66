// Prints `N passed, N failed` from Vitest's JSON report and exits with 1 unless all is well.
// Runs on any Node, because it must speak even when the installation failed.
import { readFileSync } from 'node:fs';

const [reportFile, faultText] = process.argv.slice(2);
const faults = Number(faultText);
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

// Lint, types, installation and errors outside any test count as failures too.
failed = Math.max(failed, faults);
if (passed === 0 && failed === 0) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
