// Prints `<N> passed, <M> failed` from vitest's JSON report and the number of other failures, and fails if anything did.
import { readFileSync } from 'node:fs';

/** A file that could not be run at all has no test that failed, and is a failure all the same. */
function count({ numPassedTests, numFailedTests, testResults, success }) {
  const broken = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = numFailedTests + broken.length;
  // An error outside of any test fails a run as well.
  return { passed: numPassedTests, failed: success ? failed : Math.max(failed, 1) };
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, testResults: [], success: false };
  }
}

const [report, others = '0'] = process.argv.slice(2);
const { passed, failed: failedTests } = count(readReport(report));
const failed = failedTests + Number(others);
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
