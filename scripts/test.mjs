// `npm test`: all tests. Works in a fresh clone; arguments go to vitest, e.g. `npm test -- packages/cli`.
// PUSHFLEET_TEST_REPORT names a file to write the results to as JSON, besides the report for people.
import { environment, prepareWorkspace, root, runPinned } from './workspace.mjs';

prepareWorkspace();
process.chdir(root);
const report = environment.PUSHFLEET_TEST_REPORT;
const reporters = report ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : [];
runPinned(['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...process.argv.slice(2)]);
